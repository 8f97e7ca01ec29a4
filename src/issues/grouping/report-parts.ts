import type { NormalEvent } from "../../events/normal-event";
import { printed } from "../../events/text";
import { sourceOf } from "../../events/title";
import type { Explanation } from "./grouping";

/** What a security report is grouped by: what was not allowed, and where it came from. Of all versions. */
export function reportParts(event: NormalEvent): Explanation["parts"] {
  const report = event.csp ?? {};
  if (event.report_kind && event.report_kind !== "csp") {
    const host = printed(report.hostname ?? sourceOf(printed(report.url ?? "")));
    return [{ type: event.report_kind, value: `${printed(report.type ?? "")} ${host}`.trim() }];
  }
  return [
    {
      type: printed(report["effective-directive"] ?? ""),
      value: sourceOf(printed(report["blocked-uri"] ?? "")),
    },
  ];
}
