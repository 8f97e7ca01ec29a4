import { Check, VolumeX } from "lucide-react";
import { type CSSProperties, type KeyboardEvent, useEffect, useRef } from "react";
import { filtersOf, type Search } from "../filters";
import { periodWords } from "../frame/periods";
import { useMediaQuery } from "../frame/use-media-query";
import { classes } from "../parts/classes";
import { usePreferences } from "../use-preferences";
import { t } from "../words";
import { type ChosenColumns, listColumns, tracksOf, useListColumns } from "./list-columns";
import type { ListedIssue } from "./list-queries";
import { cell, columns, ListRow } from "./list-row";
import { numbersFilter } from "./number-queries";
import type { SwipeWay } from "./swipe-way";
import { scrollToRow, useSeenRows } from "./use-seen-rows";
import { useSwipe } from "./use-swipe";

/** So many rows before the end or the beginning, more are asked for. */
const rowsAhead = 40;
const rowPx = { phone: 64, compact: 40, comfortable: 56 };

type GridProps = {
  org: string;
  search: Search;
  handedOn: Search;
  rows: ListedIssue[];
  /** Where the keys are; -1 before they were used. */
  current: number;
  /** Changes when the focus has to go to the current row. */
  focusOn: number;
  selected: ReadonlySet<string>;
  leaving: ReadonlySet<string>;
  /** Rows of another search, until those of this one are here. */
  isOld: boolean;
  hasMore: boolean;
  more: () => void;
  /** How many rows there are before these, which were let go of. */
  room: number;
  hasEarlier: boolean;
  earlier: () => void;
  choose: (id: string, isRange: boolean) => void;
  chooseAll: () => void;
  arrive: (id: string) => void;
  glance: () => void;
  /** Undefined for whoever may not. */
  assign: ((id: string) => void) | undefined;
  /** Undefined for whoever may not. */
  swiped: ((id: string, way: SwipeWay) => void) | undefined;
};

/** The rows of which some are in the page: those that are seen, and the one with the focus. */
export function IssueGrid(props: GridProps) {
  const { rows, current, leaving, selected, isOld, hasMore, more, room } = props;
  const { hasEarlier, earlier } = props;
  const grid = useRef<HTMLDivElement>(null);
  const rowHeight = useRowHeight();
  const shown = useListColumns(props.org);
  const [filter, period] = [numbersFilter(props.search), periodWords(filtersOf(props.search))];
  const { indexes, start, end } = useSeenRows(grid, rows.length, rowHeight, current, room);
  useEffect(() => {
    if (!hasMore || end < rows.length - rowsAhead) return undefined;
    // What is there is seen before more is asked for.
    const frame = requestAnimationFrame(more);
    return () => cancelAnimationFrame(frame);
  }, [hasMore, end, rows.length, more]);
  useEffect(() => {
    if (hasEarlier && start < rowsAhead) earlier();
  }, [hasEarlier, start, rows.length, earlier]);
  useFocus(props.focusOn, room + current, rows[current]?.id, rowHeight, grid);

  const { drawn, listeners } = useSwipe(props.swiped);

  return (
    <div
      ref={grid}
      role="grid"
      aria-label={t("Issues")}
      aria-rowcount={hasMore ? -1 : room + rows.length + 1}
      aria-multiselectable="true"
      aria-busy={isOld}
      onKeyDown={(event) => glanceBySpace(event, props.glance)}
      {...listeners}
      className={classes(isOld && "opacity-60")}
      style={{ "--columns": tracksOf(shown) } as CSSProperties}
    >
      <Names
        shown={shown}
        isAll={rows.length > 0 && rows.every(({ id }) => selected.has(id))}
        isSome={selected.size > 0}
        chooseAll={props.chooseAll}
      />
      <div
        role="rowgroup"
        className="relative"
        style={{ height: (room + rows.length) * rowHeight }}
      >
        {indexes.map((index) => {
          const issue = rows[index];
          return issue ? (
            <div
              key={issue.id}
              role="presentation"
              className="absolute inset-x-0 top-0"
              style={{
                height: rowHeight,
                transform: `translateY(${(room + index) * rowHeight}px)`,
              }}
            >
              {drawn?.id === issue.id && (
                <Behind way={drawn.way} isTaken={drawn.isTaken} status={issue.status} />
              )}
              <ListRow
                issue={issue}
                org={props.org}
                filter={filter}
                period={period}
                shown={shown}
                handedOn={props.handedOn}
                place={room + index + 1}
                isCurrent={index === current}
                isTabStop={index === Math.max(0, current)}
                isSelected={selected.has(issue.id)}
                isLeaving={leaving.has(issue.id)}
                choose={props.choose}
                arrive={props.arrive}
                assign={props.assign}
              />
            </div>
          ) : null;
        })}
      </div>
    </div>
  );
}

/** What is seen behind a row that is drawn aside. */
function Behind({
  way,
  isTaken,
  status,
}: {
  way: SwipeWay;
  isTaken: boolean;
  status: ListedIssue["status"];
}) {
  const words = {
    resolve: status === "resolved" ? t("Reopen") : t("Resolve"),
    mute: status === "ignored" ? t("Unmute") : t("Mute"),
  };
  const Icon = way === "resolve" ? Check : VolumeX;
  return (
    <div
      aria-hidden
      className={classes(
        "absolute inset-0 flex items-center gap-2 px-5 font-medium",
        way === "resolve" ? "bg-ok-tint text-ok" : "flex-row-reverse bg-sunken text-text",
        !isTaken && "opacity-60",
      )}
    >
      <Icon size={18} />
      {words[way]}
    </div>
  );
}

/** A link keeps the space bar to itself, in vain. */
function glanceBySpace(event: KeyboardEvent, glance: () => void): void {
  if (event.key !== " " || !(event.target instanceof HTMLAnchorElement)) return;
  event.preventDefault();
  glance();
}

function Names({
  shown,
  isAll,
  isSome,
  chooseAll,
}: {
  shown: ChosenColumns;
  isAll: boolean;
  isSome: boolean;
  chooseAll: () => void;
}) {
  return (
    <div role="rowgroup" className="sticky top-0 z-20 bg-bg max-md:hidden">
      <div
        role="row"
        aria-rowindex={1}
        className={classes(columns, "min-h-8 border-b border-line text-xs text-muted")}
      >
        <div role="columnheader" className="flex">
          <label className="flex w-full items-center justify-center">
            <span className="sr-only">{t("Select all that are here")}</span>
            <input
              type="checkbox"
              checked={isAll}
              ref={(box) => {
                if (box) box.indeterminate = isSome && !isAll;
              }}
              onChange={chooseAll}
              className="size-4 accent-accent"
            />
          </label>
        </div>
        <div role="columnheader" className="flex items-center">
          {t("Issue")}
        </div>
        {listColumns
          .filter(({ id }) => shown.has(id))
          .map(({ id, label }) => (
            <div key={id} role="columnheader" className={cell}>
              {label}
            </div>
          ))}
      </div>
    </div>
  );
}

function useRowHeight(): number {
  const { density } = usePreferences();
  const isPhone = useMediaQuery("(max-width: 767px)");
  return isPhone ? rowPx.phone : rowPx[density];
}

/** The focus goes with the keys. */
function useFocus(
  focusOn: number,
  current: number,
  id: string | undefined,
  rowHeight: number,
  grid: React.RefObject<HTMLDivElement | null>,
): void {
  useEffect(() => {
    if (focusOn === 0 || id === undefined) return;
    const body = grid.current?.lastElementChild;
    if (body) scrollToRow(body, current, rowHeight);
    grid.current
      ?.querySelector<HTMLElement>(`[data-issue="${id}"] a`)
      ?.focus({ preventScroll: true });
  }, [focusOn]);
}
