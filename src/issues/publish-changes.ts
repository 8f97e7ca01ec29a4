import type { ChangeKind } from "../../queues/catalog";
import type { Deps } from "../deps";

/** A row of the outbox that was just written. */
export type ChangeRow = { id: number; issueId: number; change: ChangeKind };

/** Says that changes of issues were written down. */
export async function publishChanges(deps: Deps, changes: ChangeRow[]): Promise<void> {
  if (changes.length === 0) return;
  await deps.publish(
    "issue-changes",
    changes.map(({ id, issueId, change }) => ({
      v: 1 as const,
      changeId: Number(id),
      issueId: Number(issueId),
      change,
    })),
  );
}
