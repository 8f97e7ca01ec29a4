import { Link } from "@tanstack/react-router";
import type { Search } from "../filters";
import { t } from "../words";
import { Timeline } from "./timeline";

const entriesInAside = 5;

/** The newest of what happened to an issue, beside an event. */
export function ActivityAside({
  org,
  issue,
  search,
  base,
}: {
  org: string;
  issue: string;
  search: Search;
  base: string;
}) {
  return (
    <section
      aria-label={t("Activity")}
      className="grid grid-cols-[minmax(0,1fr)] gap-3 border-t border-line p-4"
      data-print="no"
    >
      <header className="flex items-baseline justify-between gap-2">
        <h2 className="text-base">{t("Activity")}</h2>
        <Link
          to={`${base}/activity`}
          search={search}
          className="inline-flex min-h-6 items-center text-xs max-md:min-h-11"
        >
          {t("All of it")}
        </Link>
      </header>
      <Timeline org={org} issue={issue} most={entriesInAside} />
    </section>
  );
}
