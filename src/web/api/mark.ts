import {
  changeIssues,
  knownOf,
  type ListedIssue,
  patchIssues,
  readIssueAgain,
  stopReadingIssues,
  type Target,
} from "./undo";

/** What issues are to the person: looked at, remembered, followed. */
export type Marks = Partial<Pick<ListedIssue, "hasSeen" | "isBookmarked" | "isSubscribed">>;

/** Marks issues for the person: pages show it at once, and go back where the server refuses. Faults as the API does. */
export async function mark(org: string, target: Target, marks: Marks): Promise<void> {
  // To look at an issue is no reason to read it once more.
  const isChosen = marks.isBookmarked !== undefined || marks.isSubscribed !== undefined;
  if (isChosen) stopReadingIssues(org);
  const before = knownOf(org, new Set(target.ids), ({ hasSeen, isBookmarked, isSubscribed }) => ({
    hasSeen,
    isBookmarked,
    isSubscribed,
  }));
  const show = (of: (id: string) => Marks | undefined) =>
    patchIssues(org, (issue) => ({ ...issue, ...of(issue.id) }));
  show((id) => (before.has(id) ? marks : undefined));
  try {
    await changeIssues(org, target, marks);
  } catch (error) {
    show((id) => before.get(id));
    throw error;
  } finally {
    // Whoever bookmarks an issue follows it, unless they chose otherwise.
    if (isChosen) await readIssueAgain(org);
  }
}
