import { Fault } from "../../../src/fault";
import type { BlobRange } from "./blob-store";

/** The part of an object of `size` bytes that a range names; what goes beyond the end is cut. Faults: invalid. */
export function resolveRange(
  range: BlobRange | undefined,
  size: number,
): { offset: number; length: number } {
  if (!range) return { offset: 0, length: size };
  if ("suffix" in range) {
    if (range.suffix <= 0) throw notSatisfiable();
    const length = Math.min(range.suffix, size);
    return { offset: size - length, length };
  }
  const { offset = 0, length = size - offset } = range;
  if (offset < 0 || offset > size || length <= 0) throw notSatisfiable();
  return { offset, length: Math.min(length, size - offset) };
}

const notSatisfiable = () =>
  new Fault("unprocessable", "The requested range is not in the object.");
