import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { factors } from "../frame/proof-doors";
import { attempt } from "../parts/attempt";
import { Badge } from "../parts/badge";
import { Button } from "../parts/button";
import { Card } from "../parts/card";
import { ConfirmDialog, Dialog } from "../parts/dialog";
import { ErrorBox } from "../parts/error-box";
import { SkeletonRows } from "../parts/skeleton";
import { Time } from "../parts/time";
import { plural, t } from "../words";
import { beginTotp, endTotp, newRecoveryCodes, type TotpSetup } from "./queries";
import { RecoveryCodes } from "./recovery-codes";

const SetUpTotp = lazy(async () => ({ default: (await import("./set-up-totp")).SetUpTotp }));

/** When few are left it is time for new ones. */
const fewCodes = 3;

export function TwoFactorCard() {
  const known = useQuery(factors);
  const totp = known.data?.find((factor) => factor.type === "totp");
  const codes = known.data?.find((factor) => factor.type === "recovery_codes");
  const [busy, setBusy] = useState<"totp" | "codes">();
  const [setup, setSetup] = useState<TotpSetup>();
  const [isEnding, setEnding] = useState(false);
  const [shown, setShown] = useState<string[]>();
  const during = async (what: "totp" | "codes", action: () => Promise<unknown>) => {
    setBusy(what);
    await attempt(action);
    setBusy(undefined);
  };
  const begin = () => void during("totp", async () => setSetup(await beginTotp()));
  return (
    <Card
      title={t("Two-factor authentication")}
      help={t(
        "After the password, a code of an app on your phone. A stolen password is not enough then.",
      )}
    >
      {known.isError && !known.data ? (
        <ErrorBox error={known.error} retry={() => void known.refetch()} />
      ) : !known.data ? (
        <SkeletonRows rows={1} height="44px" />
      ) : totp ? (
        <ul className="divide-y divide-line">
          <li className="flex min-h-11 flex-wrap items-center gap-2 py-1">
            <span className="min-w-0 flex-1">
              {t("Authenticator app")}{" "}
              <span className="text-muted">
                {t("since")} <Time at={atSeconds(totp.created_at)} />
              </span>
            </span>
            <Badge tone="ok">{t("on")}</Badge>
            <Button kind="danger" onClick={() => setEnding(true)}>
              {t("Turn off")}
            </Button>
          </li>
          <li className="flex min-h-11 flex-wrap items-center gap-2 py-1">
            <span className="min-w-0 flex-1">
              {t("Recovery codes")}{" "}
              <span className="text-muted">{t("for when the phone is away")}</span>
            </span>
            <Badge tone={(codes?.unused_code_count ?? 0) > fewCodes ? "neutral" : "warn"}>
              {t("{left} left", {
                left: plural(codes?.unused_code_count ?? 0, "code", "codes"),
              })}
            </Badge>
            <Button
              busy={busy === "codes"}
              onClick={() => void during("codes", async () => setShown(await newRecoveryCodes()))}
            >
              {t("Make new codes")}
            </Button>
          </li>
        </ul>
      ) : (
        <div className="flex flex-wrap items-center gap-3">
          <Button kind="primary" busy={busy === "totp"} onClick={begin}>
            {t("Set up an authenticator app")}
          </Button>
          <Badge>{t("off")}</Badge>
        </div>
      )}
      {setup && (
        <Suspense>
          <SetUpTotp setup={setup} close={() => setSetup(undefined)} />
        </Suspense>
      )}
      {shown && (
        <Dialog title={t("Your new recovery codes")} close={() => setShown(undefined)}>
          <p>{t("The ones you had are void now.")}</p>
          <RecoveryCodes codes={shown} />
          <div className="flex justify-end">
            <Button kind="primary" onClick={() => setShown(undefined)}>
              {t("I have kept them")}
            </Button>
          </div>
        </Dialog>
      )}
      {isEnding && (
        <ConfirmDialog
          title={t("Turn two-factor authentication off?")}
          action={t("Turn off")}
          run={endTotp}
          close={() => setEnding(false)}
        >
          <p>
            {t(
              "Your password alone lets anybody in then. The recovery codes are void, your other sessions end, and organizations that demand a second factor close to you.",
            )}
          </p>
        </ConfirmDialog>
      )}
    </Card>
  );
}

const atSeconds = (seconds: number) => new Date(seconds * 1000).toISOString();
