import { type ReactNode, useEffect, useRef, useState } from "react";
import { ApiFault, atField } from "../api/fault";
import { attempt } from "../parts/attempt";
import { Button } from "../parts/button";
import { ErrorLine } from "../parts/error-box";
import { Check, Field, PasswordField } from "../parts/field";
import { Form, passwordOf, textOf } from "../parts/form";
import { t } from "../words";
import { codeDigits, digitsOf, isWholeCode, recoveryCodeOf } from "./code-words";
import { PasskeyButton } from "./passkey-button";
import {
  hasPasskeys,
  sendConfirmation,
  signInByCode,
  signInByPasskey,
  signInByPassword,
  signInByRecoveryCode,
} from "./sign-in-doors";

type Steps = {
  /** The session is there. */
  entered: () => void;
  /** Whose session it has to be; else the person says it. */
  email?: string;
  /** Beside the password: what to do who forgot it. */
  beside?: ReactNode;
  /** A step of its own begins or ends: what stands around the form may differ. */
  stepped?: (step: "password" | "code") => void;
};

/** E-mail and password, or a passkey; then a code, where the account asks for one. */
export function SignInSteps({ entered, email, beside, stepped }: Steps) {
  const [step, setStep] = useState<"password" | "code">("password");
  const [why, setWhy] = useState<string>();
  const go = (next: "password" | "code", reason?: string) => {
    setStep(next);
    setWhy(reason);
    stepped?.(next);
  };
  return step === "password" ? (
    <PasswordStep
      {...(email !== undefined && { email })}
      beside={beside}
      why={why}
      entered={entered}
      asksCode={() => go("code")}
    />
  ) : (
    <CodeStep entered={entered} back={(reason) => go("password", reason)} />
  );
}

function PasswordStep({
  email,
  beside,
  why,
  entered,
  asksCode,
}: Omit<Steps, "stepped"> & { why: string | undefined; asksCode: () => void }) {
  const [unproven, setUnproven] = useState<string>();
  const send = async (values: FormData) => {
    const address = textOf(values, "email");
    setUnproven(undefined);
    try {
      const { twoFactorRedirect } = await signInByPassword(address, passwordOf(values));
      if (twoFactorRedirect) asksCode();
      else entered();
    } catch (error) {
      if (error instanceof ApiFault && error.code === "EMAIL_NOT_VERIFIED") setUnproven(address);
      throw error;
    }
  };
  return (
    <div className="grid gap-3">
      {why && <ErrorLine>{why}</ErrorLine>}
      <Form send={send} label={t("Sign in with a password")} className="grid gap-3">
        {({ busy, trouble }) => (
          <>
            <Field
              label={t("E-mail address")}
              name="email"
              type="email"
              required
              autoComplete="username webauthn"
              maxLength={254}
              spellCheck={false}
              error={trouble.of("email")}
              {...(email !== undefined && { readOnly: true, defaultValue: email })}
            />
            <div className="grid gap-1">
              <PasswordField
                label={t("Password")}
                name="password"
                required
                autoComplete="current-password"
                maxLength={1000}
                error={trouble.of("password")}
              />
              {beside}
            </div>
            <Button type="submit" kind="primary" busy={busy}>
              {t("Sign in")}
            </Button>
          </>
        )}
      </Form>
      {unproven && <SendAgain email={unproven} />}
      <PasskeyWay entered={entered} />
    </div>
  );
}

/** For whoever has not proven the address yet, and lost the mail. */
function SendAgain({ email }: { email: string }) {
  const send = () =>
    attempt(() => sendConfirmation(email), t("A mail is on its way to {email}.", { email }));
  return <Button onClick={() => void send()}>{t("Send the confirmation mail again")}</Button>;
}

/** A passkey does without the rest. */
const PasskeyWay = ({ entered }: { entered: () => void }) =>
  hasPasskeys() ? <PasskeyButton use={signInByPasskey} done={entered} /> : null;

const wrongCodes = new Set(["INVALID_CODE", "INVALID_BACKUP_CODE"]);

function CodeStep({ entered, back }: { entered: () => void; back: (reason?: string) => void }) {
  const [isRecovery, setRecovery] = useState(false);
  const field = useRef<HTMLDivElement>(null);
  const input = () => field.current?.querySelector("input");
  useEffect(() => {
    field.current?.querySelector("input")?.focus();
  }, [isRecovery]);
  const send = async (values: FormData) => {
    const typed = textOf(values, "code");
    try {
      if (isRecovery) await signInByRecoveryCode(recoveryCodeOf(typed));
      else await signInByCode(digitsOf(typed), values.get("trust") === "on");
      entered();
    } catch (error) {
      if (!(error instanceof ApiFault)) throw error;
      if (error.code === "INVALID_TWO_FACTOR_COOKIE") {
        back(t("That took too long. Please begin with the password again."));
        return;
      }
      input()?.select();
      throw wrongCodes.has(error.code ?? "") ? atField(error, "code") : error;
    }
  };
  return (
    <div className="grid gap-3">
      <Form send={send} label={t("Code")} className="grid gap-3">
        {({ busy, trouble }) => (
          <>
            <div ref={field}>
              {isRecovery ? (
                <Field
                  key="recovery"
                  label={t("Recovery code")}
                  help={t("One of those you wrote down. It works once.")}
                  name="code"
                  required
                  autoComplete="off"
                  autoCapitalize="off"
                  spellCheck={false}
                  error={trouble.of("code")}
                />
              ) : (
                <Field
                  key="totp"
                  label={t("Code of your authenticator app")}
                  help={t("{n} digits, which change every 30 seconds.", { n: codeDigits })}
                  name="code"
                  required
                  inputMode="numeric"
                  autoComplete="one-time-code"
                  className="numbers text-lg tracking-widest"
                  error={trouble.of("code")}
                  onChange={({ currentTarget }) => {
                    const digits = digitsOf(currentTarget.value);
                    if (digits !== currentTarget.value) currentTarget.value = digits;
                    if (isWholeCode(digits)) currentTarget.form?.requestSubmit();
                  }}
                />
              )}
            </div>
            {!isRecovery && (
              <Check name="trust" label={t("Ask for no code on this device for 30 days")} />
            )}
            <Button type="submit" kind="primary" busy={busy}>
              {t("Continue")}
            </Button>
          </>
        )}
      </Form>
      <PasskeyWay entered={entered} />
      <Button kind="quiet" onClick={() => setRecovery(!isRecovery)}>
        {isRecovery ? t("Use the authenticator app") : t("Use a recovery code")}
      </Button>
      <Button kind="quiet" onClick={() => back()}>
        {t("Begin again")}
      </Button>
    </div>
  );
}
