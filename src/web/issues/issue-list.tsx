import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useEffect, useMemo } from "react";
import { startAgain } from "../api/undo";
import { useCommands } from "../commands";
import { type Search, sharedPart } from "../filters";
import { Button } from "../parts/button";
import { Empty } from "../parts/empty";
import { ErrorBox } from "../parts/error-box";
import { SkeletonRows } from "../parts/skeleton";
import type { SetFilters } from "../use-filters";
import { useStable } from "../use-stable";
import { formatNumber, plural, t } from "../words";
import { around, keepCameFrom } from "./came-from";
import { IssueGrid } from "./issue-grid";
import { matchCount } from "./list-queries";
import type { SwipeWay } from "./swipe-way";
import { useArrivals } from "./use-arrivals";
import { useIssueActions } from "./use-issue-actions";
import type { IssueRows } from "./use-issue-rows";
import { useLastChange } from "./use-last-change";
import { useListKeys } from "./use-list-keys";

const BulkBar = lazy(async () => ({ default: (await import("./bulk-bar")).BulkBar }));

const ConfirmDialog = lazy(async () => ({
  default: (await import("../parts/dialog")).ConfirmDialog,
}));

const AssignDialog = lazy(async () => ({
  default: (await import("./assign-dialog")).AssignDialog,
}));

const MergeDialog = lazy(async () => ({ default: (await import("./merge-dialog")).MergeDialog }));

const StatusDialog = lazy(async () => ({
  default: (await import("./status-dialog")).StatusDialog,
}));

const EmptyList = lazy(async () => ({ default: (await import("./empty-list")).EmptyList }));

const GlancePanel = lazy(async () => ({ default: (await import("./glance-panel")).GlancePanel }));

type ListProps = {
  org: string;
  search: Search;
  setFilters: SetFilters;
  found: IssueRows;
  /** The search cannot be answered, and the field says why. */
  isRefused: boolean;
};

/** The issues with all that one does to them. */
export function IssueList({ org, search, setFilters, found, isRefused }: ListProps) {
  const { list, rows, leaving, room, known } = found;
  const navigate = useNavigate();
  const handedOn = useMemo(() => {
    const { project: _, ...others } = sharedPart(search);
    return others;
  }, [search]);
  const keys = useListKeys(
    rows,
    known,
    ({ id }) => void navigate({ to: `/${org}/issues/${id}`, search: handedOn }),
  );
  const { selection, issue } = keys;
  useKeptList(org, search, found, keys.ids, issue?.id);
  const isSome = selection.ids.size > 0;
  const actions = useIssueActions({
    org,
    search,
    chosen: {
      issues: isSome ? rows.filter(({ id }) => selection.ids.has(id)) : issue ? [issue] : [],
      // Some of them may be on pages that were let go of.
      ids: isSome ? [...selection.ids] : issue ? [issue.id] : [],
      isAllMatching: selection.isAllMatching,
    },
    left: (ids) => {
      keys.leave(ids);
      found.leave(ids);
    },
  });
  useLastChange(org);
  useCommands(actions.commands);
  const more = useCallback(() => {
    if (!list.isFetchingNextPage && !list.isError) void list.fetchNextPage();
  }, [list.isFetchingNextPage, list.isError, list.fetchNextPage]);
  const earlier = useCallback(() => {
    if (!list.isFetching && !list.isError) void list.fetchPreviousPage();
  }, [list.isFetching, list.isError, list.fetchPreviousPage]);

  const assign = useStable((id: string) => {
    const of = rows.find((row) => row.id === id);
    if (of) actions.assign(of);
  });
  const bySwipe = actions.swiped;
  const swiped = bySwipe
    ? (id: string, way: SwipeWay) => {
        const of = rows.find((row) => row.id === id);
        if (of) bySwipe(of, way);
      }
    : undefined;

  if (list.isPending) return <SkeletonRows rows={12} />;
  if (!list.data) {
    if (isRefused) {
      return (
        <Empty
          action={
            <Button onClick={() => setFilters({ query: undefined })}>
              {t("Show all unresolved")}
            </Button>
          }
        >
          {t("This search cannot be answered.")}
        </Empty>
      );
    }
    return <ErrorBox error={list.error} retry={() => void list.refetch()} />;
  }
  const isEmpty = rows.length === 0 && !list.hasNextPage;
  return (
    <>
      <div className="sticky top-0 z-30 h-0">
        {list.isFetching && !list.isFetchingNextPage && !list.isFetchingPreviousPage && (
          <span
            className="appear absolute inset-x-0 top-0 h-0.5 animate-pulse bg-accent"
            aria-hidden
          />
        )}
      </div>
      <Arrivals org={org} search={search} found={found} />
      {isEmpty ? (
        <Suspense>
          <EmptyList org={org} search={search} setFilters={setFilters} />
        </Suspense>
      ) : (
        <IssueGrid
          org={org}
          search={search}
          handedOn={handedOn}
          rows={rows}
          current={keys.current}
          focusOn={keys.focusOn}
          selected={selection.ids}
          leaving={leaving}
          isOld={list.isPlaceholderData}
          hasMore={list.hasNextPage}
          more={more}
          room={room}
          hasEarlier={list.hasPreviousPage}
          earlier={earlier}
          choose={keys.choose}
          chooseAll={keys.chooseAll}
          arrive={keys.arrive}
          glance={keys.glance}
          swiped={swiped}
          assign={actions.mayAssign ? assign : undefined}
        />
      )}
      {list.isFetchNextPageError && (
        <ErrorBox error={list.error} retry={() => void list.fetchNextPage()} />
      )}
      <Selected
        org={org}
        search={search}
        keys={keys}
        actions={actions}
        hasMore={list.hasNextPage}
      />
      {keys.isGlancing && issue && (
        <Suspense>
          <GlancePanel
            org={org}
            issue={issue}
            search={search}
            handedOn={handedOn}
            assign={actions.mayAssign ? () => actions.assign(issue) : undefined}
            setStatus={
              actions.mayAssign ? (change) => actions.set({ ids: [issue.id] }, change) : undefined
            }
            close={keys.stopGlancing}
          />
        </Suspense>
      )}
    </>
  );
}

/** Whoever leaves for an issue can step on from there through the list as it is now. */
function useKeptList(
  org: string,
  search: Search,
  { room, list }: IssueRows,
  ids: string[],
  at: string | undefined,
): void {
  const first = list.data?.pages[0];
  const total = list.hasNextPage ? first?.total : room + ids.length;
  const isCapped = list.hasNextPage && (first?.isTotalCapped ?? false);
  // Before one leaves: the page of the issue is made before this one ends.
  useEffect(() => {
    if (at === undefined) return;
    const near = around(ids, at);
    keepCameFrom({
      org,
      search,
      ids: near.ids,
      before: room + near.from,
      total: total === undefined ? undefined : formatNumber(total) + (isCapped ? "+" : ""),
    });
  }, [org, search, room, ids, at, total, isCapped]);
}

function Arrivals({ org, search, found }: Pick<ListProps, "org" | "search" | "found">) {
  const { known } = found;
  const { count, forget } = useArrivals(org, search, known);
  const show = () => {
    forget();
    scrollTo({ top: 0 });
    void startAgain(org);
  };
  useCommands([
    {
      id: "list.arrivals",
      title: t("Show what is new"),
      keys: "n",
      group: t("This list"),
      disabled: count === 0,
      run: show,
    },
  ]);
  return (
    <div role="status" className="pointer-events-none sticky top-10 z-20 flex h-0 justify-center">
      {count > 0 && (
        <span className="appear pointer-events-auto h-8 rounded-full bg-raised shadow-overlay">
          <Button kind="primary" keys="n" className="rounded-full!" onClick={show}>
            {t("{n} new", { n: count })}
          </Button>
        </span>
      )}
    </div>
  );
}

type SelectedProps = Pick<ListProps, "org" | "search"> & {
  keys: ReturnType<typeof useListKeys>;
  actions: ReturnType<typeof useIssueActions>;
  hasMore: boolean;
};

function Selected({ org, search, keys, actions, hasMore }: SelectedProps) {
  const { selection, ids } = keys;
  const { data: all } = useQuery({ ...matchCount(org, search), enabled: selection.ids.size > 0 });
  const matching =
    all && (hasMore || all.count > ids.length)
      ? formatNumber(all.count) + (all.more ? "+" : "")
      : undefined;
  const count = selection.isAllMatching && matching ? matching : undefined;
  const { asked } = actions;
  return (
    <>
      {selection.ids.size > 0 && (
        <Suspense>
          <BulkBar
            count={selection.ids.size}
            matching={matching}
            isAllMatching={selection.isAllMatching}
            commands={actions.commands.filter(({ disabled }) => !disabled)}
            more={actions.more}
            selectMatching={keys.chooseMatching}
            clear={keys.clear}
          />
        </Suspense>
      )}
      {actions.assigning && (
        <Suspense>
          <AssignDialog org={org} of={actions.assigning} close={actions.stopAssigning} />
        </Suspense>
      )}
      {actions.merging && (
        <Suspense>
          <MergeDialog
            org={org}
            of={actions.merging}
            merged={actions.merged}
            close={actions.stopMerging}
          />
        </Suspense>
      )}
      {asked && (
        <Suspense>
          <StatusDialog
            asking={asked.asking}
            what={asked.what}
            set={(change) => actions.set(asked.target, change)}
            close={actions.stopAsking}
          />
        </Suspense>
      )}
      {actions.isDeleting && (
        <Suspense>
          <ConfirmDialog
            title={t("Delete issues?")}
            action={t("Delete")}
            run={actions.remove}
            close={actions.stopDeleting}
          >
            {t("{what} will be deleted with all events. This cannot be undone.", {
              what: count
                ? t("{n} issues", { n: count })
                : plural(Math.max(1, selection.ids.size), "issue", "issues"),
            })}
          </ConfirmDialog>
        </Suspense>
      )}
    </>
  );
}
