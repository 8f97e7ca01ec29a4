import { Info, TriangleAlert } from "lucide-react";
import { t } from "../words";
import { warningsOf } from "./event-warnings";
import type { IssueEvent } from "./issue-queries";

/** What happened to the data between the program and this page. */
export function WarningList({ event }: { event: IssueEvent }) {
  const warnings = warningsOf(event);
  if (warnings.length === 0) return null;
  return (
    <ul className="grid gap-1 px-4 pt-3" aria-label={t("About this event's data")}>
      {warnings.map(({ id, text, tone }) => {
        const Icon = tone === "warn" ? TriangleAlert : Info;
        return (
          <li key={id} className="flex items-start gap-2 text-xs leading-5">
            <Icon
              size={14}
              className={`mt-0.5 shrink-0 ${tone === "warn" ? "text-warn" : "text-muted"}`}
              aria-hidden
            />
            <span className="min-w-0">{text}</span>
          </li>
        );
      })}
    </ul>
  );
}
