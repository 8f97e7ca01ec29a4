import { createHmac, timingSafeEqual } from "node:crypto";

const form = /^([0-9a-z]{1,11})\.([0-9a-z]{1,9})\.([\w-]{43})$/;

const signatureOf = (secret: string, claim: string) =>
  createHmac("sha256", secret).update(`pulse:${claim}`).digest("base64url");

/** Lets whoever has it read the pulse of one organization until a moment, and nothing else. */
export function mintPulseTicket(secret: string, orgId: number, expiresAt: Date): string {
  const claim = `${orgId.toString(36)}.${Math.floor(+expiresAt / 1000).toString(36)}`;
  return `${claim}.${signatureOf(secret, claim)}`;
}

/** The organization of a ticket that is ours and not over yet; undefined for anything else. */
export function orgIdOfTicket(secret: string, ticket: string, now: Date): number | undefined {
  const [, org = "", end = "", signature = ""] = form.exec(ticket) ?? [];
  const wanted = Buffer.from(signatureOf(secret, `${org}.${end}`));
  const given = Buffer.from(signature);
  if (wanted.length !== given.length || !timingSafeEqual(wanted, given)) return undefined;
  return Number.parseInt(end, 36) * 1000 > +now ? Number.parseInt(org, 36) : undefined;
}
