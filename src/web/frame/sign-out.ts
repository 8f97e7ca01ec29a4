import { call } from "../api/client";
import { ApiFault } from "../api/fault";
import { mount } from "../mount";
import { showToast } from "../parts/toasts";

/** Ends the session and leaves nothing of it in this window. */
export async function signOut(): Promise<void> {
  try {
    await call("POST", "/api/auth/sign-out", {});
  } catch (error) {
    if (!(error instanceof ApiFault)) throw error;
    if (error.status !== 401) {
      showToast({ text: error.detail, isError: true });
      return;
    }
  }
  // A new document forgets all that was read.
  location.assign(`${mount}/login`);
}
