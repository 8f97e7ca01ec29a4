import { type Dictionary, isName, newDictionary, ownMember, put } from "../protocol/dictionary";
import type { Json, JsonObject } from "../protocol/json";
import { spend } from "./budget";
import { exactly, noteError, noteLength, type Report } from "./report";
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

/** What is left to one value, and the way to the part that is looked at. */
type Left = { chars: number; nodes: number; isCut: boolean; steps: (string | number)[] };

/**
 * A copy of free-form data that is safe to keep: bounded in depth, members and characters, well-formed text.
 * What is cut is noted under `path`. Never recurses deeper than the limit, whatever the input, and ends with the budget
 * of the event.
 */
export function clip(value: unknown, limits: TreeLimits, report: Report, path: string): Json {
  const { budget } = report;
  const { nodes } = budget;
  const chars = Math.min(limits.chars, budget.chars);
  const left: Left = { chars, nodes, isCut: false, steps: [path] };
  const copy = clipPart(value, limits, limits.depth, left, report);
  // Once for all parts: they are many, and each is small.
  spend(budget, "chars", chars - Math.max(0, left.chars));
  spend(budget, "nodes", nodes - Math.max(0, left.nodes));
  if (left.nodes < 0) spend(budget, "nodes", 1);
  // A text is noted where it is cut, with the length it had.
  if (left.isCut && typeof value !== "string") noteLength(report, path, limits.chars);
  return copy;
}

function clipPart(
  value: unknown,
  limits: TreeLimits,
  depth: number,
  left: Left,
  report: Report,
): Json {
  if (--left.nodes < 0) {
    left.isCut = true;
    return null;
  }
  if (typeof value === "string") return clipText(value, limits, left, report);
  if (typeof value === "number") return Number.isFinite(exactly(value, report)) ? value : null;
  if (typeof value === "boolean") return value;
  if (typeof value !== "object" || value === null) return null;
  if (depth <= 0) return emptied(value);
  return Array.isArray(value)
    ? clipList(value, limits, depth, left, report)
    : clipObject(value as JsonObject, limits, depth, left, report);
}

function clipText(text: string, limits: TreeLimits, left: Left, report: Report): string {
  const room = Math.max(0, Math.min(limits.stringChars, left.chars));
  if (text.length <= room) {
    left.chars -= text.length;
    return wellFormed(text);
  }
  left.chars -= room;
  left.isCut = true;
  noteLength(report, left.steps.join("."), text.length);
  return `${wellFormed(text.slice(0, room))}…`;
}

/** What is too deep is said to have been there. */
function emptied(value: object): Json {
  if (Array.isArray(value)) return value.length === 0 ? [] : "[Array]";
  return Object.keys(value).length === 0 ? {} : "[Object]";
}

function clipList(
  list: unknown[],
  limits: TreeLimits,
  depth: number,
  left: Left,
  report: Report,
): Json[] {
  const kept: Json[] = [];
  for (const member of list) {
    if (kept.length >= limits.members || left.chars <= 0 || left.nodes <= 0) {
      noteLength(report, left.steps.join("."), list.length);
      break;
    }
    left.chars -= 2;
    left.steps.push(kept.length);
    kept.push(clipPart(member, limits, depth - 1, left, report));
    left.steps.pop();
  }
  return kept;
}

function clipObject(
  object: JsonObject,
  limits: TreeLimits,
  depth: number,
  left: Left,
  report: Report,
): Dictionary<Json> {
  const kept = newDictionary<Json>();
  let count = 0;
  for (const key of Object.keys(object)) {
    if (count++ >= limits.members || left.chars <= 0 || left.nodes <= 0) {
      left.isCut = true;
      break;
    }
    if (!isName(key)) {
      noteError(report, "invalid_attribute", left.steps.join("."), key);
      continue;
    }
    const name = wellFormed(key.slice(0, 200));
    left.chars -= name.length;
    left.steps.push(name);
    put(kept, name, clipPart(ownMember(object, key), limits, depth - 1, left, report));
    left.steps.pop();
  }
  return kept;
}
