import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Star } from "lucide-react";
import { memo, type ReactNode } from "react";
import { dayMs } from "../../protocol/durations";
import type { Search } from "../filters";
import { Badge } from "../parts/badge";
import { Bars } from "../parts/bars";
import { classes } from "../parts/classes";
import { Level } from "../parts/level";
import { Age, useNow } from "../parts/time";
import { formatShort, plural, t } from "../words";
import { AssigneeMark } from "./assignee-mark";
import { fewerSteps } from "./fewer-steps";
import type { ChosenColumns, ListColumn } from "./list-columns";
import type { ListedIssue } from "./list-queries";
import { headingOf, placeOfIssue } from "./list-rows";
import { type IssueNumbers, numbersOf } from "./number-queries";

/** The columns of the list; names and cells stand in the same places. The grid says which there are. */
export const columns =
  "grid grid-cols-[44px_minmax(0,1fr)] md:grid-cols-[40px_minmax(0,1fr)_var(--columns)]";
export const cell = "flex items-center justify-end max-md:hidden pe-3 numbers";

type RowProps = {
  issue: ListedIssue;
  org: string;
  /** The filters that its numbers are inside of, and their period in words. */
  filter: string;
  period: string;
  shown: ChosenColumns;
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
  /** Undefined for whoever may not. */
  assign: ((id: string) => void) | undefined;
};

export const ListRow = memo(function ListRow(props: RowProps) {
  const { issue, org, filter, place, isCurrent, isSelected, isLeaving } = props;
  const numbers = useQuery(numbersOf(org, issue.id, filter));
  const counted = { inFilter: numbers.data, isFailed: numbers.isError };
  return (
    <div
      role="row"
      aria-rowindex={place + 1}
      aria-selected={isSelected}
      data-issue={issue.id}
      className={classes(
        columns,
        "group relative h-full touch-pan-y border-b border-line bg-bg",
        isSelected ? "bg-selected" : "hover:bg-hover",
        isLeaving && "opacity-55",
      )}
    >
      {isCurrent && <span className="absolute inset-y-0 start-0 w-0.5 bg-accent" aria-hidden />}
      <Chooser {...props} />
      <MainCell {...props} {...counted} />
      <NumberCells {...props} {...counted} />
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

function MainCell(props: RowProps & Counted) {
  const { issue, org, handedOn, isTabStop, isLeaving, arrive } = props;
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
              <bdi className={issue.hasSeen ? "font-medium" : "font-bold"}>{type}</bdi>{" "}
            </>
          )}
          <bdi className={classes(!type && "font-medium", issue.hasSeen && "text-muted")}>
            {text || t("(no message)")}
          </bdi>
        </Link>
        {issue.isBookmarked && (
          <Star
            size={13}
            className="shrink-0 self-center fill-current text-accent"
            role="img"
            aria-hidden={false}
            aria-label={t("bookmarked")}
          />
        )}
        <IssueBadges issue={issue} isLeaving={isLeaving} />
      </div>
      <div className="flex min-w-0 items-baseline gap-2 text-xs text-muted">
        <span className="shrink-0">{issue.shortId}</span>
        {!issue.hasSeen && <span className="sr-only">{t("not looked at yet")}</span>}
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
          {phoneWords(props)} <Age at={props.inFilter?.lastSeen ?? issue.lastSeen} />
        </span>
        {issue.assignedTo && (
          <span className="max-w-24 shrink-0 truncate md:hidden">
            <bdi>{issue.assignedTo.name}</bdi>
          </span>
        )}
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
      {issue.substatus === "escalating" && <Badge tone="warn">{t("escalating")}</Badge>}
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

type Counted = {
  /** Undefined until it is known. */
  inFilter: IssueNumbers | null | undefined;
  isFailed: boolean;
};

function phoneWords({ issue, inFilter, isFailed }: RowProps & Counted): string {
  if (!inFilter && !isFailed) return "";
  const { count, userCount } = inFilter ?? issue;
  return `${plural(Number(count), "event", "events")}, ${plural(userCount, "person", "people")},`;
}

/** More bars than these nobody can tell from each other. */
const barsMax = 48;

function NumberCells({ issue, period, shown, inFilter, isFailed, assign }: RowProps & Counted) {
  const cells: [ListColumn, ReactNode][] = [
    [
      "trend",
      inFilter ? (
        <Bars
          values={fewerSteps(
            inFilter.series.map(([, count = 0]) => count),
            barsMax,
          )}
          label={t("Events, {period}", { period })}
        />
      ) : isFailed ? null : (
        <Coming isWide />
      ),
    ],
    [
      "events",
      <Inside
        key="events"
        all={Number(issue.count)}
        inside={inFilter && Number(inFilter.count)}
        isMore={inFilter?.isCountCapped ?? false}
        isFailed={isFailed}
      />,
    ],
    [
      "people",
      <Inside
        key="people"
        all={issue.userCount}
        inside={inFilter?.userCount}
        isMore={inFilter?.isCapped ?? false}
        isFailed={isFailed}
      />,
    ],
    ["seen", <Age key="seen" at={inFilter?.lastSeen ?? issue.lastSeen} />],
    ["age", <Age key="age" at={issue.firstSeen} />],
    ["assignee", <RowAssignee key="assignee" issue={issue} assign={assign} />],
  ];
  return cells
    .filter(([id]) => shown.has(id))
    .map(([id, content]) => (
      <div key={id} role="gridcell" className={classes(cell, id === "age" && "text-muted")}>
        {content}
      </div>
    ));
}

/** Who works on it; a click gives it to somebody else. */
function RowAssignee({ issue, assign }: Pick<RowProps, "issue" | "assign">) {
  const { id, shortId, assignedTo } = issue;
  if (!assign) return assignedTo && <AssigneeMark assignee={assignedTo} />;
  return (
    <button
      type="button"
      tabIndex={-1}
      onClick={() => assign(id)}
      aria-label={
        assignedTo
          ? t("{id} is assigned to {name}", { id: shortId, name: assignedTo.name })
          : t("Assign {id}", { id: shortId })
      }
      className={classes(
        "z-10 inline-flex rounded-full hover:bg-hover",
        !assignedTo && "opacity-0 group-hover:opacity-100 focus-visible:opacity-100",
      )}
    >
      <AssigneeMark assignee={assignedTo} isSilent />
    </button>
  );
}

/** The place of a number that is on its way. */
const Coming = ({ isWide = false }: { isWide?: boolean }) => (
  <span className={classes("skeleton h-3", isWide ? "w-24" : "w-6")} aria-hidden />
);

/** A number inside the filter; whoever points at it learns how many there are in all. */
function Inside({
  all,
  inside,
  isMore,
  isFailed,
}: {
  all: number;
  inside: number | null | undefined;
  isMore: boolean;
  isFailed: boolean;
}) {
  if (inside === undefined || inside === null) {
    return isFailed ? (
      <span className="text-muted" title={t("{n} in all", { n: all })}>
        {formatShort(all)}
      </span>
    ) : (
      <Coming />
    );
  }
  return (
    <span title={t("{n} in this filter, {all} in all", { n: inside, all })}>
      {formatShort(inside)}
      {isMore && "+"}
    </span>
  );
}
