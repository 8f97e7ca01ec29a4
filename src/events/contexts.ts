import { type Dictionary, isName, lookUp, newDictionary, put } from "../protocol/dictionary";
import { isObject, type Json, type JsonObject } from "../protocol/json";
import { isNothing, objectIn } from "./expected";
import { noteError, noteLength, type Report } from "./report";
import { textOf } from "./text";
import { clip } from "./tree";

export type Contexts = { [name: string]: { [key: string]: Json } };

const contextsMax = 100;
const limits = { depth: 10, chars: 8192, stringChars: 4096, members: 200 };
const traceId = /^[0-9a-f]{32}$/;
const spanId = /^[0-9a-f]{16}$/;

/** Name → object with a `type`; null and empty ones go, bare values are wrapped. */
export function normalizeContexts(value: unknown, report: Report): Contexts {
  const given = objectIn(report, "contexts", value);
  if (!given) return {};
  const contexts = newDictionary<Dictionary<Json>>();
  const entries = Object.entries(given);
  if (entries.length > contextsMax) noteLength(report, "contexts", entries.length);
  for (const [key, entry] of entries.slice(0, contextsMax)) {
    const name = textOf(key, 200);
    if (!name || isNothing(entry)) continue;
    if (!isName(name)) {
      noteError(report, "invalid_attribute", "contexts", name);
      continue;
    }
    const source = isObject(entry) ? entry : { value: entry };
    const context = clip(source, limits, report, `contexts.${name}`) as Dictionary<Json>;
    for (const [field, text] of Object.entries(context)) {
      if (typeof text === "string") put(context, field, text.trim());
    }
    if (name === "trace") cleanTrace(context, report);
    context.type = textOf(context.type, 64) ?? name;
    put(contexts, name, context);
  }
  return contexts;
}

/** The context of a kind: under its own name, else the first that says it is of that kind. */
export const contextOf = (contexts: Contexts, type: string) =>
  lookUp(contexts, type) ?? Object.values(contexts).find((context) => context.type === type);

function cleanTrace(trace: JsonObject, report: Report): void {
  for (const [field, pattern] of [
    ["trace_id", traceId],
    ["span_id", spanId],
    ["parent_span_id", spanId],
  ] as const) {
    if (isNothing(trace[field])) {
      delete trace[field];
      continue;
    }
    const id = (textOf(trace[field], 64) ?? "").toLowerCase().replaceAll("-", "");
    if (pattern.test(id) && !/^0+$/.test(id)) trace[field] = id;
    else {
      // Where there is no parent, some say so with zeros.
      if (field !== "parent_span_id" || !/^0*$/.test(id))
        noteError(report, "invalid_data", `contexts.trace.${field}`, trace[field]);
      delete trace[field];
    }
  }
}
