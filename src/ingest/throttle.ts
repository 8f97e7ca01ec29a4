import { randomPercent } from "../platform/ids";

const retryAfterFullSeconds = 600;

/** Whether the dice turn a request away, and for how long its sender should be quiet then. */
export function throttledSeconds(rates: readonly number[]): number | undefined {
  if (!rates.some((rate) => rate > 0 && randomPercent() < rate)) return undefined;
  return retryAfterSeconds(Math.max(...rates));
}

/** GlitchTip's curve: 1 s at a few percent, minutes towards the end. */
export const retryAfterSeconds = (rate: number): number =>
  rate >= 100 ? retryAfterFullSeconds : Math.ceil(0.02 * rate ** 2.3);
