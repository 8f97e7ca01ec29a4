import { timeOfUuidv7 } from "./ids";

/** The object of a batch: payloads back to back, each readable on its own by its offset. Nothing is copied. */
export type Segment = { id: string; parts: Uint8Array[]; bytes: number };

export const newSegment = (id: string): Segment => ({ id, parts: [], bytes: 0 });

/** Where the payload begins in the object. */
export function append(segment: Segment, payload: Uint8Array): number {
  const offset = segment.bytes;
  segment.parts.push(payload);
  segment.bytes += payload.length;
  return offset;
}

/** Key of a segment in the bucket; its day comes from the id, a UUIDv7, so that whole days can go. */
export const segmentKey = (id: string) =>
  `segments/${new Date(timeOfUuidv7(id)).toISOString().slice(0, 10)}/${id}`;
