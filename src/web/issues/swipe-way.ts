/** What a row that is drawn aside stands for. */
export type SwipeWay = "resolve" | "mute";

/** A finger that goes less far to the side, or rather up or down, scrolls. */
const beginPx = 12;
/** Whoever lets go before lets the row come back. */
const takenPx = 88;

/** Whether a finger that moved so far draws a row aside; undefined as long as that cannot be known. */
export function isSwipe(x: number, y: number): boolean | undefined {
  if (Math.abs(x) < beginPx && Math.abs(y) < beginPx) return undefined;
  return Math.abs(x) > Math.abs(y);
}

/** To the end of the line resolves, to its beginning mutes. */
export const wayOf = (x: number): SwipeWay => (x > 0 ? "resolve" : "mute");

export const isTaken = (x: number): boolean => Math.abs(x) >= takenPx;
