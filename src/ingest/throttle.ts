import { randomPercent } from "../platform/ids";

const retryAfterFullSeconds = 600;

/** For how many seconds the sender of a request that is turned away by chance should be quiet; undefined: let in. */
export function throttledSeconds(rates: readonly number[]): number | undefined {
  if (!rates.some((rate) => rate > 0 && randomPercent() < rate)) return undefined;
  return retryAfterSeconds(Math.max(...rates));
}

/** GlitchTip's curve: 1 s at a few percent, minutes towards the end. */
export const retryAfterSeconds = (rate: number): number =>
  rate >= 100 ? retryAfterFullSeconds : Math.ceil(0.02 * rate ** 2.3);
