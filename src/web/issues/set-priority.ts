import {
  type Change,
  changeShown,
  knownOf,
  patchIssues,
  stopReadingIssues,
  type Target,
} from "../api/undo";
import { showError, showToast } from "../parts/toasts";
import { plural, t } from "../words";
import type { Priority } from "./priority-choices";

/**
 * Says how urgent issues are, null: as it follows from what is known of them. Pages show it at once, and as before where
 * the server refuses.
 */
function setPriority(org: string, target: Target, priority: Priority | null): Change {
  stopReadingIssues(org);
  const before = knownOf(org, new Set(target.ids), (issue) => issue.priority);
  const show = (priorityOf: (id: string) => Priority | undefined) =>
    patchIssues(org, (issue) => {
      const shown = before.has(issue.id) ? priorityOf(issue.id) : undefined;
      return shown === undefined || shown === issue.priority
        ? issue
        : { ...issue, priority: shown };
    });
  const shown = {
    next: () => show(() => priority ?? undefined),
    before: () => show((id) => before.get(id)),
  };
  return changeShown(org, target, { priority }, shown, wordsOf);
}

const wordsOf = (count: number) =>
  t("Priority of {what} changed", { what: plural(count, "issue", "issues") });

/** The same, said to the person: how many were changed, or what went wrong. */
export async function prioritize(
  org: string,
  target: Target,
  priority: Priority | null,
): Promise<void> {
  const { done, undo } = setPriority(org, target, priority);
  try {
    const count = await done;
    showToast({ text: wordsOf(count), undo: () => void undo().catch(showError) });
  } catch (error) {
    showError(error);
  }
}
