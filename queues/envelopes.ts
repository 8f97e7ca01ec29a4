import { digest } from "../src/digest/digest";
import { openEnvelope } from "../src/digest/open";
import { type Prepared, prepare } from "../src/digest/prepare";
import { rulesOf } from "../src/digest/rules";
import { Fault } from "../src/fault";
import { reasonOf } from "../src/platform/logger";
import { recordBatch } from "../src/stats/lag";
import { wasDigested } from "../src/stats/outcomes";
import type { AcceptedEnvelope } from "./catalog";
import { consumer } from "./consume";

type Task = { meta: AcceptedEnvelope; prepared: Prepared; bytes: number; takenAt: number };

/** Accepted envelopes become issues and events. A message that cannot be read fails alone. */
export const envelopes = consumer("envelopes", {
  prepare: async (deps, message): Promise<Task> => {
    const { meta } = message;
    const takenAt = +deps.now();
    const envelope = await openEnvelope(deps, message);
    if (envelope) {
      const prepared = prepare(meta, envelope, await rulesOf(deps, meta));
      return { meta, prepared, bytes: envelope.bytes, takenAt };
    }
    if (!(await wasDigested(deps, meta))) {
      throw new Fault("gone", "The parked body is missing, and it was never digested.");
    }
    deps.log("info", "a parked envelope was digested before", { id: meta.id });
    const prepared = { messageId: meta.id, rows: new Map(), outcomes: [] };
    return { meta, prepared, bytes: 0, takenAt };
  },

  bytesOf: ({ bytes }) => bytes,

  commit: async (deps, tasks, turn) => {
    const parked = tasks.flatMap(({ meta }) => (meta.blob ? [{ ...meta, blob: meta.blob }] : []));
    await digest(
      deps,
      tasks.map(({ prepared }) => prepared),
      { parked, turn },
    );
    const noted = recordBatch(
      deps,
      tasks.map(({ meta: { orgId, projectId, receivedAt }, takenAt }) => ({
        orgId,
        projectId,
        receivedAt,
        takenAt,
      })),
    );
    try {
      await deps.blobs.delete(parked.map(({ blob }) => blob));
    } catch (error) {
      deps.log("warn", "parked bodies wait for retention", { reason: reasonOf(error) });
    }
    await noted;
  },
});
