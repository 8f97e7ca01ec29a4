import { useMemo, useState } from "react";
import { encode } from "uqr";
import { codeDigits, digitsOf, isWholeCode } from "../frame/code-words";
import { Button } from "../parts/button";
import { Copy } from "../parts/copy";
import { Dialog } from "../parts/dialog";
import { Field } from "../parts/field";
import { Form, textOf } from "../parts/form";
import { t } from "../words";
import { qrPath, typedSecret } from "./qr-path";
import { factorsChanged, finishTotp, type TotpSetup } from "./queries";
import { RecoveryCodes } from "./recovery-codes";

/** Scan, prove it with a code, keep the recovery codes: it counts when the code was right. */
export function SetUpTotp({ setup, close }: { setup: TotpSetup; close: () => void }) {
  const [isOn, setOn] = useState(false);
  const end = () => {
    void factorsChanged();
    close();
  };
  if (isOn) {
    return (
      <Dialog title={t("Two-factor authentication is on")} close={end}>
        <RecoveryCodes codes={setup.backupCodes} />
        <div className="flex justify-end">
          <Button kind="primary" onClick={end}>
            {t("I have kept them")}
          </Button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title={t("Set up an authenticator app")} close={end}>
      <ol className="grid list-decimal gap-3 ps-5">
        <li>
          {t("Scan this with an authenticator app, or type the secret into it.")}
          <div className="mt-2 flex flex-wrap items-center gap-4">
            <QrCode text={setup.totpURI} />
            <div className="grid min-w-0 flex-1 basis-40 gap-1">
              <code aria-label={t("Secret")} className="rounded-sm bg-sunken px-2 py-1.5">
                {typedSecret(setup.totpURI)}
              </code>
              <div>
                <Copy text={typedSecret(setup.totpURI).replaceAll(" ", "")} label={t("Secret")} />
              </div>
            </div>
          </div>
        </li>
        <li>{t("Type the code that the app shows now.")}</li>
      </ol>
      <Form
        label={t("Prove the app")}
        className="grid gap-3"
        send={async (values) => {
          await finishTotp(digitsOf(textOf(values, "code")));
          setOn(true);
        }}
      >
        {({ busy, trouble }) => (
          <>
            <Field
              label={t("Code")}
              help={t("{n} digits.", { n: codeDigits })}
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
            <div className="flex justify-end gap-2">
              <Button onClick={end}>{t("Cancel")}</Button>
              <Button type="submit" kind="primary" busy={busy}>
                {t("Turn on")}
              </Button>
            </div>
          </>
        )}
      </Form>
    </Dialog>
  );
}

/** Dark on light in both themes: many apps read nothing else. */
function QrCode({ text }: { text: string }) {
  const { size, path } = useMemo(() => {
    const made = encode(text, { ecc: "M", border: 3 });
    return { size: made.size, path: qrPath(made.data) };
  }, [text]);
  return (
    <svg
      role="img"
      aria-label={t("QR code of the secret")}
      viewBox={`0 0 ${size} ${size}`}
      width={180}
      height={180}
      shapeRendering="crispEdges"
      className="shrink-0 rounded-sm"
    >
      <rect width={size} height={size} fill="white" />
      <path d={path} fill="black" />
    </svg>
  );
}
