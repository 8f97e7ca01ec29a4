import { createHash } from "node:crypto";

/** RFC 9562 version 7: sorts by time, unguessable in its last 74 bits. */
export function uuidv7(nowMs: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let index = 0; index < 6; index++) {
    bytes[index] = Math.floor(nowMs / 2 ** (8 * (5 - index))) & 0xff;
  }
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return dashed([...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
}

export const timeOfUuidv7 = (uuid: string) =>
  Number.parseInt(uuid.replaceAll("-", "").slice(0, 12), 16);

/** 32 hex digits of a random UUID, the form in which SDKs name events. */
export const randomEventId = () => crypto.randomUUID().replaceAll("-", "");

/** The same at every delivery of a message, unlike a random one; by the place of what it names in the message. */
export const derivedEventId = (messageId: string, ...place: number[]) =>
  createHash("sha256")
    .update([messageId, ...place].join(":"))
    .digest("hex")
    .slice(0, 32);

export const dashed = (hex: string) =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;

/** Random bytes as lower-case hex. */
export const randomHex = (bytes: number) =>
  [...crypto.getRandomValues(new Uint8Array(bytes))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");

/** 0…99, each as likely as another. */
export const randomPercent = () => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) % 100;
