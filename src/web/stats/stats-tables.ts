import { t } from "../words";
import type { Stats } from "./queries";

const outcomeWords = new Map([
  ["accepted", t("accepted")],
  ["filtered", t("filtered")],
  ["rate_limited", t("limited")],
  ["invalid", t("not readable")],
  ["abuse", t("abuse")],
  ["client_discard", t("dropped by SDKs")],
]);
export const outcomeName = (outcome: string): string => outcomeWords.get(outcome) ?? outcome;

/** Why something was not stored, or not in full, and what one can do. */
const reasonWords = new Map<string, string>([
  ["malformed", t("The request could not be read. Another SDK version or a proxy may help.")],
  ["too_large", t("Larger than the installation takes (MAX_REQUEST_BYTES).")],
  ["origin", t("A page of another origin than the project allows: see the project's settings.")],
  ["organization_disabled", t("The organization accepts no events: see its settings.")],
  ["project_disabled", t("The project's keys are switched off: see its keys.")],
  ["quota_exceeded", t("Over the limit of the key: see the project's keys.")],
  ["default_limit", t("Over the limit that every key has (DEFAULT_KEY_LIMIT_PER_MINUTE).")],
  [
    "throttled",
    t("Turned away by the share that somebody set, of the organization or the project."),
  ],
  ["unavailable", t("The database or the queue was away; SDKs may have sent it again.")],
  ["framing", t("What was sent was cut or announced with another length.")],
  ["unknown_item_type", t("A kind of item that this version does not know.")],
  ["not_supported", t("A kind of item that this version does not keep yet.")],
  ["browser_extension", t("Of an extension of somebody's browser, not of the page.")],
  ["browser-extensions", t("Thrown by an extension of somebody's browser: an inbound filter.")],
  ["localhost", t("Of a page on a developer's own machine: an inbound filter.")],
  ["filtered-transaction", t("Of a health check: an inbound filter.")],
  ["legacy-browsers", t("Of an old browser: an inbound filter.")],
  ["web-crawlers", t("Of a crawler: an inbound filter.")],
  ["chunk-load-error", t("A part of the page could not be loaded: an inbound filter.")],
  ["react-hydration-errors", t("Of React's hydration: an inbound filter.")],
  ["ip-address", t("From an address that the project's inbound filters name.")],
  ["release-version", t("Of a release that the project's inbound filters name.")],
  ["error-message", t("With a message that the project's inbound filters name.")],
  ["error-type", t("Of a type that the project's inbound filters name.")],
  ["user-agent", t("Of a user agent that the project's inbound filters name.")],
  ["country", t("From a country that the project's inbound filters name.")],
  ["duplicate", t("The same event came twice.")],
  ["empty", t("There was nothing in it.")],
  ["truncated", t("Cut off on its way.")],
  ["not_json", t("Not JSON.")],
  ["not_an_event", t("JSON, but no event.")],
  ["not_a_security_report", t("No report that browsers send.")],
  [
    "new_issues_limit",
    t(
      "More new issues in an hour than a project may have (NEW_ISSUES_PER_HOUR): kept on its overflow issue.",
    ),
  ],
  [
    "new_releases_limit",
    t("More new releases in a day than a project may have (NEW_RELEASES_PER_DAY)."),
  ],
  [
    "new_environments_limit",
    t("More new environments in a day than a project may have (NEW_ENVIRONMENTS_PER_DAY)."),
  ],
  ["queue_overflow", t("The SDK had more to send than its queue holds.")],
  ["cache_overflow", t("The SDK kept more on the device than it may.")],
  ["ratelimit_backoff", t("The SDK waited because it had been limited.")],
  ["network_error", t("The SDK could not reach the server.")],
  ["sample_rate", t("The SDK's sampleRate.")],
  ["before_send", t("The SDK's beforeSend returned nothing.")],
  ["event_processor", t("An event processor of the SDK returned nothing.")],
]);
export const reasonHelp = (reason: string): string => reasonWords.get(reason) ?? "";

export type ReasonRow = { outcome: string; reason: string; total: number };

const totalOf = (group: Stats["groups"][number]) =>
  Object.values(group.totals).reduce((sum, value) => sum + value, 0);
const seriesOf = (group: Stats["groups"][number]) => Object.values(group.series)[0] ?? [];

/** Outcome and reason, the most frequent first; what was accepted without a remark left out. */
export function reasonRows(stats: Stats): ReasonRow[] {
  return stats.groups
    .map((group) => ({
      outcome: String(group.by.outcome ?? ""),
      reason: String(group.by.reason ?? ""),
      total: totalOf(group),
    }))
    .filter(({ outcome, reason, total }) => total > 0 && !(outcome === "accepted" && reason === ""))
    .toSorted((a, b) => b.total - a.total);
}

const outcomeOrder = ["accepted", "filtered", "rate_limited", "invalid", "abuse", "client_discard"];

/** One series an outcome, in one order always, so that a colour keeps its meaning; those without a number left out. */
export function outcomeSeries(stats: Stats): { label: string; values: number[] }[] {
  return outcomeOrder.flatMap((outcome) => {
    const groups = stats.groups.filter(({ by }) => by.outcome === outcome);
    const values = stats.intervals.map((_, index) =>
      groups.reduce((sum, group) => sum + (seriesOf(group)[index] ?? 0), 0),
    );
    return values.some((value) => value > 0) ? [{ label: outcomeName(outcome), values }] : [];
  });
}

export type ProjectRow = { project: string; accepted: number; refused: number };

/** By project: what was accepted, and all else. */
export function projectRows(stats: Stats): ProjectRow[] {
  const rows = new Map<string, ProjectRow>();
  for (const group of stats.groups) {
    const project = String(group.by.project ?? "");
    const row = rows.get(project) ?? { project, accepted: 0, refused: 0 };
    const total = totalOf(group);
    rows.set(
      project,
      group.by.outcome === "accepted"
        ? { ...row, accepted: row.accepted + total }
        : { ...row, refused: row.refused + total },
    );
  }
  return [...rows.values()].toSorted((a, b) => b.accepted + b.refused - a.accepted - a.refused);
}

/** As spreadsheets read it; a cell never begins like a formula. */
export function csvOf(stats: Stats): string {
  const names = [...new Set(stats.groups.flatMap(({ by }) => Object.keys(by)))];
  const head = ["time", ...names, "quantity"];
  const lines = stats.groups.flatMap((group) =>
    stats.intervals.flatMap((time, index) => {
      const value = seriesOf(group)[index] ?? 0;
      const known = new Map(Object.entries(group.by));
      return value === 0
        ? []
        : [[time, ...names.map((name) => String(known.get(name) ?? "")), String(value)]];
    }),
  );
  return [head, ...lines].map((line) => line.map(cellOf).join(",")).join("\r\n");
}

const cellOf = (text: string) =>
  `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
