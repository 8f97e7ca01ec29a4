import type { ListedIssue } from "./list-queries";

/** Issues that are to become one. */
export type Merging = {
  ids: readonly string[];
  /** Those of them that are known here. */
  issues: readonly ListedIssue[];
};

/** A dialog lists no more to choose from; of further ones the oldest stays. */
const choicesMax = 50;

/** Why these cannot be merged; undefined where they can. */
export function mergeRefusal(
  { ids, issues }: Merging,
  isAllMatching: boolean,
): "few" | "many" | "projects" | undefined {
  if (isAllMatching) return "many";
  if (ids.length < 2) return "few";
  return new Set(issues.map(({ project }) => project.id)).size > 1 ? "projects" : undefined;
}

/** Those of which one may be named to stay, the oldest first; none, where one that nobody sees could be older. */
export function choicesOf({ ids, issues }: Merging): ListedIssue[] {
  if (issues.length < ids.length || issues.length > choicesMax) return [];
  return issues.toSorted(
    (a, b) => a.firstSeen.localeCompare(b.firstSeen) || Number(a.id) - Number(b.id),
  );
}
