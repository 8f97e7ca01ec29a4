import { type Dictionary, isName, lookUp, newDictionary, put } from "../protocol/dictionary";
import { isObject, type Json, type JsonObject } from "../protocol/json";
import { noteError, type Report } from "./report";
import { textOf } from "./text";
import { clip } from "./tree";

export type Contexts = { [name: string]: { [key: string]: Json } };

const contextsMax = 100;
const limits = { depth: 10, chars: 8192, stringChars: 4096, members: 200 };
const traceId = /^[0-9a-f]{32}$/;
const spanId = /^[0-9a-f]{16}$/;

/** Name → object with a `type`; null and empty ones go, bare values are wrapped. */
export function normalizeContexts(value: unknown, report: Report): Contexts {
  if (value === null || value === undefined) return {};
  if (!isObject(value)) {
    noteError(report, "invalid_data", "contexts", value);
    return {};
  }
  const contexts = newDictionary<Dictionary<Json>>();
  for (const [key, entry] of Object.entries(value).slice(0, contextsMax)) {
    const name = textOf(key, 200);
    if (!name || entry === null) continue;
    if (!isName(name)) {
      noteError(report, "invalid_attribute", "contexts", name);
      continue;
    }
    const given = isObject(entry) ? entry : { value: entry };
    if (Object.keys(given).length === 0) continue;
    const context = clip(given, limits, report, `contexts.${name}`) as Dictionary<Json>;
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
    if (trace[field] === undefined || trace[field] === null) {
      delete trace[field];
      continue;
    }
    const id = (textOf(trace[field], 64) ?? "").toLowerCase().replaceAll("-", "");
    if (pattern.test(id) && !/^0+$/.test(id)) trace[field] = id;
    else {
      if (field !== "parent_span_id")
        noteError(report, "invalid_data", `contexts.trace.${field}`, trace[field]);
      delete trace[field];
    }
  }
}
