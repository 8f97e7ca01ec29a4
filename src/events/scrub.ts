import { ownMember, replace } from "../protocol/dictionary";
import type { Json, JsonObject } from "../protocol/json";
import type { FieldRules } from "./field-rules";
import { filtered } from "./filtered";
import { type LogEntry, placeholder } from "./message";
import type { NormalEvent } from "./normal-event";
import { noteRemoval, type Report, rewriteNotes } from "./report";
import type { Pair } from "./request";
import { introducesSecret, isOpaqueValue } from "./scrub-pairs";
import { scrubShapes, scrubText } from "./scrub-text";
import {
  isFilterable,
  isSafePlace,
  isSecretPlace,
  note,
  type Scrub,
  scrubKey,
  scrubLine,
  scrubMember,
  scrubString,
  scrubSymbol,
  scrubTree,
} from "./scrub-tree";
import { tagsOf } from "./tags";

const addressRule = "@ip:remove";
const keyRule = "@password:filter";

const addressHeaders = new Set([
  "X-Forwarded-For",
  "Forwarded",
  "X-Real-Ip",
  "Cf-Connecting-Ip",
  "True-Client-Ip",
  "X-Client-Ip",
  "Fastly-Client-Ip",
]);

/**
 * What becomes of a value in a place whose names are ours and say nothing. Places that are not listed are free data,
 * where names decide: what nobody thought of is scrubbed.
 */
type Place = ((scrub: Scrub, value: Json) => Json) | Shape;
type Shape = ReadonlyMap<string, Place>;

/** Ids, times and choices of ours that normalisation has checked. */
const keep = (_: Scrub, value: Json) => value;
const text = scrubTree;
const symbol = (scrub: Scrub, value: Json) =>
  typeof value === "string" ? scrubSymbol(scrub, value) : scrubTree(scrub, value);
const code = (scrub: Scrub, value: Json) =>
  typeof value === "string" ? scrubLine(scrub, value) : scrubTree(scrub, value);

/** Lines around another are one place in the notes. */
function lines(scrub: Scrub, value: Json): Json {
  if (!Array.isArray(value)) return scrubTree(scrub, value);
  const step = scrub.steps.pop() ?? "";
  scrub.steps.push("context");
  for (let index = 0; index < value.length; index++) {
    const line = value[index] ?? null;
    const scrubbed = code(scrub, line);
    if (scrubbed !== line) value[index] = scrubbed;
  }
  scrub.steps.pop();
  scrub.steps.push(step);
  return value;
}

/** No token is shorter, and no address with a password. */
const versionCharsMin = 12;

const isLongVersion = (version: Json): version is string =>
  typeof version === "string" && version.length >= versionCharsMin;

/** Names of packages, which may be called `cookie` or `csrf`, with their versions. */
function versions(scrub: Scrub, value: Json): Json {
  const modules = value as JsonObject;
  // Hundreds, of which hardly one is long: names are asked for only then.
  if (!Object.values(modules).some(isLongVersion)) return value;
  for (const [name, version] of Object.entries(modules)) {
    if (!isLongVersion(version)) continue;
    scrub.steps.push(name);
    const scrubbed = scrubSymbol(scrub, version);
    if (scrubbed !== version) replace(modules, name, scrubbed);
    scrub.steps.pop();
  }
  return value;
}

function pairs(scrub: Scrub, value: Json): Json {
  for (const pair of value as Pair[]) {
    const name = scrubKey(scrub, pair[0]);
    pair[0] = name;
    scrub.steps.push(name);
    if (pair[1] !== filtered && isFilterable(name, pair[1]) && !isSafePlace(scrub)) {
      if (
        isSecretPlace(scrub, name) ||
        (scrub.defaults && scrub.steps[1] === "query_string" && isOpaqueValue(name, pair[1]))
      ) {
        pair[1] = filtered;
        note(scrub, keyRule);
      } else pair[1] = scrubString(scrub, pair[1]);
    }
    scrub.steps.pop();
  }
  return value;
}

/** A context stays an object, also where its name is a secret's. */
function emptyContext(scrub: Scrub, context: JsonObject): void {
  for (const [key, member] of Object.entries(context)) {
    if (key !== "type" && isFilterable(key, member)) {
      replace(context, key, scrubMember(scrub, "password", member));
    }
  }
}

function contexts(scrub: Scrub, value: Json): Json {
  for (const [name, context] of Object.entries(value as { [name: string]: JsonObject })) {
    scrub.steps.push(name);
    if (name === "trace") scrubShape(scrub, context, traceShape);
    else if (!isSafePlace(scrub)) {
      if (isSecretPlace(scrub, name)) emptyContext(scrub, context);
      else replace(value as JsonObject, name, scrubTree(scrub, context));
    }
    scrub.steps.pop();
  }
  return value;
}

/** Parameters of a message are secrets where its template says so: `"password: %s"`. */
function logEntry(scrub: Scrub, value: Json): Json {
  const entry = value as LogEntry;
  const { params, message } = entry;
  if (scrub.defaults && Array.isArray(params) && message) {
    let index = 0;
    for (const match of message.matchAll(placeholder)) {
      if (match[0] === "%%" || match[0] === "{{") continue;
      const lead = message.slice(Math.max(0, match.index - 100), match.index);
      if (index < params.length && introducesSecret(lead)) {
        scrub.steps.push("params", index);
        note(scrub, keyRule);
        scrub.steps.length -= 2;
        params[index] = filtered;
      }
      index++;
    }
  }
  return scrubShape(scrub, entry, entryShape);
}

const shape = (places: { [name: string]: Place }): Shape => new Map(Object.entries(places));

const entryShape = shape({ formatted: text, message: text });
const frameShape = shape({
  filename: symbol,
  abs_path: symbol,
  function: symbol,
  raw_function: symbol,
  module: symbol,
  package: symbol,
  symbol: symbol,
  platform: symbol,
  lineno: keep,
  colno: keep,
  in_app: keep,
  context_line: code,
  pre_context: lines,
  post_context: lines,
  instruction_addr: keep,
  symbol_addr: keep,
  image_addr: keep,
  function_id: keep,
});
const stackShape = shape({ frames: frameShape });
const traceShape = shape({ trace_id: keep, span_id: keep, parent_span_id: keep });
const eventShape = shape({
  event_id: keep,
  timestamp: keep,
  received: keep,
  level: keep,
  platform: keep,
  report_kind: keep,
  logger: text,
  transaction: text,
  server_name: text,
  release: text,
  dist: text,
  environment: text,
  logentry: logEntry,
  exception: shape({
    values: shape({
      type: text,
      value: text,
      module: symbol,
      thread_id: text,
      mechanism: scrubTree,
      stacktrace: stackShape,
      raw_stacktrace: stackShape,
    }),
  }),
  threads: shape({ values: shape({ name: text, stacktrace: stackShape }) }),
  breadcrumbs: shape({
    values: shape({ type: text, category: text, message: text, level: keep, timestamp: keep }),
  }),
  request: shape({
    headers: pairs,
    cookies: pairs,
    query_string: pairs,
    url: text,
    fragment: text,
  }),
  user: shape({ name: text }),
  contexts,
  sdk: shape({ name: symbol, version: symbol, integrations: text, packages: text }),
  modules: versions,
  template: frameShape,
  tags: pairs,
});

/** Members by their places; those of a list each by the same. */
function scrubShape(scrub: Scrub, value: Json, places: Shape): Json {
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      scrub.steps.push(index);
      value[index] = scrubShape(scrub, value[index] ?? null, places);
      scrub.steps.pop();
    }
    return value;
  }
  if (typeof value !== "object" || value === null) return scrubTree(scrub, value);
  for (const key of Object.keys(value)) {
    const place = places.get(key);
    if (place === keep) continue;
    const member = ownMember(value, key);
    if (member === null || typeof member === "boolean") continue;
    if (place === undefined) {
      replace(value, key, scrubMember(scrub, key, member));
      continue;
    }
    scrub.steps.push(key);
    const scrubbed =
      typeof place === "function" ? place(scrub, member) : scrubShape(scrub, member, place);
    if (scrubbed !== member) replace(value, key, scrubbed);
    scrub.steps.pop();
  }
  return value;
}

/**
 * Replaces secrets in place, before anything is named, grouped, stored or sent on: the whole event but for the places
 * that are listed above, and the notes on it. What was replaced is noted in the report. `defaults` off leaves only the
 * address rule and what the project says of its own fields.
 */
export function scrubEvent(
  event: NormalEvent,
  report: Report,
  options: { defaults: boolean; keepIp: boolean; own?: FieldRules },
): void {
  if (!options.keepIp) removeAddresses(event, report);
  const { defaults, own } = options;
  if (!defaults && !own) return;
  const removals = report.removals;
  const scrub: Scrub = { report, steps: [], defaults, ...(own && { own }) };
  scrubShape(scrub, event as unknown as Json, eventShape);
  // Tags that repeat a field may have been cut within a secret: they are derived again from the field.
  if (report.removals > removals) {
    event.tags = tagsOf(event, new Map(event.tags), report.givenTags);
  }
  scrubErrors(scrub);
  if (!defaults) return;
  rewriteNotes(
    report,
    (path) => scrubText(path).text,
    (rule) =>
      /^[@!][a-z][\w.:-]{0,199}$|^(?:organization|project):\d{1,20}$/.test(rule)
        ? scrubShapes(rule)
        : filtered,
  );
}

/** What was repaired is quoted in the errors, under the name of its field. */
function scrubErrors(given: Scrub): void {
  const { report } = given;
  const scrub: Scrub = { ...given, report: { ...report, meta: new Map() }, steps: [] };
  for (const error of report.errors) {
    const name = error.name.split(".").at(-1) ?? "";
    error.value =
      isSecretPlace(scrub, name) && error.value !== "" ? filtered : scrubString(scrub, error.value);
    if (!scrub.defaults) continue;
    error.name = scrubText(error.name).text;
    error.type = scrubText(error.type).text;
  }
}

function removeAddresses(event: NormalEvent, report: Report): void {
  const { request } = event;
  if (event.user) delete event.user.ip_address;
  // What was repaired there is quoted.
  for (const error of report.errors)
    if (/^(?:user|request)\b/.test(error.name)) error.value = filtered;
  if (request?.env && "REMOTE_ADDR" in request.env) {
    delete request.env.REMOTE_ADDR;
    noteRemoval(report, "request.env.REMOTE_ADDR", addressRule, "x");
  }
  if (request?.headers?.some(([name]) => addressHeaders.has(name))) {
    request.headers = request.headers.filter(([name]) => !addressHeaders.has(name));
    noteRemoval(report, "request.headers", addressRule, "x");
  }
  event.tags = event.tags.filter(([key, value]) => key !== "user" || !value.startsWith("ip:"));
}
