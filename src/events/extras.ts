import { isName, lookUp, newDictionary, put } from "../protocol/dictionary";
import { isObject, type Json, type JsonObject } from "../protocol/json";
import { isNothing, listIn, objectIn, saysAnything } from "./expected";
import { noteError, noteGiven, noteLength, type Report } from "./report";
import { textOf } from "./text";
import { clip } from "./tree";

const extraLimits = { depth: 10, chars: 256 * 1024, stringChars: 16 * 1024, members: 500 };
export const extraItemLimits = { ...extraLimits, chars: 16 * 1024 };

const modulesMax = 500;
const fingerprintMax = 32;

/** Package name → version, where the client knows it. */
export type Modules = { [name: string]: string | null };

/** Free data of the client, bounded per item and in total. */
export function normalizeExtra(value: Json | undefined, report: Report): JsonObject | undefined {
  if (value === undefined || isNothing(value)) return undefined;
  const source = isObject(value) ? value : { value };
  const extra = newDictionary<Json>();
  const entries = Object.entries(source);
  let left = extraLimits.chars;
  if (entries.length > extraLimits.members) noteLength(report, "extra", entries.length);
  for (const [key, item] of entries.slice(0, extraLimits.members)) {
    const name = textOf(key, 200);
    if (!name || left <= 0) continue;
    if (!isName(name)) {
      noteError(report, "invalid_attribute", "extra", name);
      continue;
    }
    const limits = { ...extraItemLimits, chars: Math.min(extraItemLimits.chars, left) };
    const kept = clip(item, limits, report, `extra.${name}`);
    left -= typeof kept === "string" ? kept.length : JSON.stringify(kept).length;
    put(extra, name, kept);
  }
  return Object.keys(extra).length > 0 ? extra : undefined;
}

export function normalizeModules(value: Json | undefined, report: Report): Modules | undefined {
  const entries: [unknown, unknown][] = isObject(value)
    ? Object.entries(value)
    : listIn(report, "modules", value).map((each, index) => {
        const module = objectIn(report, `modules.${index}`, each);
        if (module && isNothing(module.name) && saysAnything(module))
          noteError(report, "invalid_data", `modules.${index}`, module);
        return [module?.name, module?.version];
      });
  const modules = newDictionary<string | null>();
  if (entries.length > modulesMax) noteLength(report, "modules", entries.length);
  for (const [key, version] of entries.slice(0, modulesMax)) {
    const name = textOf(key, 200);
    if (!name) continue;
    if (isName(name)) put(modules, name, textOf(version, 200) ?? null);
    else noteError(report, "invalid_attribute", "modules", name);
  }
  return Object.keys(modules).length > 0 ? modules : undefined;
}

/** Parts as text; the legacy `checksum` is a fingerprint of one part. Nothing left: undefined. */
export function fingerprintOf(
  value: Json | undefined,
  checksum: Json | undefined,
  report: Report,
): string[] | undefined {
  const isText = typeof value === "string" ? !value.trimStart().startsWith("[") : !isList(value);
  const list = isText ? [value] : listIn(report, "fingerprint", value);
  if (list.length > fingerprintMax) noteLength(report, "fingerprint", list.length);
  const parts = list.slice(0, fingerprintMax).flatMap((part) => textOf(part, 1024) ?? []);
  if (parts.length > 0) return parts;
  const legacy = textOf(checksum, 128);
  return legacy ? [legacy] : undefined;
}

const isList = (value: unknown) => Array.isArray(value) || isNothing(value);

const metaNodesMax = 20_000;
const metaLevelsMax = 40;

/**
 * The SDK's own notes on what it removed are kept beside ours; only leaves with `rem` or `len` are. Half of all notes
 * stay for what we do to the event ourselves.
 */
export function keepMeta(value: Json | undefined, report: Report): void {
  const notesLeft = report.budget.notes / 2;
  objectIn(report, "_meta", value);
  let nodes = 0;
  const walk = (node: Json | undefined, path: string, level: number) => {
    if (!isObject(node) || level > metaLevelsMax) return;
    for (const key of Object.keys(node)) {
      if (++nodes > metaNodesMax || report.budget.notes <= notesLeft) return;
      const child = lookUp(node, key);
      if (key === "") {
        const note = noteOf(child);
        if (note) noteGiven(report, path, note);
      } else walk(child, path ? `${path}.${key}` : key, level + 1);
    }
  };
  walk(value, "", 0);
}

const removalsMax = 5;
const ruleCharsMax = 64;

function noteOf(leaf: Json | undefined): { rem?: Json[]; len?: number } | undefined {
  if (!isObject(leaf)) return undefined;
  const len = typeof leaf.len === "number" ? leaf.len : undefined;
  const rem = Array.isArray(leaf.rem) ? leaf.rem.slice(0, removalsMax).filter(isRule) : undefined;
  if (!rem && len === undefined) return undefined;
  return { ...(rem && { rem }), ...(len !== undefined && { len }) };
}

/** `[name, kind, start?, end?]` */
const isRule = (rule: Json) =>
  Array.isArray(rule) &&
  rule.length <= 4 &&
  rule.every(
    (part) => typeof part === "number" || (typeof part === "string" && part.length <= ruleCharsMax),
  );
