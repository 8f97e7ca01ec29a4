import {
  type Change,
  changeShown,
  knownOf,
  type ListedIssue,
  patchIssues,
  stopReadingIssues,
  type Target,
} from "./undo";

/** Who works on an issue: a person or a team. */
export type Assignee = NonNullable<ListedIssue["assignedTo"]>;

/** Gives issues to somebody, or to nobody: pages that show them do so at once, and go back where the server refuses. */
export function assign(
  org: string,
  target: Target,
  to: Assignee | null,
  /** What a person is shown of it. */
  text: string,
): Change {
  stopReadingIssues(org);
  const before = knownOf(org, new Set(target.ids), ({ assignedTo }) => assignedTo);
  const show = (next: (id: string) => Assignee | null | undefined) =>
    patchIssues(org, (issue) => {
      const assignedTo = next(issue.id);
      return assignedTo === undefined ? issue : { ...issue, assignedTo };
    });
  const shown = {
    next: () => show((id) => (before.has(id) ? to : undefined)),
    before: () => show((id) => before.get(id)),
  };
  return changeShown(org, target, { assignedTo: nameOf(to) }, shown, () => text);
}

/** As the API takes it; empty: nobody. */
const nameOf = (assignee: Assignee | null): string =>
  assignee ? `${assignee.type}:${assignee.id}` : "";
