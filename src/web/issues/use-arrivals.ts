import { useCallback, useEffect, useRef, useState } from "react";
import type { Pulse } from "../api/live";
import { queryClient } from "../api/query-client";
import { patchIssues } from "../api/undo";
import type { Search } from "../filters";
import { filtersOf } from "../filters";
import { usePulse } from "../frame/use-pulse";
import { firstRowsNow, issueCounts, type ListedIssue, listText } from "./list-queries";
import { arrivals } from "./list-rows";
import { forgetNumbers } from "./number-queries";

/** A busy organization changes all the time: its list looks again no more often than this. */
const pauseMs = 5000;

/**
 * How many issues came since the list was read. What is shown learns its new numbers where it stands; nothing moves
 * until somebody asks for it.
 */
export function useArrivals(org: string, search: Search, known: ReadonlySet<string>) {
  const text = listText(org, search);
  const [found, setFound] = useState({ text, count: 0 });
  const latest = useRef({ known, search, text });
  latest.current = { known, search, text };
  const before = useRef<Pulse>(undefined);
  const looking = useRef<{ at: number; timer?: ReturnType<typeof setTimeout> }>({ at: 0 });

  const look = useCallback(async () => {
    const asked = latest.current;
    const rows = await firstRowsNow(org, asked.search, AbortSignal.timeout(30_000)).catch(
      () => undefined,
    );
    // A search that was left meanwhile is not spoken of.
    if (!rows || latest.current.text !== asked.text) return;
    learn(org, rows.rows);
    const ids = rows.rows.map(({ id }) => id);
    setFound({ text: asked.text, count: arrivals(latest.current.known, ids) });
    void queryClient.invalidateQueries(issueCounts(org, asked.search));
  }, [org]);
  const isHeard = usePulse(org, (pulse) => {
    const isOurs = concerns(before.current, pulse, filtersOf(latest.current.search).projects);
    before.current = pulse;
    if (!isOurs || looking.current.timer) return;
    const wait = Math.max(0, looking.current.at + pauseMs - Date.now());
    looking.current.timer = setTimeout(() => {
      looking.current = { at: Date.now() };
      void look();
    }, wait);
  });
  useEffect(() => () => clearTimeout(looking.current.timer), []);
  const forget = useCallback(() => setFound({ text: latest.current.text, count: 0 }), []);
  return { count: found.text === text ? found.count : 0, isHeard, forget };
}

/** Whether something changed in the projects that a list is of. */
function concerns(before: Pulse | undefined, now: Pulse, projects: string[]): boolean {
  if (!before || projects.length === 0) return true;
  const [old, current] = [before, now].map(
    ({ projects: numbers }) => new Map(Object.entries(numbers)),
  );
  return projects.some((id) => old?.get(id) !== current?.get(id));
}

/** New numbers of issues that pages know. A status is set by whoever sets it: an answer may be older than that. */
function learn(org: string, rows: ListedIssue[]): void {
  const now = new Map(rows.map((row) => [row.id, row]));
  const changed = new Set<string>();
  patchIssues(org, (issue) => {
    const row = now.get(issue.id);
    if (!row || (row.count === issue.count && row.lastSeen === issue.lastSeen)) return issue;
    changed.add(issue.id);
    const { count, userCount, lastSeen, stats } = row;
    return { ...issue, count, userCount, lastSeen, stats };
  });
  forgetNumbers(org, changed);
}
