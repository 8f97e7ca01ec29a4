import { type Assignee, assign } from "../api/assign";
import type { Target } from "../api/undo";
import { showError, showToast } from "../parts/toasts";
import { t } from "../words";

/** Gives issues to somebody, or to nobody, and says so with the way back. */
export async function give(
  org: string,
  { target, what }: { target: Target; what: string },
  to: Assignee | null,
): Promise<void> {
  const text = to
    ? t("{what} assigned to {name}", { what, name: to.name })
    : t("{what} assigned to nobody", { what });
  const { done, undo } = assign(org, target, to, text);
  try {
    await done;
    showToast({ text, undo: () => void undo().catch(showError) });
  } catch (error) {
    showError(error);
  }
}
