import { ApiFault } from "../api/fault";
import { showToast } from "./toasts";

/** Does something outside of a form and says what came of it. */
export async function attempt(action: () => Promise<unknown>, done?: string): Promise<boolean> {
  try {
    await action();
    if (done !== undefined) showToast({ text: done });
    return true;
  } catch (error) {
    if (!(error instanceof ApiFault)) throw error;
    showToast({ text: error.detail, isError: true });
    return false;
  }
}
