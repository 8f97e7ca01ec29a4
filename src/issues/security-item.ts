import { newBudget, settle } from "../events/budget";
import { eventOfReport } from "../events/security";
import type { ItemType } from "../item-type";
import { derivedEventId } from "../platform/ids";
import { parseSecurityReports, type SecurityReport } from "../protocol/security-report";
import { eventStore } from "./event-store";
import { type PreparedEvent, preparedEventOf, sourceOf } from "./prepared-event";

/** Reports that browsers send of themselves: each makes an event. */
export const securityItem: ItemType<PreparedEvent> = {
  prepare(item, index, { meta, budget, count, readJson, isFiltered, rules }) {
    const json = readJson(item);
    if (typeof json === "string") return json;
    const parsed = parseSecurityReports(json.payload);
    if (!parsed) return "not_a_security_report";
    if (parsed.malformed > 0) {
      count("invalid", "not_a_security_report", "security", parsed.malformed);
    }
    if (parsed.others > 0) count("filtered", "not_supported", "security", parsed.others);
    if (parsed.excess > 0) count("invalid", "too_large", "security", parsed.excess);
    const header = (name: "sentry_release" | "sentry_environment") =>
      typeof item.headers[name] === "string" ? item.headers[name] : undefined;
    const release = meta.release ?? header("sentry_release");
    const environment = meta.environment ?? header("sentry_environment");
    const prepared: PreparedEvent[] = [];
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
      if (!isFiltered(event, "security")) {
        prepared.push(preparedEventOf(meta, event, report, "security", rules));
      }
      settle(budget, report.budget);
    }
    return prepared;
  },
  store: eventStore,
};

const extensionSchemes = /^(?:chrome|moz|safari-web|safari|ms-browser)-extension|^about(?::|$)/i;

const isFromExtension = ({ report }: SecurityReport) =>
  [report["blocked-uri"], report["source-file"]].some(
    (uri) => typeof uri === "string" && extensionSchemes.test(uri),
  );
