import { type KeyboardEvent, useEffect, useRef } from "react";
import type { Search } from "../filters";
import { useMediaQuery } from "../frame/use-media-query";
import { classes } from "../parts/classes";
import { usePreferences } from "../use-preferences";
import { t } from "../words";
import type { ListedIssue } from "./list-queries";
import { cell, columns, ListRow } from "./list-row";
import { scrollToRow, useSeenRows } from "./use-seen-rows";

/** So many rows before the end, more are asked for. */
const rowsAhead = 40;
const rowPx = { phone: 64, compact: 40, comfortable: 56 };

type GridProps = {
  org: string;
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
  choose: (id: string, isRange: boolean) => void;
  chooseAll: () => void;
  arrive: (id: string) => void;
  glance: () => void;
};

/** The rows of which some are in the page: those that are seen, and the one with the focus. */
export function IssueGrid(props: GridProps) {
  const { rows, current, leaving, selected, isOld, hasMore, more } = props;
  const grid = useRef<HTMLDivElement>(null);
  const rowHeight = useRowHeight();
  const { indexes, end } = useSeenRows(grid, rows.length, rowHeight, current);
  useEffect(() => {
    if (hasMore && end >= rows.length - rowsAhead) more();
  }, [hasMore, end, rows.length, more]);
  useFocus(props.focusOn, current, rows[current]?.id, rowHeight, grid);

  return (
    <div
      ref={grid}
      role="grid"
      aria-label={t("Issues")}
      aria-rowcount={hasMore ? -1 : rows.length + 1}
      aria-multiselectable="true"
      aria-busy={isOld}
      onKeyDown={(event) => glanceBySpace(event, props.glance)}
      className={classes(isOld && "opacity-60")}
    >
      <Names
        isAll={rows.length > 0 && rows.every(({ id }) => selected.has(id))}
        isSome={selected.size > 0}
        chooseAll={props.chooseAll}
      />
      <div role="rowgroup" className="relative" style={{ height: rows.length * rowHeight }}>
        {indexes.map((index) => {
          const issue = rows[index];
          return issue ? (
            <div
              key={issue.id}
              role="presentation"
              className="absolute inset-x-0 top-0"
              style={{ height: rowHeight, transform: `translateY(${index * rowHeight}px)` }}
            >
              <ListRow
                issue={issue}
                org={props.org}
                handedOn={props.handedOn}
                place={index + 1}
                isCurrent={index === current}
                isTabStop={index === Math.max(0, current)}
                isSelected={selected.has(issue.id)}
                isLeaving={leaving.has(issue.id)}
                choose={props.choose}
                arrive={props.arrive}
              />
            </div>
          ) : null;
        })}
      </div>
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
  isAll,
  isSome,
  chooseAll,
}: {
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
        {[t("24 h"), t("Events"), t("People"), t("Seen"), t("Age")].map((name) => (
          <div key={name} role="columnheader" className={cell}>
            {name}
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
