import { lookUp } from "./dictionary";
import type { JsonObject } from "./json";

/** What rate limits, quotas, client reports and outcomes are counted in. */
export type Category = string;

const categoryOfType: Record<string, Category> = {
  event: "error",
  transaction: "transaction",
  span: "span",
  otel_span: "span",
  attachment: "attachment",
  session: "session",
  sessions: "session",
  check_in: "monitor",
  feedback: "feedback",
  user_report: "feedback",
  client_report: "internal",
  log: "log_item",
  otel_log: "log_item",
  trace_metric: "trace_metric",
  statsd: "metric_bucket",
  metric_buckets: "metric_bucket",
  metric_meta: "metric_bucket",
  replay_event: "replay",
  replay_recording: "replay",
  replay_video: "replay",
  profile: "profile",
  profile_chunk: "profile_chunk",
  raw_security: "security",
};

/** SDKs look a limit up under one of these names, so a limit is always sent under all of them. */
const aliases: Category[][] = [
  ["error", "default", "security"],
  ["transaction", "span"],
  ["trace_metric", "trace_metric_byte", "metric", "metric_bucket"],
  ["log_item", "log_byte"],
  ["profile", "profile_chunk", "profile_chunk_ui"],
  ["feedback", "user_report"],
  ["monitor"],
  ["replay"],
  ["session"],
  ["attachment"],
];

const categories: ReadonlySet<Category> = new Set([
  ...Object.values(categoryOfType),
  ...aliases.flat(),
  "internal",
  "unknown",
  "other",
  // Not sent by anybody: what a project may not have more of.
  "issue",
  "release",
  "environment",
]);

/** A category that anybody may name → one of a known few: what is counted must not grow with what strangers write. */
export const knownCategory = (category: string): Category =>
  categories.has(category) ? category : "other";

export const isKnownType = (type: string) => Object.hasOwn(categoryOfType, type);

export const categoryOf = (type: string): Category => lookUp(categoryOfType, type) ?? "unknown";

/** Categories that share one limit: the first name stands for the group. */
export function limitGroup(category: Category): Category {
  return aliases.find((group) => group.includes(category))?.[0] ?? category;
}

export function aliasesOf(category: Category): Category[] {
  return aliases.find((group) => group.includes(category)) ?? [category];
}

/** Never limited: reports about losses must not be lost themselves. */
export const isLimitable = (category: Category) =>
  category !== "internal" && category !== "unknown";

/** Whether one of the limited groups covers a category. */
export const isCovered = (groups: ReadonlySet<Category>, category: Category) =>
  isLimitable(category) && groups.has(limitGroup(category));

/** Number of things in an item: containers announce it, everything else is one. */
export function quantityOf(headers: JsonObject): number {
  const count = headers.item_count;
  return typeof count === "number" && Number.isInteger(count) && count > 0 && count <= 10_000
    ? count
    : 1;
}
