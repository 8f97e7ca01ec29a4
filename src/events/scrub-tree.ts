import { type Dictionary, newDictionary, ownMember, put, replace } from "../protocol/dictionary";
import { withExactNumbers } from "../protocol/exact-numbers";
import { isObject, type Json, type JsonObject } from "../protocol/json";
import { spend, spendMatched } from "./budget";
import type { FieldRules } from "./field-rules";
import { filtered, isBlank } from "./filtered";
import { glance, holds } from "./glance";
import { noteRemoval, type Report } from "./report";
import { scrubCode } from "./scrub-code";
import { isCardNumber } from "./scrub-numbers";
import { introducesSecret } from "./scrub-pairs";
import { scrubName, scrubText } from "./scrub-text";
import { isSecretKey } from "./secret-names";

/** One event that is being scrubbed, and the way to the place that is looked at. */
export type Scrub = {
  report: Report;
  steps: (string | number)[];
  /** Whether secrets that nobody named are looked for. */
  defaults: boolean;
  /** What the project says of its fields. */
  own?: FieldRules;
};

const keyRule = "@password:filter";
const valueRule = "@secret:filter";
const ownRule = "@project:filter";
const limitRule = "!limit";
/** A name, a sign and a value: `pin:1234`. */
const symbolCharsMin = 8;
const textCharsMin = 7;
/** One more than normalisation keeps of a text that it cuts. */
const textCharsMax = 16 * 1024 + 1;
const levelsMax = 64;
/** How many times all patterns together read a text that holds anything of what they look for. */
const readings = 4;
const cardNumberMin = 1e13;

/** Notes what was removed at the place that is looked at. */
export const note = (scrub: Scrub, rule: string): void =>
  noteRemoval(scrub.report, scrub.steps.join("."), rule);

/** Whether a place that is called so holds a secret: the project's word counts before ours. */
export const isSecretPlace = ({ own, defaults }: Scrub, key: string): boolean =>
  own?.isSensitive(key) === true || (defaults && isSecretKey(key));

/** Whether the project says that the place which is looked at is no secret, nor anything below it. */
export const isSafePlace = ({ own, steps }: Scrub): boolean => own?.isSafe(steps) === true;

/** Free data with its secrets replaced, in place: by key, by notation, by form. Returns what stands there now. */
export function scrubTree(scrub: Scrub, value: Json): Json {
  if (typeof value === "string") return scrubString(scrub, value);
  if (typeof value === "number") return scrubNumber(scrub, value);
  if (typeof value !== "object" || value === null) return value;
  if (scrub.steps.length > levelsMax || !spend(scrub.report.budget, "nodes", 1)) {
    note(scrub, limitRule);
    return filtered;
  }
  return Array.isArray(value) ? scrubList(scrub, value) : scrubObject(scrub, value);
}

/** What a place that is called so holds is replaced as a whole; a yes, a no or nothing is no secret. */
export function scrubMember(scrub: Scrub, key: string, value: Json): Json {
  scrub.steps.push(key);
  let scrubbed = value;
  if (!isSafePlace(scrub)) {
    const isSecret = isSecretPlace(scrub, key) && isFilterable(key, value);
    if (isSecret) note(scrub, keyRule);
    scrubbed = isSecret ? filtered : scrubTree(scrub, value);
  }
  scrub.steps.pop();
  return scrubbed;
}

export function isFilterable(key: string, value: Json | undefined): boolean {
  if (value === null || value === undefined || typeof value === "boolean") return false;
  if (typeof value === "number") return !/tokens$/i.test(key);
  return typeof value !== "string" || (value.trim() !== "" && !isBlank(value));
}

function scrubObject(scrub: Scrub, object: JsonObject): JsonObject {
  const keys = Object.keys(object);
  let renamed: Dictionary<Json> | undefined;
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] ?? "";
    const value = ownMember(object, key);
    const name = scrubKey(scrub, key);
    let scrubbed = value;
    if (value !== null && typeof value !== "boolean") {
      scrubbed =
        valueKeys.has(key) && namesSecret(scrub, object)
          ? scrubNamed(scrub, name, value)
          : scrubMember(scrub, name, value);
    }
    if (name !== key && !renamed) renamed = copyOf(object, keys.slice(0, index));
    if (renamed) put(renamed, name, scrubbed);
    else if (scrubbed !== value) replace(object, key, scrubbed);
  }
  return renamed ?? object;
}

function copyOf(object: JsonObject, keys: string[]): Dictionary<Json> {
  const copy = newDictionary<Json>();
  for (const key of keys) put(copy, key, ownMember(object, key));
  return copy;
}

const valueKeys = new Set(["value", "val", "content", "text"]);
const namingKeys = ["name", "key", "field", "header", "param", "id"] as const;

/** `{"name": "password", "value": …}` */
function namesSecret(scrub: Scrub, object: JsonObject): boolean {
  if (scrub.defaults && object.type === "password") return true;
  return namingKeys.some((key) => {
    const name = object[key];
    return typeof name === "string" && name.length <= 64 && isSecretPlace(scrub, name);
  });
}

function scrubNamed(scrub: Scrub, key: string, value: Json): Json {
  if (!isFilterable("", value)) return value;
  scrub.steps.push(key);
  note(scrub, keyRule);
  scrub.steps.pop();
  return filtered;
}

const shortKeyChars = 12;

/** A key that holds a secret itself, as the addresses of a map of connections do. */
export function scrubKey(scrub: Scrub, key: string): string {
  if (key.length < shortKeyChars || !scrub.defaults) return key;
  const found = glance(key);
  if (found === 0) return key;
  const { text } = scrubText(key, found);
  if (text !== key) {
    scrub.steps.push(text);
    note(scrub, valueRule);
    scrub.steps.pop();
  }
  return text;
}

function scrubList(scrub: Scrub, values: Json[]): Json[] {
  const isPair = isSecretPair(scrub, values);
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? null;
    scrub.steps.push(index);
    const before = values[index - 1];
    if (
      (isPair && index === 1) ||
      (scrub.defaults &&
        typeof before === "string" &&
        isFilterable("", value) &&
        isIntroduced(values, before, index))
    ) {
      if (value !== filtered) note(scrub, keyRule);
      values[index] = filtered;
    } else if (value !== null && typeof value !== "boolean")
      values[index] = scrubTree(scrub, value);
    scrub.steps.pop();
  }
  return values;
}

/** `["password", "…"]` is a member of a map in disguise; `["password", "email"]` is a list of names. */
function isSecretPair(scrub: Scrub, [name, value, ...rest]: Json[]): boolean {
  if (typeof name !== "string" || rest.length > 0 || !isPlainName.test(name)) return false;
  if (!isSecretPlace(scrub, name) || !isFilterable(name, value)) return false;
  return typeof value !== "string" || !(fieldNames.test(value) || isNameOfSecret(value));
}

const isPlainName = /^[\p{L}\d_.[\]-]{1,64}$/u;
const fieldNames = /^(?:user|user_?name|email|login|name|id|key|value|type|string|required)$/i;
const isNameOfSecret = (text: string) => /^[A-Za-z_]{1,24}$/.test(text) && isSecretKey(text);

/** A name with its sign, and no sentence that asks for a password. */
const isShortLead = /^(?:[\w.-]{1,40} )?[\w.$[\]-]{1,64}["']?\s?[:=]?>?\s?$/;

/** `["--password", "…"]`, `["password:", "…"]`, and headers as a flat list. */
function isIntroduced(values: Json[], before: string, index: number): boolean {
  if (before.length > 200 || before.length < 3) return false;
  if (isShortLead.test(before) && introducesSecret(before)) return true;
  return (
    index % 2 === 1 &&
    values.length >= 4 &&
    values.length % 2 === 0 &&
    /^(?:cookie|authorization|[a-z]{1,20}(?:-[a-z]{1,20}){1,6})$/i.test(before) &&
    isSecretKey(before)
  );
}

/** A text that holds JSON is opened, scrubbed by key and closed again; one that has no secret stays as it is. */
export function scrubString(scrub: Scrub, value: string): string {
  const whole = value.length > textCharsMax ? `${value.slice(0, textCharsMax - 1)}…` : value;
  const text = scrub.own ? scrubOwn(scrub, scrub.own, whole) : whole;
  if (text.length < textCharsMin) return text;
  const found = lookAt(scrub, text);
  if (found === undefined) return filtered;
  if (found === 0) return text;
  if (found & holds.quote && /^\s{0,64}[[{]/.test(text)) {
    const removals = scrub.report.removals;
    const parsed = parsedOf(text);
    const scrubbed = parsed && scrubTree(scrub, parsed);
    if (scrub.report.removals > removals) return JSON.stringify(scrubbed);
  }
  const scrubbed = scrubText(text, found);
  if (scrubbed.isByName) note(scrub, keyRule);
  if (scrubbed.isByShape) note(scrub, valueRule);
  return scrubbed.text;
}

/** Values behind a name that the project calls sensitive. */
function scrubOwn(scrub: Scrub, own: FieldRules, text: string): string {
  if (!spendMatched(scrub.report.budget, text.length)) return text;
  const scrubbed = own.scrubText(text);
  if (scrubbed !== text) note(scrub, ownRule);
  return scrubbed;
}

function parsedOf(text: string): Json | undefined {
  try {
    const parsed: Json = JSON.parse(withExactNumbers(text, "all"));
    return Array.isArray(parsed) || isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Names of functions, files and modules. */
export function scrubSymbol(scrub: Scrub, text: string): string {
  if (text.length < symbolCharsMin) return text;
  const found = lookAt(scrub, text);
  if (found === undefined) return filtered;
  if (found === 0) return text;
  const scrubbed = scrubName(text, found);
  if (scrubbed !== text) note(scrub, valueRule);
  return scrubbed;
}

/** A line of source. */
export function scrubLine(scrub: Scrub, line: string): string {
  const found = lookAt(scrub, line);
  if (found === undefined) return filtered;
  if (!scrub.defaults) return line;
  const scrubbed = scrubCode(line, found);
  if (scrubbed !== line) note(scrub, valueRule);
  return scrubbed;
}

/** What a text holds; undefined when the event has no work left, and the text cannot be kept for that. */
function lookAt(scrub: Scrub, text: string): number | undefined {
  if (!scrub.defaults) return 0;
  const { budget } = scrub.report;
  if (spendMatched(budget, text.length)) {
    const found = glance(text);
    if (found === 0 || spendMatched(budget, text.length * readings)) return found;
  }
  note(scrub, limitRule);
  return undefined;
}

function scrubNumber(scrub: Scrub, value: number): Json {
  if (
    !scrub.defaults ||
    value < cardNumberMin ||
    !Number.isSafeInteger(value) ||
    !isCardNumber(String(value))
  )
    return value;
  note(scrub, valueRule);
  return filtered;
}
