import { useQuery } from "@tanstack/react-query";
import { call } from "../api/client";
import { ApiFault } from "../api/fault";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { showToast } from "../parts/toasts";
import { t } from "../words";
import { me, type Session } from "./session";
import { SignInSteps } from "./sign-in-steps";
import { signOut } from "./sign-out";

/** Over the page, when the session ended in the middle of work: what was typed stays, what was asked goes out again. */
export function SignInAgain({ done }: { done: (isBack: boolean) => void }) {
  const { data: person } = useQuery({ ...me, enabled: false });
  const entered = async () => {
    try {
      const session = await call<Session | null>("GET", "/api/auth/get-session");
      // The page shows what is another person's.
      if (session?.user.email !== person?.email) location.reload();
      else done(true);
    } catch (error) {
      if (!(error instanceof ApiFault)) throw error;
      showToast({ text: error.detail, isError: true });
    }
  };
  return (
    <Dialog title={t("Sign in again")} close={() => done(false)}>
      <p>
        {t("Your session has ended. Sign in to go on where you are: nothing of this page is lost.")}
      </p>
      <SignInSteps entered={() => void entered()} email={person?.email ?? ""} />
      <Button kind="quiet" onClick={() => void signOut()}>
        {t("Leave, and sign in as somebody else")}
      </Button>
    </Dialog>
  );
}
