import { hashToken } from "../access/token";
import type { Deps } from "../deps";
import { Fault } from "../fault";
import { randomHex } from "../platform/ids";
import { updateRecoveryCodes } from "./user-queries";

const codes = 10;
const offeredSeconds = 600;
const offerOf = (userId: number) => `recovery-codes:${userId}`;

/** New codes to write down. They replace the old ones only when one of them is sent back. */
export async function offerRecoveryCodes(deps: Deps, userId: number): Promise<string[]> {
  const offered = Array.from({ length: codes }, () => {
    const code = randomHex(5);
    return `${code.slice(0, 5)}-${code.slice(5)}`;
  });
  const hashes = JSON.stringify(offered.map(hashRecoveryCode));
  await deps.redis.set(offerOf(userId), hashes, { ex: offeredSeconds });
  return offered;
}

/** Faults: invalid, for a wrong code, without an offer, or without a second factor to recover from. */
export async function takeRecoveryCodes(deps: Deps, userId: number, code: string): Promise<void> {
  const hashes = await deps.redis.get<string>(offerOf(userId));
  if (!hashes) throw new Fault("invalid", "No recovery codes set, use GET first");
  if (!(JSON.parse(hashes) as string[]).includes(hashRecoveryCode(code))) {
    throw new Fault("invalid", "Invalid code");
  }
  const updated = await updateRecoveryCodes(deps.db, userId, hashes);
  if (updated.length === 0) throw new Fault("invalid", "Set up a second factor first");
  await deps.redis.del(offerOf(userId));
}

const hashedMark = "sha256:";

/** Recovery codes are kept hashed; one that is so already stays as it is. */
export const hashRecoveryCode = (code: string) =>
  code.startsWith(hashedMark) ? code : hashedMark + hashToken(code);
