import { isName, newDictionary, put } from "../protocol/dictionary";
import { isObject, type Json } from "../protocol/json";
import { leftOf, spend } from "./budget";
import { noteError, noteLength, type Report } from "./report";
import { wellFormed } from "./text";

export type TreeLimits = {
  depth: number;
  /** Characters of all keys and strings together. */
  chars: number;
  /** Characters of one string. */
  stringChars: number;
  /** Members of one object or list. */
  members: number;
};

/**
 * A copy of free-form data that is safe to keep: bounded in depth, members and characters, well-formed text.
 * What is cut is noted under `path`. Never recurses deeper than the limit, whatever the input, and ends with the budget
 * of the event.
 */
export function clip(value: unknown, limits: TreeLimits, report: Report, path: string): Json {
  const left = { chars: limits.chars, cut: false };
  const copy = clipInner(value, limits, limits.depth, left, report, path);
  // A text is noted where it is cut, with the length it had.
  if (left.cut && typeof value !== "string") noteLength(report, path, limits.chars);
  return copy;
}

function clipInner(
  value: unknown,
  limits: TreeLimits,
  depth: number,
  left: { chars: number; cut: boolean },
  report: Report,
  path: string,
): Json {
  if (!spend(report.budget, "nodes")) {
    left.cut = true;
    return null;
  }
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "string") {
    const room = Math.max(
      0,
      Math.min(limits.stringChars, left.chars, leftOf(report.budget, "chars")),
    );
    left.chars -= Math.min(value.length, room);
    spend(report.budget, "chars", Math.min(value.length, room));
    if (value.length <= room) return wellFormed(value);
    left.cut = true;
    noteLength(report, path, value.length);
    return `${wellFormed(value.slice(0, room))}…`;
  }
  if (typeof value !== "object") return null;
  if (depth <= 0) {
    const empty = Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0;
    if (empty) return Array.isArray(value) ? [] : {};
    return Array.isArray(value) ? "[Array]" : "[Object]";
  }
  if (Array.isArray(value)) {
    const kept: Json[] = [];
    for (const [index, member] of value.entries()) {
      if (index >= limits.members || left.chars <= 0 || leftOf(report.budget, "nodes") === 0) {
        noteLength(report, path, value.length);
        break;
      }
      left.chars -= 2;
      kept.push(clipInner(member, limits, depth - 1, left, report, `${path}.${index}`));
    }
    return kept;
  }
  if (!isObject(value)) return null;
  const kept = newDictionary<Json>();
  let count = 0;
  for (const [key, member] of Object.entries(value)) {
    if (count++ >= limits.members || left.chars <= 0 || leftOf(report.budget, "nodes") === 0) {
      left.cut = true;
      break;
    }
    if (!isName(key)) {
      noteError(report, "invalid_attribute", path, key);
      continue;
    }
    const name = wellFormed(key.slice(0, 200));
    left.chars -= name.length;
    put(kept, name, clipInner(member, limits, depth - 1, left, report, `${path}.${name}`));
  }
  return kept;
}
