import { digest } from "../src/digest/digest";
import { openEnvelope } from "../src/digest/open";
import { type Prepared, prepare } from "../src/digest/prepare";
import { reasonOf } from "../src/platform/logger";
import { recordLag } from "../src/stats/lag";
import { consumer, type Failure } from "./consume";

/** Accepted envelopes become issues and events. A message that cannot be read fails alone. */
export const envelopes = consumer("envelopes", async (deps, messages) => {
  const takenAt = +deps.now();
  const failures: Failure[] = [];
  const batch: Prepared[] = [];
  for (const [index, message] of messages.entries()) {
    try {
      const envelope = await openEnvelope(deps, message);
      if (envelope) batch.push(prepare(message.meta, envelope));
      else deps.log("info", "a parked envelope was digested before", { id: message.meta.id });
    } catch (error) {
      failures.push({ index, error });
    }
  }
  await digest(deps, batch);
  const oldest = Math.min(...messages.map(({ meta }) => meta.receivedAt));
  const noted = recordLag(deps, oldest, takenAt);
  const failed = new Set(failures.map(({ index }) => index));
  const parked = messages.flatMap(({ meta }, index) =>
    meta.blob && !failed.has(index) ? [meta.blob] : [],
  );
  try {
    await deps.blobs.delete(parked);
  } catch (error) {
    deps.log("warn", "parked bodies wait for retention", { reason: reasonOf(error) });
  }
  await noted;
  return failures;
});
