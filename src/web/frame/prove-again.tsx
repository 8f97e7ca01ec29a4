import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { ErrorBox } from "../parts/error-box";
import { Field, PasswordField } from "../parts/field";
import { Form, passwordOf, textOf } from "../parts/form";
import { SkeletonBlock } from "../parts/skeleton";
import { t } from "../words";
import { recoveryCodeOf } from "./code-words";
import { PasskeyButton } from "./passkey-button";
import { factors, proveByCode, proveByPasskey, proveByPassword } from "./proof-doors";
import { me } from "./session";
import { hasPasskeys } from "./sign-in-doors";
import { signOut } from "./sign-out";

/** Over the page: what comes next changes how one signs in, so it has to be the person and not an open screen. */
export function ProveAgain({ answer }: { answer: (isProven: boolean) => void }) {
  const person = useQuery(me);
  const known = useQuery(factors);
  const failed = [person, known].find(({ isError, data }) => isError && data === undefined);
  const proven = () => answer(true);
  return (
    <Dialog title={t("Is it you?")} close={() => answer(false)}>
      <p>
        {t("Your last sign-in was more than ten minutes ago, and this changes how you sign in.")}
      </p>
      {failed ? (
        <ErrorBox error={failed.error} retry={() => void failed.refetch()} />
      ) : !person.data || !known.data ? (
        <SkeletonBlock height={120} />
      ) : (
        <Ways
          email={person.data.email}
          hasPassword={person.data.hasPasswordAuth}
          hasCodes={known.data.some(({ type }) => type === "totp")}
          hasPasskey={hasPasskeys() && known.data.some(({ type }) => type === "webauthn")}
          proven={proven}
        />
      )}
    </Dialog>
  );
}

function Ways({
  email,
  hasPassword,
  hasCodes,
  hasPasskey,
  proven,
}: {
  email: string;
  hasPassword: boolean;
  hasCodes: boolean;
  hasPasskey: boolean;
  proven: () => void;
}) {
  const [byCode, setByCode] = useState(!hasPassword);
  if (!hasPassword && !hasCodes && !hasPasskey) {
    return (
      <>
        <p>{t("Your account has no password. Sign in again with the service you came from.")}</p>
        <Button kind="primary" onClick={() => void signOut()}>
          {t("Sign out, to sign in again")}
        </Button>
      </>
    );
  }
  const isByCode = byCode && hasCodes;
  return (
    <div className="grid gap-3">
      {(hasPassword || hasCodes) && (
        <Form
          key={isByCode ? "code" : "password"}
          className="grid gap-3"
          label={t("Prove that it is you")}
          send={async (values) => {
            if (isByCode) await proveByCode(recoveryCodeOf(textOf(values, "code")));
            else await proveByPassword(passwordOf(values));
            proven();
          }}
        >
          {({ busy, trouble }) => (
            <>
              {/* Tells password managers whose password this is. */}
              <input type="text" hidden autoComplete="username" value={email} readOnly />
              {isByCode ? (
                <Field
                  label={t("Code of your authenticator app, or a recovery code")}
                  name="code"
                  required
                  autoComplete="one-time-code"
                  error={trouble.of("code")}
                />
              ) : (
                <PasswordField
                  label={t("Password")}
                  name="password"
                  required
                  autoComplete="current-password"
                  error={trouble.of("password")}
                />
              )}
              <Button type="submit" kind="primary" busy={busy}>
                {t("Continue")}
              </Button>
            </>
          )}
        </Form>
      )}
      {hasPasskey && <PasskeyButton use={proveByPasskey} done={proven} />}
      {hasPassword && hasCodes && (
        <Button kind="quiet" onClick={() => setByCode(!byCode)}>
          {byCode ? t("Use the password") : t("Use a code")}
        </Button>
      )}
    </div>
  );
}
