import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useMay } from "../frame/session";
import { SettingsPage } from "../frame/settings-frame";
import { useOrg } from "../frame/use-org";
import { mount } from "../mount";
import { Badge } from "../parts/badge";
import { Button } from "../parts/button";
import { CodeBlock } from "../parts/code-block";
import { ConfirmDialog, Dialog } from "../parts/dialog";
import { Empty } from "../parts/empty";
import { ErrorBox } from "../parts/error-box";
import { Field } from "../parts/field";
import { Form, textOf } from "../parts/form";
import { RowMenu } from "../parts/row-menu";
import { ScopeChoice } from "../parts/scope-choice";
import { Secret } from "../parts/secret";
import { SkeletonRows } from "../parts/skeleton";
import { Table } from "../parts/table";
import { Time } from "../parts/time";
import { presets, type Scope } from "../parts/token-scopes";
import { t } from "../words";
import { createToken, deleteToken, renameToken, tokens } from "./queries";

/** Tokens that belong to the organization and not to a person: for CI. */
export function Page() {
  const org = useOrg();
  const list = useQuery(tokens(org));
  const mayWrite = useMay(org, "org:write");
  const [layer, setLayer] = useState<
    { kind: "new" } | { kind: "remove" | "rename"; id: string; name: string }
  >();
  const close = () => setLayer(undefined);
  return (
    <SettingsPage
      wide
      title={t("Organization tokens")}
      help={t(
        "For machines, e.g. CI that uploads source maps: a token outlives the person who made it.",
      )}
      actions={
        mayWrite && (
          <Button kind="primary" onClick={() => setLayer({ kind: "new" })}>
            {t("New token")}
          </Button>
        )
      }
    >
      {mayWrite === false && (
        <p className="text-muted">{t("Only managers and owners make tokens.")}</p>
      )}
      <div className="card">
        {list.isError ? (
          <ErrorBox error={list.error} retry={() => void list.refetch()} />
        ) : !list.data ? (
          <SkeletonRows rows={3} height="var(--row-small)" />
        ) : list.data.length === 0 ? (
          <Empty>{t("There are no tokens yet.")}</Empty>
        ) : (
          <Table
            label={t("Organization tokens")}
            rows={list.data}
            keyOf={({ id }) => id}
            columns={[
              {
                label: t("Token"),
                cell: ({ name, tokenLastCharacters }) => (
                  <span className="grid">
                    <span className="truncate font-medium">{name}</span>
                    <code className="text-muted">…{tokenLastCharacters}</code>
                  </span>
                ),
              },
              {
                label: t("May"),
                cell: ({ scopes }) => (
                  <span className="flex flex-wrap gap-1">
                    {scopes.map((scope) => (
                      <Badge key={scope}>{scope}</Badge>
                    ))}
                  </span>
                ),
                wideOnly: true,
              },
              {
                label: t("Last used"),
                cell: ({ dateLastUsed }) =>
                  dateLastUsed ? (
                    <Time at={dateLastUsed} />
                  ) : (
                    <span className="text-muted">{t("never")}</span>
                  ),
                align: "end",
              },
              {
                label: t("Actions"),
                cell: ({ id, name }) =>
                  mayWrite && (
                    <RowMenu
                      label={t("Actions for {name}", { name })}
                      items={[
                        { label: t("Rename"), run: () => setLayer({ kind: "rename", id, name }) },
                        {
                          label: t("Revoke"),
                          danger: true,
                          run: () => setLayer({ kind: "remove", id, name }),
                        },
                      ]}
                    />
                  ),
                align: "end",
              },
            ]}
          />
        )}
      </div>
      {layer?.kind === "new" && <NewToken org={org} close={close} />}
      {layer?.kind === "rename" && (
        <Dialog title={t("Rename {name}", { name: layer.name })} close={close}>
          <Form
            send={async (values) => {
              await renameToken(org, layer.id, textOf(values, "name"));
              close();
            }}
          >
            {({ busy, trouble }) => (
              <>
                <Field
                  name="name"
                  label={t("Name")}
                  defaultValue={layer.name}
                  required
                  maxLength={255}
                  autoFocus
                  error={trouble.of("name")}
                />
                <div className="flex justify-end gap-2">
                  <Button onClick={close}>{t("Cancel")}</Button>
                  <Button type="submit" kind="primary" busy={busy}>
                    {t("Save")}
                  </Button>
                </div>
              </>
            )}
          </Form>
        </Dialog>
      )}
      {layer?.kind === "remove" && (
        <ConfirmDialog
          title={t("Revoke {name}?", { name: layer.name })}
          action={t("Revoke")}
          close={close}
          run={() => deleteToken(org, layer.id)}
        >
          <p>{t("Whatever uses it is refused from now on.")}</p>
        </ConfirmDialog>
      )}
    </SettingsPage>
  );
}

function NewToken({ org, close }: { org: string; close: () => void }) {
  const [made, setMade] = useState<string>();
  const [scopes, setScopes] = useState<ReadonlySet<Scope>>(new Set(presets[0]?.scopes));
  const url = location.origin + mount;
  return (
    <Dialog title={t("New token")} close={close} wide>
      {made ? (
        <>
          <Secret value={made} label={t("the token")} />
          <CodeBlock
            label={t("For sentry-cli")}
            code={`export SENTRY_URL=${url}/\nexport SENTRY_ORG=${org}\nexport SENTRY_AUTH_TOKEN=${made}\nsentry-cli info`}
          />
          <div className="flex justify-end">
            <Button kind="primary" onClick={close}>
              {t("Done")}
            </Button>
          </div>
        </>
      ) : (
        <Form
          send={async (values) => {
            if (scopes.size === 0) return;
            const { token } = await createToken(org, textOf(values, "name"), [...scopes]);
            setMade(token);
          }}
        >
          {({ busy, trouble }) => (
            <>
              <Field
                name="name"
                label={t("Name")}
                help={t("Where it is used, e.g. the name of the pipeline.")}
                required
                maxLength={255}
                autoFocus
                error={trouble.of("name")}
              />
              <ScopeChoice scopes={scopes} choose={setScopes} />
              <div className="flex justify-end gap-2">
                <Button onClick={close}>{t("Cancel")}</Button>
                <Button type="submit" kind="primary" busy={busy} disabled={scopes.size === 0}>
                  {t("Create token")}
                </Button>
              </div>
            </>
          )}
        </Form>
      )}
    </Dialog>
  );
}
