import type { ListedIssue } from "./list-queries";

/** Issues that are to become one. */
export type Merging = {
  ids: readonly string[];
  /** Those of them that are known here. */
  issues: readonly ListedIssue[];
};

/** Why these cannot be merged; undefined where they can. */
export function mergeRefusal(
  { ids, issues }: Merging,
  isAllMatching: boolean,
): "few" | "many" | "projects" | undefined {
  if (isAllMatching) return "many";
  if (ids.length < 2) return "few";
  return new Set(issues.map(({ project }) => project.id)).size > 1 ? "projects" : undefined;
}
