import type { Deps } from "../deps";
import { notFound } from "../fault";
import { reasonOf } from "../platform/logger";
import { boundedMemory } from "../platform/memory";
import { type Pulse, readPulse } from "../platform/pulse";
import { minuteMs } from "../protocol/durations";
import { mintPulseTicket, orgIdOfTicket } from "../protocol/pulse-ticket";

/** Who leaves an organization may see for so long that something happens there, not what. */
const ticketMs = 15 * minuteMs;

/** Where an open page asks whether something of an organization changed; undefined without a secret to sign with. */
export function pulseAddressOf(
  { config, now }: Pick<Deps, "config" | "now">,
  orgId: number,
): { url: string; expiresAt: string } | undefined {
  if (!config.authSecret) return undefined;
  const expiresAt = new Date(+now() + ticketMs);
  const ticket = mintPulseTicket(config.authSecret, orgId, expiresAt);
  return {
    url: `${config.publicUrl}/api/pulse/${ticket}/`,
    expiresAt: expiresAt.toISOString(),
  };
}

/** However many pages ask an isolate, it asks Redis twice a second for each organization. */
const keptMs = 500;
const rememberedMax = 1000;
const remembered = boundedMemory<number, { pulse: Pulse; at: number }>(rememberedMax);

/** The pulse that a ticket lets read; undefined while Redis cannot be asked. Faults: not_found. */
export async function readPulseBy(deps: Deps, ticket: string): Promise<Pulse | undefined> {
  const now = deps.now();
  const { authSecret } = deps.config;
  const orgId = authSecret ? orgIdOfTicket(authSecret, ticket, now) : undefined;
  if (orgId === undefined) throw notFound();
  const known = remembered.get(orgId);
  if (known && +now - known.at < keptMs) return known.pulse;
  try {
    const pulse = await readPulse(deps, orgId);
    remembered.set(orgId, { pulse, at: +now });
    return pulse;
  } catch (error) {
    deps.log("info", "a pulse could not be read", { reason: reasonOf(error) });
    return undefined;
  }
}
