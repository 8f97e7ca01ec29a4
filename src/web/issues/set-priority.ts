import {
  changeIssues,
  knownOf,
  patchIssues,
  settle,
  stopReadingIssues,
  type Target,
} from "../api/undo";
import { showError, showToast } from "../parts/toasts";
import { plural, t } from "../words";
import type { Priority } from "./priority-choices";

/**
 * Says how urgent issues are, null: as it follows from what is known of them. Pages show it at once, and as before where
 * the server refuses. Answers how many were changed. Faults as the API does.
 */
export async function setPriority(
  org: string,
  target: Target,
  priority: Priority | null,
): Promise<number> {
  stopReadingIssues(org);
  const before = knownOf(org, new Set(target.ids), (issue) => issue.priority);
  const show = (priorityOf: (id: string) => Priority | undefined) =>
    patchIssues(org, (issue) => {
      const shown = before.has(issue.id) ? priorityOf(issue.id) : undefined;
      return shown === undefined || shown === issue.priority
        ? issue
        : { ...issue, priority: shown };
    });
  if (priority) show(() => priority);
  try {
    const answers = await changeIssues(org, target, { priority });
    return answers.reduce((sum, { changed }) => sum + changed, 0);
  } catch (error) {
    show((id) => before.get(id));
    throw error;
  } finally {
    settle(org);
  }
}

/** The same of what is chosen in a list, which says how many were changed, or what went wrong. */
export async function prioritize(
  org: string,
  target: Target,
  priority: Priority | null,
): Promise<void> {
  try {
    const count = await setPriority(org, target, priority);
    showToast({
      text: t("Priority of {what} changed", { what: plural(count, "issue", "issues") }),
    });
  } catch (error) {
    showError(error);
  }
}
