import { createHash } from "node:crypto";
import type { AcceptedEnvelope } from "../../queues/catalog";
import {
  type Budget,
  isExceeded,
  newBudget,
  newEnvelopeBudget,
  settle,
  spend,
} from "../events/budget";
import { markInApp } from "../events/in-app";
import { type NormalEvent, normalizeEvent, type Source } from "../events/normalize";
import { encodePayload, storedEventOf } from "../events/payload";
import { noteError, type Report } from "../events/report";
import { scrubEvent } from "../events/scrub";
import { eventOfReport } from "../events/security";
import { parseTime } from "../events/time";
import { summarize } from "../events/title";
import { identityOf } from "../events/user";
import { groupingOf } from "../issues/grouping/g1";
import { withG1Marks } from "../issues/grouping/g1-marks";
import { personHash } from "../issues/person-hash";
import type { DigestedEvent } from "../issues/plan";
import {
  type Category,
  categoryOf,
  isCovered,
  isKnownType,
  quantityOf,
} from "../protocol/categories";
import { parseClientReport } from "../protocol/client-report";
import { hourOf } from "../protocol/durations";
import type { Item } from "../protocol/envelope";
import { normalizeEventId } from "../protocol/event-id";
import { isTooLarge } from "../protocol/item-limits";
import { isObject, type Json, parseJson } from "../protocol/json";
import type { Outcome, Reason } from "../protocol/outcomes";
import { parseSecurityReports, type SecurityReport } from "../protocol/security-report";
import { shortenJson } from "../protocol/shorten-json";
import { foldOutcomes, type OutcomeRow } from "../stats/outcomes";
import type { OpenedEnvelope } from "./open";

/** What one message comes to: events to store, and a count of everything else. */
export type Prepared = {
  messageId: string;
  events: PreparedEvent[];
  outcomes: OutcomeRow[];
};

export type PreparedEvent = DigestedEvent & {
  category: string;
  release?: string;
  environment?: string;
};

const extensionSchemes = /^(?:chrome|moz|safari-web|safari|ms-browser)-extension|^about(?::|$)/i;

/**
 * Decides what becomes of every item of one envelope. Pure: the same message gives the same result at every
 * delivery. A bad item is counted and costs nothing but itself.
 */
export function prepare(meta: AcceptedEnvelope, envelope: OpenedEnvelope): Prepared {
  const prepared: Prepared = { messageId: meta.id, events: [], outcomes: [] };
  const count: Count = (outcome, reason, category, quantity = 1) =>
    prepared.outcomes.push({
      messageId: meta.id,
      receivedAt: meta.receivedAt,
      projectId: meta.projectId,
      hour: hourOf(meta.receivedAt),
      ...{ category, outcome, reason, quantity },
    });
  const limited = new Set(meta.limited);
  const budget = newEnvelopeBudget();
  let headerId = normalizeEventId(envelope.header.event_id) ?? meta.eventId;
  if (envelope.warnings.length > 0)
    count("invalid", "framing", "unknown", envelope.warnings.length);

  for (const [index, item] of envelope.items.entries()) {
    const category = categoryOf(item.type);
    // Counted at the edge already.
    if (isCovered(limited, category)) continue;
    const ownId = derivedEventId(meta.id, index);
    try {
      if (isTooLarge(item) || isExceeded(budget)) throw new UnreadableItem("too_large");
      if (item.type === "event") {
        prepareEvent(prepared, meta, envelope, item, headerId, ownId, count, budget);
        headerId = undefined;
      } else if (item.type === "raw_security") {
        prepareReports(prepared, meta, item, index, count, budget);
      } else if (item.type === "client_report") {
        prepareClientReport(item, count, budget);
      } else if (!isKnownType(item.type)) {
        count("invalid", "unknown_item_type", "unknown");
      } else {
        // Nothing vanishes silently: until its feature is there, an item is counted as not stored.
        count("filtered", "not_supported", category, quantityOf(item.headers));
      }
    } catch (error) {
      if (!(error instanceof UnreadableItem)) throw error;
      count("invalid", error.reason, category);
    }
  }
  prepared.outcomes = foldOutcomes(prepared.outcomes);
  return prepared;
}

class UnreadableItem extends Error {
  constructor(readonly reason: Reason) {
    super(reason);
  }
}

type Count = (outcome: Outcome, reason: Reason, category: Category, quantity?: number) => void;

function prepareEvent(
  prepared: Prepared,
  meta: AcceptedEnvelope,
  envelope: OpenedEnvelope,
  item: Item,
  headerId: string | undefined,
  ownId: string,
  count: Count,
  budget: Budget,
): void {
  const { payload, isShortened } = readJson(item, budget);
  if (!isObject(payload)) throw new UnreadableItem("not_an_event");
  if (payload.type === "transaction") {
    count("filtered", "not_supported", "transaction");
    return;
  }
  const eventId = headerId ?? normalizeEventId(payload.event_id) ?? ownId;
  const source = {
    ...sourceOf(meta, eventId),
    sdk: envelope.header.sdk ?? null,
    trace: envelope.header.trace ?? null,
    ...sentAtOf(envelope.header.sent_at),
  };
  const { event, report } = normalizeEvent(payload, source, newBudget(budget));
  if (isShortened) noteError(report, "value_too_long", "event", "long lists were shortened");
  prepared.events.push(finish(meta, event, report, event.exception ? "error" : "default"));
  settle(budget, report.budget);
}

function prepareReports(
  prepared: Prepared,
  meta: AcceptedEnvelope,
  item: Item,
  index: number,
  count: Count,
  budget: Budget,
): void {
  const parsed = parseSecurityReports(readJson(item, budget).payload);
  if (!parsed) throw new UnreadableItem("not_a_security_report");
  if (parsed.malformed > 0) {
    count("invalid", "not_a_security_report", "security", parsed.malformed);
  }
  if (parsed.others > 0) count("filtered", "not_supported", "security", parsed.others);
  if (parsed.excess > 0) count("invalid", "too_large", "security", parsed.excess);
  const header = (name: "sentry_release" | "sentry_environment") =>
    typeof item.headers[name] === "string" ? item.headers[name] : undefined;
  const release = meta.release ?? header("sentry_release");
  const environment = meta.environment ?? header("sentry_environment");
  for (const [number, security] of parsed.reports.entries()) {
    if (isFromExtension(security)) {
      count("filtered", "browser_extension", "security");
      continue;
    }
    const source = {
      ...sourceOf(meta, derivedEventId(meta.id, index, number)),
      ...(release && { release }),
      ...(environment && { environment }),
    };
    const { event, report } = eventOfReport(security, source, newBudget(budget));
    prepared.events.push(finish(meta, event, report, "security"));
    settle(budget, report.budget);
  }
}

const isFromExtension = ({ report }: SecurityReport) =>
  [report["blocked-uri"], report["source-file"]].some(
    (uri) => typeof uri === "string" && extensionSchemes.test(uri),
  );

function prepareClientReport(item: Item, count: Count, budget: Budget): void {
  for (const { category, reason, quantity, outcome } of parseClientReport(
    readJson(item, budget).payload,
  )) {
    count(outcome, reason, category, quantity);
  }
}

/** Scrub, then name, then group: a secret must reach neither a title nor a hash. */
function finish(
  meta: AcceptedEnvelope,
  event: NormalEvent,
  report: Report,
  category: string,
): PreparedEvent {
  scrubEvent(event, report, { defaults: meta.scrubDefaults, keepIp: !meta.scrubIpAddresses });
  // After scrubbing: where addresses are not kept, an address alone makes nobody distinct.
  const identity = identityOf(event.user);
  const grouping = withG1Marks(event, () => groupingOf(event));
  markInApp(event);
  const summary = summarize(event);
  const stored = storedEventOf(event, summary, report, [grouping.primary, ...grouping.secondary]);
  return {
    orgId: meta.orgId,
    projectId: meta.projectId,
    eventId: event.event_id,
    receivedAt: meta.receivedAt,
    category,
    grouping,
    summary: {
      ...summary,
      level: event.level,
      platform: event.platform,
      tags: event.tags,
      ...(event.logger && { logger: event.logger }),
      searchText: searchTextOf(event, summary.title, summary.culprit),
    },
    ...(identity && { userHash: personHash(meta.projectId, identity) }),
    ...(event.release && { release: event.release }),
    ...(event.environment && { environment: event.environment }),
    payload: encodePayload(stored),
  };
}

function searchTextOf(event: NormalEvent, title: string, culprit: string): string {
  const main = event.exception?.values.at(-1);
  const parts = [title, culprit, main?.value, event.logentry?.formatted, event.request?.url];
  return [...new Set(parts.filter(Boolean))].join("\n").slice(0, 2000);
}

/** A browser or a proxy is no SDK, so its User-Agent says nothing of one. */
const sdkAgent = /^(?:sentry|raven)/i;

function sourceOf(meta: AcceptedEnvelope, eventId: string): Source {
  const agent = meta.userAgent && sdkAgent.test(meta.userAgent) ? meta.userAgent : undefined;
  const client = meta.client ?? agent;
  return {
    eventId,
    receivedAt: meta.receivedAt / 1000,
    connection: { ...(meta.ip && { ip: meta.ip }), ...(meta.geo && { geo: meta.geo }) },
    ...(client && { client }),
    ...(meta.userAgent && { userAgent: meta.userAgent }),
  };
}

function sentAtOf(value: Json | undefined): { sentAt?: number } {
  const sentAt = parseTime(value);
  return sentAt === undefined ? {} : { sentAt };
}

function readJson(item: Item, budget: Budget): { payload: Json; isShortened: boolean } {
  if (item.payload.length === 0) throw new UnreadableItem("empty");
  if (!spend(budget, "bytes", item.payload.length)) throw new UnreadableItem("too_large");
  const json = shortenJson(item.payload);
  try {
    return { payload: parseJson(json), isShortened: json !== item.payload };
  } catch {
    throw new UnreadableItem(item.truncated ? "truncated" : "not_json");
  }
}

/** The same at every delivery of the message, unlike a random one. */
const derivedEventId = (messageId: string, ...place: number[]) =>
  createHash("sha256")
    .update([messageId, ...place].join(":"))
    .digest("hex")
    .slice(0, 32);
