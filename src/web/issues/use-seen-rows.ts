import { type RefObject, useEffect, useState } from "react";
import { seenRows } from "./seen-rows";

/** What lies over the list at its edges: its names above, what is chosen below. */
const coveredPx = { top: 40, bottom: 72 };

/** Places of the rows that are in the page while the window is scrolled, of rows that are all of one height. */
export function useSeenRows(
  grid: RefObject<HTMLElement | null>,
  count: number,
  rowHeight: number,
  current: number,
  /** So many rows have their room before these. */
  room: number,
) {
  const [range, setRange] = useState({ start: 0, end: 30 });
  useEffect(() => {
    const look = () => {
      const body = grid.current?.lastElementChild;
      if (!body) return;
      const scrolled = -body.getBoundingClientRect().top - room * rowHeight;
      const next = seenRows(scrolled, innerHeight, rowHeight, count);
      setRange((before) =>
        before.start === next.start && before.end === next.end ? before : next,
      );
    };
    look();
    addEventListener("scroll", look, { passive: true });
    addEventListener("resize", look);
    return () => {
      removeEventListener("scroll", look);
      removeEventListener("resize", look);
    };
  }, [grid, rowHeight, count, room]);
  const end = Math.min(range.end, count);
  const indexes = Array.from({ length: Math.max(0, end - range.start) }, (_, n) => range.start + n);
  // The row with the focus stays, wherever one scrolls to.
  if (current >= 0 && current < count) {
    if (current < range.start) indexes.unshift(current);
    if (current >= end) indexes.push(current);
  }
  return { indexes, start: range.start, end };
}

/** Scrolls no more than it takes to see a whole row. */
export function scrollToRow(body: Element, index: number, rowHeight: number): void {
  const top = body.getBoundingClientRect().top + index * rowHeight;
  const above = top - coveredPx.top;
  const below = top + rowHeight + coveredPx.bottom - innerHeight;
  if (above < 0) scrollBy({ top: above });
  else if (below > 0) scrollBy({ top: below });
}
