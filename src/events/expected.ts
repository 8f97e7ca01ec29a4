import { lookUp } from "../protocol/dictionary";
import { withExactNumbers } from "../protocol/exact-numbers";
import { isObject, type Json, type JsonObject } from "../protocol/json";
import { shortenJson } from "../protocol/shorten-json";
import { spendMatched } from "./budget";
import { noteError, type Report } from "./report";

/**
 * What belongs in a place, out of what stands there. PHP and Lua write an empty list for an empty object and the other way
 * round, so what is empty is nothing, whatever belongs there. Prototype.js makes texts of lists, which are opened. All else
 * that does not fit leaves an entry with the name of its field.
 */
export function objectIn(report: Report, path: string, value: unknown): JsonObject | undefined {
  if (isObject(value)) return value;
  if (isNothing(value)) return undefined;
  const opened = typeof value === "string" ? openedText(value, report) : undefined;
  if (isObject(opened)) return opened;
  noteError(report, "invalid_data", path, value);
  return undefined;
}

/** The same of a list. */
export function listIn(report: Report, path: string, value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (isNothing(value)) return [];
  const opened = typeof value === "string" ? openedText(value, report) : undefined;
  if (Array.isArray(opened)) return opened;
  noteError(report, "invalid_data", path, value);
  return [];
}

/** The entries of `{values: […]}`, of a list, or one bare object, in the order in which they were sent. */
export function entriesIn(report: Report, path: string, container: unknown): JsonObject[] {
  const values = valuesIn(report, path, container).filter((value) => !isNothing(value));
  return values.flatMap((value, index) => {
    const entry = objectIn(report, `${path}.values.${index}`, value);
    return entry ? [entry] : [];
  });
}

function valuesIn(report: Report, path: string, container: unknown): unknown[] {
  const opened = typeof container === "string" ? openedText(container, report) : container;
  const given = opened ?? container;
  if (!isObject(given)) return listIn(report, path, given);
  const { values } = given;
  if (!Object.hasOwn(given, "values")) return [given];
  return isObject(values) ? [values] : listIn(report, `${path}.values`, values);
}

/** Names with values: an object, or a list of pairs or of `{key, value}` or `{name, value}`. */
export function pairsIn(report: Report, path: string, value: unknown): [unknown, unknown][] {
  const opened = typeof value === "string" ? openedText(value, report) : undefined;
  const given = opened ?? value;
  if (isObject(given)) return Object.entries(given);
  return listIn(report, path, given).flatMap((entry, index): [unknown, unknown][] => {
    const pair = pairOf((typeof entry === "string" && openedText(entry, report)) || entry);
    if (!pair && !isNothing(entry)) noteError(report, "invalid_data", `${path}.${index}`, entry);
    return pair ? [pair] : [];
  });
}

function pairOf(entry: unknown): [unknown, unknown] | undefined {
  if (Array.isArray(entry)) return entry.length > 1 ? [entry[0], entry[1]] : undefined;
  if (!isObject(entry)) return undefined;
  const key = entry.key ?? entry.name;
  return isNothing(key) ? undefined : [key, entry.value];
}

/**
 * What `parse` makes of a member; one that it makes nothing of, though it is something, leaves an entry. The name of the
 * place is put together only then: frames have many members.
 */
export function memberIn<T>(
  report: Report,
  path: string,
  object: JsonObject,
  key: string,
  parse: (value: unknown) => T | undefined,
): T | undefined {
  const value = lookUp(object, key);
  const parsed = parse(value);
  if (parsed === undefined && !isNothing(value))
    noteError(report, "invalid_data", `${path}.${key}`, value);
  return parsed;
}

/** Yes or no, also as a word or a number. */
export function parseFlag(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  if (value === 1 || value === "1" || value === "true") return true;
  return value === 0 || value === "0" || value === "false" ? false : undefined;
}

/** Null, a text of blanks, a list or an object without members. */
export function isNothing(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (typeof value === "string") return value.length < blankCharsMax && value.trim() === "";
  if (typeof value !== "object") return false;
  return Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0;
}

const levelsMax = 6;

/** Whether anything in a list or an object is more than nothing; asked of what is left out only. */
export const saysAnything = (value: unknown, levels = levelsMax): boolean =>
  typeof value === "object" && value !== null && levels > 0
    ? Object.values(value).some((member) => saysAnything(member, levels - 1))
    : !isNothing(value);

const blankCharsMax = 1000;
const openedCharsMax = 1024 * 1024;

/** The list or object that a text is, within the budget of the event; undefined where it is another text. */
function openedText(text: string, report: Report): Json | undefined {
  if (text.length > openedCharsMax || !/^\s{0,64}[[{]/.test(text)) return undefined;
  if (!spendMatched(report.budget, text.length)) return undefined;
  try {
    const short = new TextDecoder().decode(shortenJson(new TextEncoder().encode(text)));
    const value: Json = JSON.parse(withExactNumbers(short, "all"));
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
