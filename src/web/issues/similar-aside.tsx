import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Search } from "../filters";
import { sharedPart } from "../filters";
import { Age } from "../parts/time";
import { plural, t } from "../words";
import { wordsOf } from "./issue-header";
import { similarIssues } from "./similar-queries";

const shownMax = 5;

/** Issues that may be the same fault, beside an event; nothing where there are none. */
export function SimilarAside({
  org,
  issue,
  search,
}: {
  org: string;
  issue: string;
  search: Search;
}) {
  const { data = [] } = useQuery(similarIssues(org, issue));
  if (data.length === 0) return null;
  return (
    <section
      aria-label={t("Similar issues")}
      className="grid grid-cols-[minmax(0,1fr)] gap-3 border-t border-line p-4"
      data-print="no"
    >
      <h2 className="text-base">{t("Similar issues")}</h2>
      <ul className="grid grid-cols-[minmax(0,1fr)] gap-3">
        {data.slice(0, shownMax).map(([similar, { title, frames }]) => {
          const { type, message } = wordsOf(similar);
          return (
            <li key={similar.id} className="grid grid-cols-[minmax(0,1fr)] gap-0.5">
              <Link
                to={`/${org}/issues/${similar.id}`}
                search={sharedPart(search)}
                className="quiet inline-flex min-h-6 min-w-0 items-center max-md:min-h-11"
              >
                <bdi className="truncate" title={similar.title.slice(0, 300)}>
                  {[type, message].filter(Boolean).join(": ") || t("(no message)")}
                </bdi>
              </Link>
              <span className="truncate text-xs text-muted">
                {[
                  similar.shortId,
                  title === 1 ? t("same title") : "",
                  frames > 0 ? t("{n} % of the stack", { n: Math.round(frames * 100) }) : "",
                  plural(Number(similar.count), "event", "events"),
                ]
                  .filter(Boolean)
                  .join(" · ")}{" "}
                <Age at={similar.lastSeen} />
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
