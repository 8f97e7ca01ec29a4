import { KeyRound } from "lucide-react";
import { useState } from "react";
import { ApiFault } from "../api/fault";
import { Button } from "../parts/button";
import { ErrorLine } from "../parts/error-box";
import { t } from "../words";

/** Asks for a passkey, for what `use` wants one; says beside it why it did not work. */
export function PasskeyButton({ use, done }: { use: () => Promise<unknown>; done: () => void }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const run = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      await use();
      done();
    } catch (error) {
      if (!(error instanceof ApiFault)) throw error;
      setProblem(error.detail);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button icon={KeyRound} busy={busy} onClick={() => void run()}>
        {t("Use a passkey")}
      </Button>
      {problem && <ErrorLine>{problem}</ErrorLine>}
    </>
  );
}
