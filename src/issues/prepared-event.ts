import type { AcceptedEnvelope } from "../../queues/catalog";
import type { NormalEvent } from "../events/normal-event";
import type { Source } from "../events/normalize";
import { encodePayload, storedEventOf } from "../events/payload";
import { noteError, type Report } from "../events/report";
import { scrubEvent } from "../events/scrub";
import { summarize, titleOf } from "../events/title";
import { identityOf } from "../events/user";
import type { EnvelopeWork } from "../item-type";
import { secondMs } from "../protocol/durations";
import type { DigestedEvent } from "./digested-event";
import { resolveTitle } from "./grouping/fingerprint";
import { groupEvent } from "./grouping/group-event";
import { hashesOf } from "./grouping/grouping";
import { personHash } from "./person-hash";
import { linesOf } from "./text-lines";
import { whoseOf } from "./whose";

/** An event with what its store must know of it beside the issue it makes. */
export type PreparedEvent = DigestedEvent & {
  messageId: string;
  category: string;
};

/** Scrub, then name, then group: a secret must reach neither a title nor a hash. */
export function preparedEventOf(
  meta: AcceptedEnvelope,
  event: NormalEvent,
  report: Report,
  category: string,
  { fields, grouping, steps, owners, ownerSteps }: EnvelopeWork["rules"],
): PreparedEvent {
  scrubEvent(event, report, {
    defaults: meta.scrubDefaults,
    keepIp: !meta.scrubIpAddresses,
    ...(fields && { own: fields }),
  });
  // After scrubbing: where addresses are not kept, an address alone makes nobody distinct.
  const identity = identityOf(event.user);
  const { groupings, rule } = groupEvent(event, meta.isOnG2Alone === true, grouping, steps);
  if (grouping && steps.left < 0) {
    noteError(report, "rules_too_slow", "fingerprint", "rules of the project were left out");
  }
  const summary = {
    ...summarize(event),
    ...(rule?.title && { title: titleOf(resolveTitle(rule.title, event)) }),
  };
  const hashes = Object.values(groupings).flatMap(hashesOf);
  const stored = storedEventOf(event, summary, report, hashes);
  return {
    messageId: meta.id,
    orgId: meta.orgId,
    projectId: meta.projectId,
    eventId: event.event_id,
    receivedAt: meta.receivedAt,
    happenedAt: event.timestamp * secondMs,
    category,
    groupings,
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
    ...(owners && { whose: whoseOf(event, owners, ownerSteps) }),
    lines: linesOf(stored),
    payload: encodePayload(stored),
  };
}

/** By what an issue that an event makes is found. */
export function searchTextOf(event: NormalEvent, title: string, culprit: string): string {
  const main = event.exception?.values.at(-1);
  const parts = [title, culprit, main?.value, event.logentry?.formatted, event.request?.url];
  return [...new Set(parts.filter(Boolean))].join("\n").slice(0, 2000);
}

/** A browser or a proxy is no SDK, so its User-Agent says nothing of one. */
const sdkAgent = /^(?:sentry|raven)/i;

/** What the request said about an event that the event itself does not. */
export function sourceOf(meta: AcceptedEnvelope, eventId: string): Source {
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
