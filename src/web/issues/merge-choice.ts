import type { ListedIssue } from "./list-queries";
import type { Merging } from "./merge-refusal";

/** A dialog lists no more to choose from; of further ones the oldest stays. */
const choicesMax = 50;

/** Those of which one may be named to stay, the oldest first; none, where one that nobody sees could be older. */
export function choicesOf({ ids, issues }: Merging): ListedIssue[] {
  if (issues.length < ids.length || issues.length > choicesMax) return [];
  return issues.toSorted(
    (a, b) => a.firstSeen.localeCompare(b.firstSeen) || Number(a.id) - Number(b.id),
  );
}
