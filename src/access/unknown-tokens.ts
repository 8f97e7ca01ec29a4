import type { Deps } from "../deps";
import { boundedMemory } from "../platform/memory";
import { networkOf } from "../platform/network";
import { minuteMs } from "../protocol/durations";
import { isMinted } from "./token";

const windowMs = minuteMs;
/** Tokens that nobody has, from one network in each minute; each costs a query. */
const unknownMax = 60;
const networksMax = 5000;
const knownMax = 5000;

/** Each isolate counts for itself: what is to be spared is the database, and a query is what Redis would cost too. */
const networks = boundedMemory<string, { count: number; until: number }>(networksMax);
/** Hashes of tokens that worked here lately. */
const known = boundedMemory<string, true>(knownMax);

/**
 * Whether a token is not even looked up. Only tokens are refused that are none of ours by their check digits and did
 * not work here before: whoever shares a network with somebody who guesses loses nothing.
 */
export function isTooManyUnknown(
  deps: Deps,
  token: string,
  hash: string,
  ip: string | undefined,
): boolean {
  const seen = ip === undefined ? undefined : networks.get(networkOf(ip));
  if (!seen || seen.until <= +deps.now() || seen.count < unknownMax) return false;
  return !known.has(hash) && !isMinted(token, deps.config.authSecret);
}

/** What came of the lookup. */
export function noteLookup(deps: Deps, hash: string, ip: string | undefined, isKnown: boolean) {
  if (isKnown) {
    known.set(hash, true);
    return;
  }
  known.delete(hash);
  if (ip === undefined) return;
  const network = networkOf(ip);
  const nowMs = +deps.now();
  const seen = networks.get(network);
  if (seen && seen.until > nowMs) {
    seen.count++;
    return;
  }
  networks.set(network, { count: 1, until: nowMs + windowMs });
}
