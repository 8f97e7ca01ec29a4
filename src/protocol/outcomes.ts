export const outcomes = [
  "accepted",
  "filtered",
  "rate_limited",
  "invalid",
  "abuse",
  "client_discard",
] as const;
export type Outcome = (typeof outcomes)[number];

/** Why something was not stored, or not in full. A new reason is added here, or it is counted as `other`. */
const reasons = [
  "",
  // Of the doors.
  "malformed",
  "too_large",
  "origin",
  "organization_disabled",
  "project_disabled",
  "quota_exceeded",
  "default_limit",
  "throttled",
  "unavailable",
  // Of the digest.
  "framing",
  "unknown_item_type",
  "not_supported",
  "browser_extension",
  "duplicate",
  "empty",
  "truncated",
  "not_json",
  "not_an_event",
  "not_a_security_report",
  "discarded",
  // Of a project's inbound filters, as Sentry's clients know them.
  "browser-extensions",
  "localhost",
  "filtered-transaction",
  "legacy-browsers",
  "web-crawlers",
  "chunk-load-error",
  "react-hydration-errors",
  "ip-address",
  "release-version",
  "error-message",
  "error-type",
  "user-agent",
  "country",
  "new_issues_limit",
  "new_releases_limit",
  "new_environments_limit",
  // Of SDKs, as documented and as seen in their reports.
  "queue_overflow",
  "cache_overflow",
  "ratelimit_backoff",
  "network_error",
  "sample_rate",
  "before_send",
  "event_processor",
  "send_error",
  "internal_sdk_error",
  "insufficient_data",
  "backpressure",
  "buffer_overflow",
  "ignored",
  "invalid",
  "no_parent_span",
  "callback_error",
  "unknown",
  "other",
] as const;
export type Reason = (typeof reasons)[number];

const known: ReadonlySet<string> = new Set(reasons);

/** A reason that anybody may name → one of a known few: what is counted must not grow with what strangers write. */
export const knownReason = (reason: string): Reason =>
  known.has(reason) ? (reason as Reason) : "other";
