/** Rows beyond the edges of the window, so that there is something to scroll to. */
const rowsBeyond = 6;
/** Whatever the window, no more are in the page: the one with the focus is one more. */
const rowsMax = 59;

/** The first row of those that are seen, and the one after the last; `scrolledPx` is how much of them lies above. */
export function seenRows(
  scrolledPx: number,
  windowPx: number,
  rowPx: number,
  count: number,
): { start: number; end: number } {
  const first = Math.floor(scrolledPx / rowPx) - rowsBeyond;
  const last = Math.ceil((scrolledPx + windowPx) / rowPx) + rowsBeyond;
  const start = Math.min(Math.max(0, first), Math.max(0, count - 1));
  return { start, end: Math.max(start, Math.min(count, last, start + rowsMax)) };
}
