import { useState } from "react";
import { root } from "../mount";
import { Button } from "../parts/button";
import { CodeBlock } from "../parts/code-block";
import { Dialog } from "../parts/dialog";
import { ErrorLine } from "../parts/error-box";
import { Check, Choice, Field } from "../parts/field";
import { Form, textOf } from "../parts/form";
import { Radios } from "../parts/radios";
import { Secret } from "../parts/secret";
import { presetOf, presets, type Scope, scopeGroups } from "../parts/token-scopes";
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

const ownChoice = "own";

function Choices({ close, made }: { close: () => void; made: (token: string) => void }) {
  const [scopes, setScopes] = useState<ReadonlySet<Scope>>(new Set(presets[0]?.scopes));
  const [isOpen, setOpen] = useState(false);
  const preset = presetOf(scopes) ?? ownChoice;
  const help = presets.find(({ id }) => id === preset)?.help;
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
            <Radios
              label={t("What it is for")}
              help={t(help ?? "The scopes that you chose below.")}
              value={preset}
              options={[
                ...presets.map(({ id, label }) => ({ value: id, label: t(label) })),
                { value: ownChoice, label: t("Own choice") },
              ]}
              choose={(id) => {
                const found = presets.find((one) => one.id === id);
                if (found) setScopes(new Set(found.scopes));
                else setOpen(true);
              }}
            />
            <details open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
              <summary className="font-medium max-md:min-h-11">
                {t("{n} scopes", { n: scopes.size })}
              </summary>
              <ScopeChoice scopes={scopes} choose={setScopes} />
            </details>
            {scopes.size === 0 && <ErrorLine>{t("Choose at least one scope.")}</ErrorLine>}
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

function ScopeChoice({
  scopes,
  choose,
}: {
  scopes: ReadonlySet<Scope>;
  choose: (scopes: ReadonlySet<Scope>) => void;
}) {
  return (
    <div className="mt-2 grid gap-4 md:grid-cols-2">
      {scopeGroups.map((group) => (
        <fieldset key={group.label} className="grid content-start gap-1">
          <legend className="mb-1 text-xs text-muted">{t(group.label)}</legend>
          {group.scopes.map(({ scope, help }) => (
            <Check
              key={scope}
              label={scope}
              help={t(help)}
              checked={scopes.has(scope)}
              onChange={({ target }) => {
                const others = [...scopes].filter((one) => one !== scope);
                choose(new Set(target.checked ? [...others, scope] : others));
              }}
            />
          ))}
        </fieldset>
      ))}
    </div>
  );
}
