import { packEnvelope } from "../../queues/catalog";
import { uuidv7 } from "../../src/platform/ids";
import { envelopeOf } from "./corpus";
import type { Servers } from "./servers";

/** Envelopes of the corpus in batches, as a queue hands them to a consumer, for the project of the servers. */
export async function batchesOf(
  servers: Servers,
  seed: string,
  { batches, size, isOnG2Alone }: { batches: number; size: number; isOnG2Alone?: true },
) {
  const { rows } = await servers.sql.query("select id, org_id from projects limit 1");
  return Array.from({ length: batches }, (_, batch) =>
    Array.from({ length: size }, (__, index) => {
      const receivedAt = Date.now();
      const { body } = envelopeOf(seed, batch * size + index);
      const meta = {
        v: 1 as const,
        id: uuidv7(receivedAt),
        receivedAt,
        door: "envelope" as const,
        encoding: "gzip",
        projectId: Number(rows[0].id),
        orgId: Number(rows[0].org_id),
        scrubDefaults: true,
        scrubIpAddresses: false,
        ...(isOnG2Alone && { isOnG2Alone }),
      };
      const message = packEnvelope({ meta, body: new Uint8Array(body) });
      return { id: `${batch}-${index}`, timestamp: new Date(), body: message, attempts: 1 };
    }),
  );
}
