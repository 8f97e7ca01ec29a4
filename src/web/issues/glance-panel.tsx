import { useQuery } from "@tanstack/react-query";
import { UserRound, X } from "lucide-react";
import type { StatusChange } from "../api/undo";
import type { Search } from "../filters";
import { Button, ButtonLink } from "../parts/button";
import { ErrorBox } from "../parts/error-box";
import { Level } from "../parts/level";
import { SkeletonBlock } from "../parts/skeleton";
import { Time } from "../parts/time";
import { plural, t } from "../words";
import { AssigneeMark } from "./assignee-mark";
import { glanceAt } from "./glance";
import { type ListedIssue, latestEvent } from "./list-queries";
import { headingOf, placeOfIssue } from "./list-rows";
import { numbersFilter, numbersOf } from "./number-queries";
import { StatusButtons } from "./status-buttons";

/** A look at an issue without leaving the list: where it failed, and what happened before. */
export function GlancePanel({
  org,
  issue,
  search,
  handedOn,
  assign,
  setStatus,
  close,
}: {
  org: string;
  issue: ListedIssue;
  search: Search;
  handedOn: Search;
  /** Undefined for whoever may not. */
  assign: (() => void) | undefined;
  /** The same. */
  setStatus: ((change: StatusChange) => Promise<void>) | undefined;
  close: () => void;
}) {
  const { type, text } = headingOf(issue);
  const { data: inFilter } = useQuery(numbersOf(org, issue.id, numbersFilter(search)));
  const { count, userCount, lastSeen } = inFilter ?? issue;
  return (
    // biome-ignore lint: what scrolls must be reachable by keys
    <aside
      aria-label={t("A look at {id}", { id: issue.shortId })}
      tabIndex={0}
      className="appear fixed inset-y-0 end-0 z-30 w-full max-w-md overflow-y-auto border-s border-line bg-raised shadow-overlay"
    >
      <header className="grid gap-1 border-b border-line p-4">
        <div className="flex items-center justify-between gap-2">
          <span className="text-muted">{issue.shortId}</span>
          <Button kind="quiet" icon={X} iconOnly small onClick={close}>
            {t("Close")}
          </Button>
        </div>
        <h2 className="line-clamp-4 text-lg">
          <Level level={issue.level} /> <bdi>{type ? `${type}: ${text}` : text}</bdi>
        </h2>
        <p className="text-muted">
          <bdi>{placeOfIssue(issue)}</bdi>
        </p>
        <p className="numbers text-xs text-muted">
          {plural(Number(count), "event", "events")}, {plural(userCount, "person", "people")},{" "}
          <Time at={lastSeen ?? issue.lastSeen} />
        </p>
        <p className="flex flex-wrap items-center gap-2 pt-2">
          <ButtonLink to={`/${org}/issues/${issue.id}`} search={handedOn}>
            {t("Open")}
          </ButtonLink>
          {setStatus && <StatusButtons issue={issue} set={setStatus} />}
          {assign && (
            <Button icon={UserRound} keys="a" onClick={assign}>
              {t("Assign")}
            </Button>
          )}
          {issue.assignedTo && (
            <span className="inline-flex min-w-0 items-center gap-2">
              <AssigneeMark assignee={issue.assignedTo} isSilent />
              <bdi className="truncate">{issue.assignedTo.name}</bdi>
            </span>
          )}
        </p>
      </header>
      <Newest org={org} id={issue.id} />
    </aside>
  );
}

function Newest({ org, id }: { org: string; id: string }) {
  const { data, error, refetch, isPending } = useQuery(latestEvent(org, id));
  if (isPending) return <SkeletonBlock />;
  if (!data) return <ErrorBox error={error} retry={() => void refetch()} />;
  const { frames, crumbs } = glanceAt(data.entries);
  return (
    <div className="grid gap-4 p-4">
      {frames.length > 0 && (
        <section>
          <h3 className="mb-1 text-muted">{t("Where")}</h3>
          <ol className="grid gap-2">
            {frames.map((frame, index) => (
              <li key={index} className="min-w-0">
                <p className="truncate">
                  <bdi className="font-medium">{frame.name}</bdi>{" "}
                  <bdi className="text-muted">{frame.place}</bdi>
                </p>
                {frame.line && (
                  <code className="block truncate rounded-sm bg-sunken px-2 py-1">
                    {frame.line}
                  </code>
                )}
              </li>
            ))}
          </ol>
        </section>
      )}
      {crumbs.length > 0 && (
        <section>
          <h3 className="mb-1 text-muted">{t("Before it")}</h3>
          <ol className="grid gap-1">
            {crumbs.map((crumb, index) => (
              <li key={index} className="flex min-w-0 gap-2">
                <span className="shrink-0 text-muted">{crumb.category}</span>
                <bdi className="min-w-0 truncate">{crumb.text}</bdi>
              </li>
            ))}
          </ol>
        </section>
      )}
      {frames.length === 0 && crumbs.length === 0 && (
        <p className="text-muted">{t("The newest event has no stack and no breadcrumbs.")}</p>
      )}
    </div>
  );
}
