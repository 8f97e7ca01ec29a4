import { type AcceptedEnvelope, packEnvelope } from "../queues/catalog";
import { uuidv7 } from "../src/platform/ids";
import type { Delivered } from "./control";
import type { Stack, Tenant } from "./harness";

/** A message as the edge would have queued it. */
export function messageOf(
  { projectId, orgId }: Pick<Tenant, "projectId" | "orgId">,
  body: string,
  meta: Partial<AcceptedEnvelope> = {},
): Uint8Array {
  const receivedAt = meta.receivedAt ?? Date.now();
  return packEnvelope({
    meta: {
      v: 1,
      id: uuidv7(receivedAt),
      receivedAt,
      door: "envelope",
      projectId,
      orgId,
      scrubDefaults: true,
      scrubIpAddresses: false,
      encoding: null,
      ...meta,
    },
    body: new TextEncoder().encode(body),
  });
}

/** Hands messages to the consumer directly, as one batch, and tells what became of each. */
export const deliverTo = (
  stack: Stack,
  messages: Uint8Array[],
  { attempts = 1, sentAt = new Date() }: { attempts?: number; sentAt?: Date } = {},
): Promise<Delivered> => stack.control.deliver("envelopes", messages, { attempts, sentAt });
