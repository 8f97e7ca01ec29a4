import type { JsonObject } from "../protocol/json";
import type { SecurityReport } from "../protocol/security-report";
import type { Budget } from "./budget";
import { extraItemLimits } from "./extras";
import type { NormalEvent } from "./normal-event";
import { normalizeEvent, type Source } from "./normalize";
import type { Report } from "./report";
import { tagsOf } from "./tags";
import { clip } from "./tree";

/** The event that a browser's security report becomes. */
export function eventOfReport(
  { kind, report: body, ageMs, userAgent }: SecurityReport,
  source: Source & { release?: string; environment?: string },
  budget?: Budget,
): { event: NormalEvent; report: Report } {
  const url = body["document-uri"] ?? body.url;
  const agent = userAgent ?? source.userAgent;
  const { event, report } = normalizeEvent(
    {
      platform: "other",
      level: body.disposition === "report" ? "info" : "error",
      timestamp: source.receivedAt - ageMs / 1000,
      logger: kind,
      ...(source.release && { release: source.release }),
      ...(source.environment && { environment: source.environment }),
      request: { url: url ?? null, headers: agent ? [["User-Agent", agent]] : [] },
    },
    source,
    budget,
  );
  event.csp = clip(body, extraItemLimits, report, "csp") as JsonObject;
  event.report_kind = kind;
  event.tags = tagsOf(event, new Map(event.tags), report.givenTags);
  return { event, report };
}
