import { useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import type { Search } from "../filters";
import { queryIn } from "./list-presets";
import { issueList, listText } from "./list-queries";
import { rowsOf } from "./list-rows";
import { wantedStatuses } from "./search-terms";

/** How long an issue that is done with is still seen. */
const leavingMs = 400;
const none: ReadonlySet<string> = new Set();

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
  const leave = useCallback((ids: ReadonlySet<string>) => {
    setLeaving((before) => new Set([...before, ...ids]));
    setTimeout(
      () => setLeaving((now) => new Set([...now].filter((id) => !ids.has(id)))),
      leavingMs,
    );
  }, []);
  return { list, rows, leaving, leave, shownText: shown.text };
}

export type IssueRows = ReturnType<typeof useIssueRows>;
