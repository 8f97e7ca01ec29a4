import {
  changeIssues,
  knownOf,
  type ListedIssue,
  patchIssues,
  settle,
  stopReadingIssues,
  type Target,
} from "./undo";

/** Who works on an issue: a person or a team. */
export type Assignee = NonNullable<ListedIssue["assignedTo"]>;

type Assigning = {
  /** How many have it now that did not before. Faults as the API does; what was shown is as before then. */
  done: Promise<number>;
  /** Gives them back to whoever had them; undefined where some are not known here. */
  undo: (() => Promise<void>) | undefined;
};

/** Gives issues to somebody, or to nobody: pages that show them do so at once, and go back where the server refuses. */
export function assign(org: string, target: Target, to: Assignee | null): Assigning {
  stopReadingIssues(org);
  const before = knownOf(org, new Set(target.ids), ({ assignedTo }) => assignedTo);
  const show = (next: (id: string) => Assignee | null | undefined) =>
    patchIssues(org, (issue) => {
      const assignedTo = next(issue.id);
      return assignedTo === undefined ? issue : { ...issue, assignedTo };
    });
  const restore = () => show((id) => before.get(id));
  show((id) => (before.has(id) ? to : undefined));
  const sent = changeIssues(org, target, { assignedTo: nameOf(to) });
  const done = sent.then(
    (answers) => {
      settle(org);
      return answers.reduce((sum, { changed }) => sum + changed, 0);
    },
    (error: unknown) => {
      restore();
      settle(org);
      throw error;
    },
  );
  const isKnown = target.filter === undefined && before.size === new Set(target.ids).size;
  const undo = async () => {
    stopReadingIssues(org);
    restore();
    try {
      await sent;
      for (const [name, ids] of byAssignee(before)) {
        await changeIssues(org, { ids }, { assignedTo: name });
      }
    } finally {
      settle(org);
    }
  };
  return { done, undo: isKnown ? undo : undefined };
}

/** As the API takes it; empty: nobody. */
const nameOf = (assignee: Assignee | null): string =>
  assignee ? `${assignee.type}:${assignee.id}` : "";

function byAssignee(before: ReadonlyMap<string, Assignee | null>): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [id, assignee] of before) {
    const name = nameOf(assignee);
    groups.set(name, [...(groups.get(name) ?? []), id]);
  }
  return groups;
}
