import { daySeconds, minuteSeconds } from "../protocol/durations";
import { normalizeEventId } from "../protocol/event-id";
import { isObject, type Json, type JsonObject } from "../protocol/json";
import { parseLevel } from "../protocol/level";
import { normalizeBreadcrumbs } from "./breadcrumbs";
import type { Budget } from "./budget";
import { type Contexts, contextOf, normalizeContexts } from "./contexts";
import { normalizeExceptions, normalizeThreads, placeLooseStacks } from "./exceptions";
import { isNothing, listIn, objectIn, saysAnything } from "./expected";
import {
  extraItemLimits,
  fingerprintOf,
  keepMeta,
  normalizeExtra,
  normalizeModules,
} from "./extras";
import { normalizeFrame, normalizeStacktrace } from "./frames";
import { normalizeMessage } from "./message";
import type { NormalEvent, Tag } from "./normal-event";
import { environmentOf, normalizeSdk, platformOf, releaseOf } from "./origin";
import { newReport, noteError, noteLength, type Report } from "./report";
import { headerOf, normalizeRequest } from "./request";
import { normalizeTags, tagsOf } from "./tags";
import { textOf } from "./text";
import { parseTime } from "./time";
import { clip } from "./tree";
import { type Connection, normalizeUser } from "./user";
import { parseUserAgent } from "./user-agent";

export type Source = {
  eventId: string;
  /** Seconds since 1970. */
  receivedAt: number;
  sentAt?: number;
  /** `sentry_client` of the credentials or the User-Agent of the request. */
  client?: string;
  userAgent?: string;
  connection: Connection;
  /** Envelope header's `sdk` and `trace`. */
  sdk?: Json;
  trace?: Json;
};

const driftSecondsMin = 5 * minuteSeconds;
const futureSecondsMax = 60;
const imagesMax = 500;
const ageSecondsMax = 30 * daySeconds;
/** Tags that fill a field where there is none, and are made of it afterwards. */
const fieldTags = ["release", "environment", "dist", "transaction", "logger", "server_name"].concat(
  ["level", "user", "site"],
);
const interfaces = [
  ["sentry.interfaces.Exception", "exception"],
  ["sentry.interfaces.Stacktrace", "stacktrace"],
  ["sentry.interfaces.Message", "logentry"],
  ["sentry.interfaces.Http", "request"],
  ["sentry.interfaces.User", "user"],
  ["sentry.interfaces.Breadcrumbs", "breadcrumbs"],
  ["sentry.interfaces.Template", "template"],
  ["sentry.interfaces.Contexts", "contexts"],
] as const;

/**
 * Repairs one event payload. Never fails on an odd field: it costs that field and adds an entry to the report.
 * Works for every SDK generation from raven to today (shapes: public protocol docs and recorded requests).
 */
export function normalizeEvent(
  payload: JsonObject,
  source: Source,
  budget?: Budget,
): { event: NormalEvent; report: Report } {
  const report = newReport(budget);
  const raw = withoutLegacyNames(payload);
  keepErrors(raw.errors, report);
  const isNamed = normalizeEventId(raw.event_id) ?? /^[0-]*$/.test(textOf(raw.event_id, 40) ?? "");
  if (!isNamed) noteError(report, "invalid_data", "event_id", raw.event_id);
  const sdk = normalizeSdk(isNothing(raw.sdk) ? source.sdk : raw.sdk, source.client, report);
  const platform = platformOf(raw.platform, sdk?.name, report);
  const exceptions =
    field(report, "exception", () => normalizeExceptions(raw.exception, report)) ?? [];
  const threads = field(report, "threads", () => normalizeThreads(raw.threads, report)) ?? [];
  placeLooseStacks(exceptions, threads, normalizeStacktrace(raw.stacktrace, report, "stacktrace"));
  const request = field(report, "request", () => normalizeRequest(raw.request, report));
  const contexts = field(report, "contexts", () => normalizeContexts(raw.contexts, report)) ?? {};
  addUserAgent(
    contexts,
    platform,
    headerOf(request, "User-Agent") ?? browserAgent(platform, source),
  );
  const trace = isObject(source.trace) ? source.trace : {};
  const clientTags = field(report, "tags", () => normalizeTags(raw.tags, report)) ?? new Map();
  const tagNamed = (name: string): string | undefined => clientTags.get(name);
  const logentry = field(report, "logentry", () =>
    normalizeMessage(raw.logentry, raw.message, report),
  );
  const settings = isObject(sdk?.settings) ? sdk.settings : {};
  const remoteAddress =
    isObject(raw.request) && isObject(raw.request.env) ? raw.request.env.REMOTE_ADDR : undefined;

  const level = parseLevel(raw.level ?? clientTags.get("level"));
  if (!isNothing(raw.level) && !level) noteError(report, "invalid_data", "level", raw.level);
  const required: NormalEvent = {
    event_id: source.eventId,
    timestamp: timeOf(raw.timestamp, source, report),
    received: source.receivedAt,
    level: level ?? "error",
    platform,
    contexts,
    tags: [],
  };
  const release = releaseOf(raw.release ?? tagNamed("release") ?? trace.release, report);
  const environment = environmentOf(
    raw.environment ?? tagNamed("environment") ?? trace.environment,
    report,
  );
  const dist = release ? textOf(raw.dist ?? tagNamed("dist"), 64) : undefined;
  if (!release && !isNothing(raw.dist)) noteError(report, "invalid_data", "dist", raw.dist);
  const transaction =
    textOf(raw.transaction, 200) ?? textOf(raw.culprit, 200) ?? tagNamed("transaction");
  const logger = textOf(raw.logger, 200) ?? tagNamed("logger");
  const serverName =
    textOf(raw.server_name, 200) ?? textOf(raw.name, 200) ?? tagNamed("server_name");
  const user = field(report, "user", () =>
    normalizeUser(
      raw.user,
      {
        platform,
        inferIp: settings.infer_ip,
        remoteAddress: typeof remoteAddress === "string" ? remoteAddress : undefined,
        connection: source.connection,
      },
      report,
    ),
  );
  const breadcrumbs =
    field(report, "breadcrumbs", () => normalizeBreadcrumbs(raw.breadcrumbs, report)) ?? [];
  const drift = driftOf(source);
  for (const crumb of breadcrumbs) if (crumb.timestamp !== undefined) crumb.timestamp += drift;
  const extra = normalizeExtra(raw.extra, report);
  const modules = normalizeModules(raw.modules, report);
  const fingerprint = fingerprintOf(raw.fingerprint, raw.checksum, report);
  const debugMeta = objectIn(report, "debug_meta", raw.debug_meta);
  const images = listIn(report, "debug_meta.images", debugMeta?.images);
  if (images.length > imagesMax) noteLength(report, "debug_meta.images", images.length);
  const template = normalizeFrame(raw.template, report, "template");
  const event: NormalEvent = {
    ...required,
    ...(logger && { logger }),
    ...(transaction && { transaction }),
    ...(serverName && { server_name: serverName }),
    ...(release && { release }),
    ...(dist && { dist }),
    ...(environment && { environment }),
    ...(logentry && { logentry }),
    ...(exceptions.length > 0 && { exception: { values: exceptions } }),
    ...(threads.length > 0 && { threads: { values: threads } }),
    ...(breadcrumbs.length > 0 && { breadcrumbs: { values: breadcrumbs } }),
    ...(request && { request }),
    ...(user && { user }),
    ...(sdk && { sdk }),
    ...(extra && { extra }),
    ...(modules && { modules }),
    ...(fingerprint && { fingerprint }),
    ...(template && { template }),
    ...(images.length > 0 && {
      debug_meta: {
        images: images
          .slice(0, imagesMax)
          .map((image, n) => clip(image, extraItemLimits, report, `debug_meta.images.${n}`)),
      },
    }),
  };
  keepMeta(raw._meta, report);
  const sent = new Map(clientTags);
  for (const name of fieldTags) clientTags.delete(name);
  report.givenTags = new Set(clientTags.keys());
  event.tags = tagsOf(event, clientTags, report.givenTags);
  noteReplacedTags(sent, event.tags, report);
  return { event, report };
}

const errorsMax = 50;

/** What the client itself had to repair. */
function keepErrors(value: Json | undefined, report: Report): void {
  for (const [index, each] of listIn(report, "errors", value).slice(0, errorsMax).entries()) {
    const known = objectIn(report, `errors.${index}`, each);
    if (!known || !saysAnything(known)) continue;
    const type = textOf(known.type, 64);
    if (!type) noteError(report, "invalid_data", `errors.${index}`, known);
    else noteError(report, type, textOf(known.name, 200) ?? "", known.value);
  }
}

/** Says which tags of the client gave way to what a field says. */
function noteReplacedTags(sent: Map<string, string>, tags: Tag[], report: Report): void {
  const kept = new Map(tags);
  for (const [key, text] of sent) {
    const isSame = kept.get(key) === text || (key === "level" && parseLevel(text));
    if (!isSame) noteError(report, "invalid_attribute", `tags.${key}`, text);
  }
}

/** Runs one field's repair; a bug or an impossible shape there costs the field, not the event. */
function field<T>(report: Report, name: string, repair: () => T): T | undefined {
  try {
    return repair();
  } catch (error) {
    noteError(report, "unknown_error", name, (error as Error).message);
    return undefined;
  }
}

function withoutLegacyNames(payload: JsonObject): JsonObject {
  const raw = { ...payload };
  for (const [legacy, name] of interfaces) {
    if (raw[legacy] !== undefined) raw[name] ??= raw[legacy];
  }
  if (!isNothing(raw.device) && (isObject(raw.contexts) || isNothing(raw.contexts)))
    raw.contexts = { device: raw.device ?? null, ...(isObject(raw.contexts) ? raw.contexts : {}) };
  return raw;
}

function timeOf(value: Json | undefined, source: Source, report: Report): number {
  const { receivedAt } = source;
  if (isNothing(value)) return receivedAt;
  const parsed = parseTime(value);
  if (parsed === undefined) {
    noteError(report, "datetime_from_date_parsing", "timestamp", value);
    return receivedAt;
  }
  const corrected = parsed + driftOf(source);
  if (corrected !== parsed) noteError(report, "clock_drift", "timestamp", value);
  if (corrected > receivedAt + futureSecondsMax) {
    noteError(report, "future_timestamp", "timestamp", value);
    return receivedAt;
  }
  if (corrected < receivedAt - ageSecondsMax)
    noteError(report, "past_timestamp", "timestamp", value);
  return corrected;
}

/** Seconds to add to every time of the payload: only a clock that is clearly wrong is corrected. */
function driftOf({ receivedAt, sentAt }: Source): number {
  const drift = sentAt === undefined ? 0 : receivedAt - sentAt;
  return Math.abs(drift) > driftSecondsMin ? drift : 0;
}

const browserAgent = (platform: string, source: Source) =>
  platform === "javascript" && source.userAgent?.startsWith("Mozilla/")
    ? source.userAgent
    : undefined;

function addUserAgent(contexts: Contexts, platform: string, agent: string | undefined): void {
  if (!agent) return;
  const { browser, os, device } = parseUserAgent(agent);
  const system = platform === "javascript" || platform === "other" ? "os" : "client_os";
  if (browser && !contextOf(contexts, "browser")?.name)
    contexts.browser = { ...browser, type: "browser" };
  if (os && !contextOf(contexts, system)?.name) contexts[system] = { ...os, type: system };
  if (device && !contextOf(contexts, "device") && device.family !== "Other")
    contexts.device = { ...device, type: "device" };
}
