import { crc32 } from "node:zlib";

/** What a message waits by: its place in a queue, and where its body is. */
export type Order = {
  /** When it is due, on the clock of the queues. */
  dueMs: number;
  /** Tells orders of the same moment apart; no two have the same. */
  ticket: number;
  /** Number of the body. */
  body: number;
  bodyBytes: number;
  /** How often it was delivered so far. */
  attempts: number;
  /** When it was first sent, on the clock of the queues. */
  sentMs: number;
};

export const contentTypes = ["bytes", "json", "text"] as const;
export type ContentType = (typeof contentTypes)[number];

/** What is delivered, and stays the same however often. */
export type StoredMessage = {
  id: string;
  /** Milliseconds of the wall clock. */
  timestamp: number;
  contentType: ContentType;
  body: Uint8Array;
};

/*
 * Keys of the store:
 *   m                            what holds for all queues (JSON)
 *   q <queue>                    counts of a queue (JSON)
 *   o <queue> 0 <due> <ticket>   an order; sorted by when it is due
 *   b <number>                   a body
 */
export const stateKey = Buffer.from("m");
export const countsKey = (queue: string): Buffer => Buffer.from(`q${queue}`);

const numberBytes = 6;
const orderValueBytes = 26;
const bodyHeaderBytes = 30;

export function orderKey(
  queue: string,
  { dueMs, ticket }: Pick<Order, "dueMs" | "ticket">,
): Buffer {
  const at = queue.length + 2;
  const key = Buffer.allocUnsafe(at + 2 * numberBytes);
  key.write(`o${queue}\0`, "latin1");
  key.writeUIntBE(dueMs, at, numberBytes);
  key.writeUIntBE(ticket, at + numberBytes, numberBytes);
  return key;
}

/** After all orders of a queue. */
export const pastOrderKey = (queue: string): Buffer => Buffer.from(`o${queue}\x01`, "latin1");

export function orderValue(key: Buffer, order: Order): Buffer {
  const value = Buffer.allocUnsafe(orderValueBytes);
  value.writeUIntBE(order.body, 4, numberBytes);
  value.writeUIntBE(order.sentMs, 10, numberBytes);
  value.writeUInt32BE(order.bodyBytes, 16);
  value.writeUInt32BE(order.attempts, 20);
  value.writeUInt16BE(0, 24);
  value.writeUInt32BE(checkOf(key, value), 0);
  return value;
}

/** undefined: this is not what was written. */
export function readOrder(key: Buffer, value: Buffer): Order | undefined {
  const at = key.indexOf(0) + 1;
  if (at === 0 || key.length !== at + 2 * numberBytes || value.length !== orderValueBytes) {
    return undefined;
  }
  if (value.readUInt32BE(0) !== checkOf(key, value)) return undefined;
  return {
    dueMs: key.readUIntBE(at, numberBytes),
    ticket: key.readUIntBE(at + numberBytes, numberBytes),
    body: value.readUIntBE(4, numberBytes),
    sentMs: value.readUIntBE(10, numberBytes),
    bodyBytes: value.readUInt32BE(16),
    attempts: value.readUInt32BE(20),
  };
}

const checkOf = (key: Buffer, value: Buffer) => crc32(value.subarray(4), crc32(key));

export function bodyKey(number: number): Buffer {
  const key = Buffer.allocUnsafe(1 + numberBytes);
  key.write("b", "latin1");
  key.writeUIntBE(number, 1, numberBytes);
  return key;
}

export const numberOfBody = (key: Buffer): number => key.readUIntBE(1, numberBytes);

/** The queue is named with the body, so that a body whose order was lost finds back. */
export function bodyValue(queue: string, message: StoredMessage): Buffer {
  const { body } = message;
  const value = Buffer.allocUnsafe(bodyHeaderBytes + queue.length + body.length);
  value.writeUInt8(contentTypes.indexOf(message.contentType), 4);
  value.writeUInt8(queue.length, 5);
  value.writeUIntBE(message.timestamp, 6, numberBytes);
  value.write(message.id, 12, 16, "hex");
  value.writeUInt16BE(0, 28);
  value.write(queue, bodyHeaderBytes, "latin1");
  value.set(body, bodyHeaderBytes + queue.length);
  value.writeUInt32BE(crc32(value.subarray(4)), 0);
  return value;
}

/** undefined: this is not what was written. */
export function readBodyValue(
  value: Buffer | undefined,
): { queue: string; message: StoredMessage } | undefined {
  if (!value || value.length < bodyHeaderBytes) return undefined;
  if (crc32(value.subarray(4)) !== value.readUInt32BE(0)) return undefined;
  const contentType = contentTypes[value.readUInt8(4)];
  if (!contentType) return undefined;
  const from = bodyHeaderBytes + value.readUInt8(5);
  return {
    queue: value.toString("latin1", bodyHeaderBytes, from),
    message: {
      id: value.toString("hex", 12, 28),
      timestamp: value.readUIntBE(6, numberBytes),
      contentType,
      body: value.subarray(from),
    },
  };
}

/** What is known of all queues together. */
export type StoreState = { format: 1; nextNumber: number; highestMs: number };

/** What is known of a queue without looking through it. */
export type Counts = {
  messages: number;
  bytes: number;
  /** No order is before this moment: what lies there was done, and need not be walked over again. */
  lowMs: number;
};
