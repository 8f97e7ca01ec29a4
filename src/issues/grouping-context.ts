import type { Deps } from "../deps";
import type { GroupingContext } from "./explain-grouping";
import { selectGroupingContext } from "./grouping-queries";
import type { IssueRow } from "./queries";
import type { ReadEvent } from "./read-events";

/** What the database knows of why an event is in its issue. */
export async function readGroupingContext(
  deps: Deps,
  issue: IssueRow,
  { event }: ReadEvent,
): Promise<GroupingContext> {
  const { rows } = await selectGroupingContext(
    deps.db,
    Number(issue.projectId),
    Number(issue.id),
    event?.hashes ?? [],
  );
  const [row] = rows;
  return {
    project: {
      version: row?.version ?? "g2",
      switchedAt: row?.switchedAt ? new Date(row.switchedAt).toISOString() : null,
    },
    madeBy: row?.madeBy,
    leading: new Set(row?.leading),
  };
}
