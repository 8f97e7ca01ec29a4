import { useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import type { Search } from "../filters";
import { queryIn } from "./list-presets";
import { issueList, listText } from "./list-queries";
import { nothingYet, rowsOf, type Stretch, stretchOf } from "./list-rows";
import { wantedStatuses } from "./search-terms";

/** How long an issue that is done with is still seen. */
const leavingMs = 400;
const none: ReadonlySet<string> = new Set();

/** Lists whose place is known when somebody comes back. */
const stretchesMax = 8;
const stretches = new Map<string, Stretch>();

function roomBefore(list: string, cursor: string, ids: readonly string[]): number {
  const now = stretchOf(stretches.get(list) ?? nothingYet, cursor, ids);
  stretches.delete(list);
  const [oldest] = stretches.keys();
  if (oldest !== undefined && stretches.size >= stretchesMax) stretches.delete(oldest);
  stretches.set(list, now);
  return now.room;
}

/** The rows of the list, and how some of them leave. */
export function useIssueRows(org: string, search: Search) {
  const list = useInfiniteQuery(issueList(org, search));
  const [leaving, setLeaving] = useState(none);
  const query = queryIn(search);
  // Rows of the search before stay as they were until the next ones are here.
  const text = listText(org, search);
  const [shown, setShown] = useState({ query, text });
  if (!list.isPlaceholderData && shown.text !== text) setShown({ query, text });
  const wanted = useMemo(() => wantedStatuses(shown.query), [shown.query]);
  const rows = useMemo(
    () => rowsOf(list.data?.pages ?? [], wanted, leaving),
    [list.data, wanted, leaving],
  );
  const cursor = String(list.data?.pageParams[0] ?? "");
  const room = useMemo(
    () =>
      roomBefore(
        `${org}?${shown.text}`,
        cursor,
        rows.map(({ id }) => id),
      ),
    [org, shown.text, cursor, rows],
  );
  const leave = useCallback((ids: ReadonlySet<string>) => {
    setLeaving((before) => new Set([...before, ...ids]));
    setTimeout(
      () => setLeaving((now) => new Set([...now].filter((id) => !ids.has(id)))),
      leavingMs,
    );
  }, []);
  // Of all pages that are here, also those that the search no longer finds.
  const known = useMemo(
    () => new Set(list.data?.pages.flatMap((page) => page.rows.map(({ id }) => id)) ?? []),
    [list.data],
  );
  return { list, rows, room, known, leaving, leave, shownText: shown.text };
}

export type IssueRows = ReturnType<typeof useIssueRows>;
