import { Link } from "@tanstack/react-router";
import { memo } from "react";
import { dayMs } from "../../protocol/durations";
import type { Search } from "../filters";
import { Badge } from "../parts/badge";
import { Bars } from "../parts/bars";
import { classes } from "../parts/classes";
import { Count } from "../parts/count";
import { Level } from "../parts/level";
import { Age, useNow } from "../parts/time";
import { plural, t } from "../words";
import type { ListedIssue } from "./list-queries";
import { headingOf, placeOfIssue } from "./list-rows";

/** The columns of the list; names and cells stand in the same places. */
export const columns =
  "grid grid-cols-[44px_minmax(0,1fr)] md:grid-cols-[40px_minmax(0,1fr)_104px_64px_64px_56px_56px]";
export const cell = "flex items-center justify-end max-md:hidden pe-3 numbers";

type RowProps = {
  issue: ListedIssue;
  org: string;
  /** What the page of the issue takes over of the list's address. */
  handedOn: Search;
  /** From 1, without the row of names. */
  place: number;
  isCurrent: boolean;
  /** The one that the tab key leads to. */
  isTabStop: boolean;
  isSelected: boolean;
  isLeaving: boolean;
  choose: (id: string, isRange: boolean) => void;
  arrive: (id: string) => void;
};

export const ListRow = memo(function ListRow(props: RowProps) {
  const { issue, place, isCurrent, isSelected, isLeaving } = props;
  return (
    <div
      role="row"
      aria-rowindex={place + 1}
      aria-selected={isSelected}
      data-issue={issue.id}
      className={classes(
        columns,
        "group relative h-full border-b border-line",
        isSelected ? "bg-selected" : "hover:bg-hover",
        isLeaving && "opacity-55",
      )}
    >
      {isCurrent && <span className="absolute inset-y-0 start-0 w-0.5 bg-accent" aria-hidden />}
      <Chooser {...props} />
      <MainCell {...props} />
      <NumberCells issue={issue} />
    </div>
  );
});

function Chooser({ issue, isSelected, choose }: RowProps) {
  return (
    <div role="gridcell" className="z-10 flex">
      <label className="flex w-full items-center justify-center">
        <span className="sr-only">{t("Select {id}", { id: issue.shortId })}</span>
        <input
          type="checkbox"
          tabIndex={-1}
          checked={isSelected}
          // The click knows whether shift is held, which a change does not.
          onClick={(event) => choose(issue.id, event.shiftKey)}
          onChange={() => undefined}
          className="size-4 accent-accent max-md:size-5"
        />
      </label>
    </div>
  );
}

function MainCell({ issue, org, handedOn, isTabStop, isLeaving, arrive }: RowProps) {
  const { type, text } = headingOf(issue);
  return (
    <div role="gridcell" className="flex min-w-0 flex-col justify-center pe-3 compact:leading-4">
      <div className="flex min-w-0 items-baseline gap-2">
        <span className="w-3 shrink-0 text-center text-xs">
          <Level level={issue.level} />
        </span>
        <Link
          to={`/${org}/issues/${issue.id}`}
          search={handedOn}
          tabIndex={isTabStop ? 0 : -1}
          onFocus={() => arrive(issue.id)}
          className="quiet min-w-0 truncate outline-none after:absolute after:inset-0 after:content-[''] hover:no-underline focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
        >
          {type && (
            <>
              <bdi className="font-bold">{type}</bdi>{" "}
            </>
          )}
          <bdi className={type ? "" : "font-medium"}>{text || t("(no message)")}</bdi>
        </Link>
        <IssueBadges issue={issue} isLeaving={isLeaving} />
      </div>
      <div className="flex min-w-0 items-baseline gap-2 text-xs text-muted">
        <span className="shrink-0">{issue.shortId}</span>
        <span className="min-w-0 truncate max-md:hidden">
          <bdi>{placeOfIssue(issue)}</bdi>
        </span>
        {issue.environments.length > 0 && (
          <span className="max-w-1/3 shrink-0 truncate max-md:hidden">
            {issue.environments.slice(0, environmentsShown).join(", ")}
            {issue.environments.length > environmentsShown && "…"}
          </span>
        )}
        <span className="numbers truncate md:hidden" aria-hidden>
          {plural(Number(issue.count), "event", "events")},{" "}
          {plural(issue.userCount, "person", "people")}, <Age at={issue.lastSeen} />
        </span>
        {issue.numComments > 0 && (
          <span className="shrink-0">{plural(issue.numComments, "comment", "comments")}</span>
        )}
      </div>
    </div>
  );
}

const environmentsShown = 3;

const statusWords: Record<ListedIssue["status"], string> = {
  unresolved: t("Unresolved"),
  resolved: t("Resolved"),
  ignored: t("Muted"),
};

function IssueBadges({ issue, isLeaving }: { issue: ListedIssue; isLeaving: boolean }) {
  const now = useNow();
  const isNew = issue.status === "unresolved" && now - Date.parse(issue.firstSeen) < dayMs;
  const isDone = isLeaving || issue.status !== "unresolved";
  return (
    <span className="flex shrink-0 items-baseline gap-1 empty:hidden">
      {isNew && <Badge tone="info">{t("new")}</Badge>}
      {issue.substatus === "regressed" && <Badge tone="warn">{t("regressed")}</Badge>}
      {issue.isUnhandled && (
        <span className="max-md:hidden">
          <Badge tone="danger">{t("unhandled")}</Badge>
        </span>
      )}
      {isDone && (
        <Badge tone={issue.status === "resolved" ? "ok" : "neutral"}>
          {statusWords[issue.status]}
        </Badge>
      )}
    </span>
  );
}

function NumberCells({ issue }: { issue: ListedIssue }) {
  return (
    <>
      <div role="gridcell" className={cell}>
        <Bars
          values={issue.stats["24h"].map(([, count = 0]) => count)}
          label={t("Events in 24 h")}
        />
      </div>
      <div role="gridcell" className={cell}>
        <Count value={Number(issue.count)} />
      </div>
      <div role="gridcell" className={cell}>
        <Count value={issue.userCount} />
      </div>
      <div role="gridcell" className={cell}>
        <Age at={issue.lastSeen} />
      </div>
      <div role="gridcell" className={classes(cell, "text-muted")}>
        <Age at={issue.firstSeen} />
      </div>
    </>
  );
}
