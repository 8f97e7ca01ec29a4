import { type Speaking, widen } from "../access/speaking";
import type { Exception } from "../events/exceptions";
import type { Frame, Stacktrace } from "../events/frames";
import type { StoredEvent } from "../events/payload";
import type { HttpRequest, Pair } from "../events/request";
import { toIso } from "../events/time";
import { dictionaryOf } from "../protocol/dictionary";
import type { ReadEvent } from "./read-events";
import type { Event, EventRow } from "./schemas";
import { trimMicros } from "./shapes";

type Entry = { type: string; data: Record<string, unknown> };

const hexOf = (uuid: string) => uuid.replaceAll("-", "");

/** An event in GlitchTip's shape. One whose payload is lost still has its identity and times. */
export const toEvent = (read: ReadEvent): Event =>
  shapeOf(read, read.event ? entriesOf(read.event) : []);

/** Entries are by far the most of it, and not for rows of lists. */
function shapeOf({ row, event }: ReadEvent, entries: Entry[]): Event {
  const identity = {
    id: hexOf(row.eventId),
    eventID: hexOf(row.eventId),
    projectID: Number(row.projectId),
    groupID: row.issueId,
    dateReceived: trimMicros(row.receivedAt),
  };
  if (!event) {
    return {
      ...identity,
      dateCreated: trimMicros(row.receivedAt),
      dist: null,
      culprit: "",
      packages: null,
      type: "default",
      message: "",
      metadata: {},
      tags: [],
      entries,
      contexts: null,
      context: {},
      user: null,
      sdk: null,
      title: "<payload unavailable>",
      platform: null,
      _meta: null,
      errors: [{ type: "payload_unavailable", name: "event", value: row.segmentId }],
    };
  }
  return {
    ...identity,
    dateCreated: toIso(event.timestamp),
    dist: event.dist ?? null,
    culprit: event.culprit,
    packages: event.modules ?? null,
    type: event.type,
    message: event.logentry?.formatted ?? event.title,
    metadata: Object.keys(event.metadata).length > 0 ? event.metadata : { title: event.title },
    tags: event.tags.map(([key, value]) => ({ key, value })),
    entries,
    contexts: Object.keys(event.contexts).length > 0 ? event.contexts : null,
    context: event.extra ?? {},
    user: event.user ?? null,
    sdk: event.sdk ?? null,
    title: event.title,
    platform: event.platform,
    errors: event.errors.length > 0 ? event.errors : null,
    _meta: event._meta ?? null,
  };
}

/** What a row of a list shows of an event. */
export function toEventRow(read: ReadEvent): EventRow {
  const shape = shapeOf(read, []);
  return {
    id: shape.id,
    eventID: shape.eventID,
    groupID: shape.groupID,
    dateCreated: shape.dateCreated,
    dateReceived: shape.dateReceived,
    title: shape.title,
    message: shape.message,
    culprit: shape.culprit,
    type: shape.type,
    platform: shape.platform,
    user: shape.user,
    tags: shape.tags,
    dist: shape.dist,
    release: read.event?.release ?? null,
    environment: read.event?.environment ?? null,
  };
}

function entriesOf(event: StoredEvent): Entry[] {
  const entries: Entry[] = [];
  if (event.exception) {
    const values = event.exception.values.map(toException);
    const frames = event.exception.values.flatMap(({ stacktrace }) => stacktrace?.frames ?? []);
    // The name is legacy: it says whether any frame is the user's own.
    entries.push({
      type: "exception",
      data: { values, hasSystemFrames: frames.some(({ in_app }) => in_app) },
    });
  }
  if (event.threads) {
    const values = event.threads.values.map(({ stacktrace, ...thread }) => ({
      ...thread,
      stacktrace: stacktrace ? toStacktrace(stacktrace) : null,
    }));
    entries.push({ type: "threads", data: { values } });
  }
  if (event.breadcrumbs) {
    const values = event.breadcrumbs.values.map((crumb) => ({
      type: crumb.type,
      category: crumb.category ?? null,
      message: crumb.message ?? null,
      level: crumb.level,
      timestamp: crumb.timestamp === undefined ? null : toIso(crumb.timestamp),
      data: crumb.data ?? null,
      event_id: crumb.event_id ?? null,
    }));
    entries.push({ type: "breadcrumbs", data: { values } });
  }
  if (event.logentry) entries.push({ type: "message", data: { ...event.logentry } });
  if (event.request && !event.csp)
    entries.push({ type: "request", data: toRequest(event.request) });
  if (event.template) entries.push({ type: "template", data: toFrame(event.template) });
  if (event.csp) entries.push({ type: "csp", data: event.csp });
  return entries;
}

const toException = (exception: Exception) => ({
  type: exception.type ?? null,
  value: exception.value ?? null,
  module: exception.module ?? null,
  thread_id: exception.thread_id ?? null,
  mechanism: exception.mechanism ?? null,
  stacktrace: exception.stacktrace ? toStacktrace(exception.stacktrace) : null,
  raw_stacktrace: exception.raw_stacktrace ? toStacktrace(exception.raw_stacktrace) : null,
});

const toStacktrace = ({ frames, registers }: Stacktrace) => ({
  frames: frames.map(toFrame),
  registers: registers ?? null,
});

function toFrame(frame: Frame): Record<string, unknown> {
  const { in_app, abs_path, colno, lineno, ...others } = frame;
  const { pre_context: _, post_context: __, orig_in_app: ___, ...rest } = others;
  return {
    ...rest,
    absPath: abs_path ?? frame.filename ?? null,
    inApp: in_app ?? null,
    lineNo: lineno ?? null,
    colNo: colno ?? null,
    context: contextOf(frame),
  };
}

/** Source lines with their numbers: [[41, "…"], [42, "…"]]. */
function contextOf({ lineno, context_line, pre_context, post_context }: Frame): [number, string][] {
  if (context_line === undefined || lineno === undefined) return [];
  const before = pre_context ?? [];
  return [...before, context_line, ...(post_context ?? [])].map((line, index): [number, string] => [
    lineno - before.length + index,
    line,
  ]);
}

const sorted = (pairs: Pair[] | undefined) =>
  pairs ? pairs.toSorted(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1)) : null;

const toRequest = (request: HttpRequest): Record<string, unknown> => ({
  apiTarget: request.api_target ?? null,
  bodySize: request.body_size ?? null,
  cookies: request.cookies ?? null,
  data: request.data ?? null,
  env: request.env ?? null,
  fragment: request.fragment ?? null,
  method: request.method ?? null,
  protocol: request.protocol ?? null,
  url: request.url ?? null,
  headers: sorted(request.headers),
  query: sorted(request.query_string),
  inferredContentType: request.inferred_content_type ?? null,
});

/** The event as an SDK might have sent it, repaired and scrubbed; what is absent is left out. */
export function toRawEvent({ row, event }: ReadEvent): Record<string, unknown> {
  const identity = { event_id: hexOf(row.eventId), project: Number(row.projectId) };
  if (!event) return { ...identity, datetime: trimMicros(row.receivedAt) };
  const { tags, errors, received: _, report_kind: __, ...rest } = event;
  return {
    ...rest,
    ...identity,
    datetime: toIso(event.timestamp),
    tags: dictionaryOf(tags),
    ...(errors.length > 0 && { errors }),
  };
}

/** Objects and lists that are null for GlitchTip's clients are empty for Sentry's. */
const eventExtras = (event: Event, fingerprints: string[]) => ({
  projectID: String(event.projectID),
  "event.type": event.type,
  location: typeof event.metadata["filename"] === "string" ? event.metadata["filename"] : null,
  crashFile: null,
  fingerprints,
  platform: event.platform ?? "other",
  contexts: event.contexts ?? {},
  packages: event.packages ?? {},
  errors: event.errors ?? [],
  sdk: event.sdk ?? {},
  _meta: event._meta ?? {},
});

/** An event as the caller's dialect says it. */
export function speakOfEvent(speaking: Pick<Speaking, "caller">, read: ReadEvent): Event {
  const shape = toEvent(read);
  return widen(speaking, shape, () => eventExtras(shape, read.event?.hashes ?? []));
}
