import type { Order } from "./queue-records";

/** Orders of a queue that are in memory: however long the queue is, the rest stays on disk. */
const ordersMax = 2000;
const ordersAfterCut = 1000;

export type Place = Pick<Order, "dueMs" | "ticket">;

export const isBefore = (a: Place, b: Place): boolean =>
  a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.ticket < b.ticket);

/**
 * The next orders of a queue, sorted. All orders before `end` that are not in flight are here; from there on they are on
 * disk only. Without an end, all are here.
 */
export type ReadyWindow = { orders: Order[]; end: Place | undefined };

/** Knows nothing yet: all that there may be is on disk. */
export const emptyWindow = (end: Place | undefined): ReadyWindow => ({ orders: [], end });

/** Puts an order that has just been stored in its place, or leaves it on disk. */
export function addOrder(window: ReadyWindow, order: Order): void {
  if (window.end && !isBefore(order, window.end)) return;
  const { orders } = window;
  const last = orders.at(-1);
  if (!last || isBefore(last, order)) orders.push(order);
  else orders.splice(placeOf(orders, order), 0, order);
  if (orders.length <= ordersMax) return;
  const [firstOnDisk] = orders.splice(ordersAfterCut);
  window.end = firstOnDisk;
}

/** How many orders a window takes from disk at once. */
export const refillMax = ordersAfterCut;

/** Adds what was read from `end` on, up to another end. */
export function refillWindow(window: ReadyWindow, read: Order[], end: Place | undefined): void {
  window.orders.push(...read);
  window.end = end;
}

/** How many orders are due. */
export const countDue = ({ orders }: ReadyWindow, nowMs: number): number =>
  placeOf(orders, { dueMs: nowMs + 1, ticket: 0 });

/** Takes orders that are due, the earliest first, as many as fit; one always fits. */
export function takeDue(
  window: ReadyWindow,
  nowMs: number,
  limits: { messages: number; bytes: number },
): Order[] {
  let [count, bytes] = [0, 0];
  for (const { dueMs, bodyBytes } of window.orders) {
    if (dueMs > nowMs || count >= limits.messages) break;
    if (count > 0 && bytes + bodyBytes > limits.bytes) break;
    count++;
    bytes += bodyBytes;
  }
  return window.orders.splice(0, count);
}

/** Where in the list a place is, or would be. */
function placeOf(orders: Order[], place: Place): number {
  let [from, to] = [0, orders.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const order = orders[middle];
    if (order && isBefore(order, place)) from = middle + 1;
    else to = middle;
  }
  return from;
}
