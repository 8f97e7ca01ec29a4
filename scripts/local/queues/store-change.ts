import { type Order, orderKey, orderValue } from "./queue-records";

export type Operation = { type: "put"; key: Buffer; value: Buffer } | { type: "del"; key: Buffer };

/** Operations that reach the disk together, and the orders that come and go with them, by queue. */
export type Change = {
  operations: Operation[];
  puts: Map<string, Order[]>;
  removes: Map<string, Order[]>;
  bytes: number;
  /** Whether it is on the disk itself when it is done; else a process that is killed loses nothing, a machine may. */
  isSynced: boolean;
  /** Never refused: tried until the disk takes it. It was taken already if this key is gone. */
  unlessGone?: Buffer;
};

export const emptyChange = (isSynced: boolean): Change => ({
  operations: [],
  puts: new Map(),
  removes: new Map(),
  bytes: 0,
  isSynced,
});

export function putOrder(change: Change, queue: string, order: Order): void {
  const key = orderKey(queue, order);
  change.operations.push({ type: "put", key, value: orderValue(key, order) });
  listIn(change.puts, queue).push(order);
}

export function removeOrder(change: Change, queue: string, order: Order): void {
  const key = orderKey(queue, order);
  change.operations.push({ type: "del", key });
  listIn(change.removes, queue).push(order);
  change.unlessGone ??= key;
}

export function write(change: Change, key: Buffer, value: Buffer): void {
  change.operations.push({ type: "put", key, value });
  change.bytes += value.length;
}

function listIn(lists: Map<string, Order[]>, queue: string): Order[] {
  const list = lists.get(queue) ?? [];
  lists.set(queue, list);
  return list;
}
