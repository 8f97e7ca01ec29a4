import { useState } from "react";
import { root } from "../mount";
import { Button } from "../parts/button";
import { CodeBlock } from "../parts/code-block";
import { Dialog } from "../parts/dialog";
import { Choice, Field } from "../parts/field";
import { Form, textOf } from "../parts/form";
import { ScopeChoice } from "../parts/scope-choice";
import { Secret } from "../parts/secret";
import { presets, type Scope } from "../parts/token-scopes";
import { t } from "../words";
import { makeToken } from "./queries";
import { cliLines, endOfLife, tokenLives } from "./token-life";

/** What the token is for, how long it is good; then the token itself, once. */
export function NewToken({ close }: { close: () => void }) {
  const [made, setMade] = useState<string>();
  if (made === undefined) return <Choices close={close} made={setMade} />;
  return (
    <Dialog title={t("Your new token")} close={close} wide>
      <Secret value={made} label={t("Token")} />
      <p>{t("To use it with sentry-cli:")}</p>
      <CodeBlock code={cliLines(root, made)} label={t("sentry-cli")} />
      <div className="flex justify-end">
        <Button kind="primary" onClick={close}>
          {t("I have kept it")}
        </Button>
      </div>
    </Dialog>
  );
}

function Choices({ close, made }: { close: () => void; made: (token: string) => void }) {
  const [scopes, setScopes] = useState<ReadonlySet<Scope>>(new Set(presets[0]?.scopes));
  const send = async (values: FormData) => {
    if (scopes.size === 0) return;
    const { token } = await makeToken({
      label: textOf(values, "label"),
      scopes: [...scopes],
      dialect: values.get("dialect") === "sentry" ? "sentry" : "glitchtip",
      expiresAt: endOfLife(textOf(values, "life"), Date.now()),
    });
    made(token);
  };
  return (
    <Dialog title={t("Create a token")} close={close} wide>
      <Form send={send} label={t("Create a token")}>
        {({ busy, trouble }) => (
          <>
            <Field
              label={t("Label")}
              help={t("Where it is used, so that you know what to revoke: CI of shop-web.")}
              name="label"
              required
              maxLength={255}
              autoComplete="off"
              error={trouble.of("label")}
            />
            <ScopeChoice scopes={scopes} choose={setScopes} />
            <div className="grid gap-4 md:grid-cols-2">
              <Choice
                label={t("It is good for")}
                help={t("A token that ends does no harm when it is forgotten somewhere.")}
                name="life"
                options={tokenLives.map(({ value, label }) => ({ value, label: t(label) }))}
              />
              <Choice
                label={t("Kind")}
                help={t("Sentry's own tools insist on tokens that look like theirs.")}
                name="dialect"
                options={[
                  { value: "sentry", label: t("For sentry-cli and Sentry's plugins") },
                  { value: "glitchtip", label: t("Plain") },
                ]}
              />
            </div>
            <div className="flex justify-end gap-2">
              <Button onClick={close}>{t("Cancel")}</Button>
              <Button type="submit" kind="primary" busy={busy} disabled={scopes.size === 0}>
                {t("Create the token")}
              </Button>
            </div>
          </>
        )}
      </Form>
    </Dialog>
  );
}
