import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { hasPasskeys } from "../frame/sign-in-doors";
import { Badge } from "../parts/badge";
import { Button } from "../parts/button";
import { Card } from "../parts/card";
import { ConfirmDialog, Dialog } from "../parts/dialog";
import { ErrorBox } from "../parts/error-box";
import { Field } from "../parts/field";
import { Form, textOf } from "../parts/form";
import { Menu } from "../parts/menu";
import { SkeletonRows } from "../parts/skeleton";
import { Time } from "../parts/time";
import { showToast } from "../parts/toasts";
import { t } from "../words";
import { deviceOf } from "./devices";
import { addPasskey, passkeys, removePasskey, renamePasskey } from "./queries";

type Named = { id: string; name: string };
type Layer = { kind: "add" } | { kind: "rename" | "remove"; passkey: Named };

export function PasskeysCard() {
  const all = useQuery(passkeys);
  const [layer, setLayer] = useState<Layer>();
  const close = () => setLayer(undefined);
  return (
    <Card
      title={t("Passkeys")}
      help={t("Sign in with a finger, a face or a security key instead of password and code.")}
      actions={
        hasPasskeys() && (
          <Button icon={Plus} onClick={() => setLayer({ kind: "add" })}>
            {t("Add a passkey")}
          </Button>
        )
      }
    >
      {all.isError && !all.data ? (
        <ErrorBox error={all.error} retry={() => void all.refetch()} />
      ) : !all.data ? (
        <SkeletonRows rows={1} height="44px" />
      ) : all.data.length === 0 ? (
        <p className="text-muted">{t("You have no passkey yet.")}</p>
      ) : (
        <ul className="divide-y divide-line">
          {all.data.map(({ id, name, createdAt, backedUp }) => {
            const passkey = { id: String(id), name: name || t("Passkey") };
            return (
              <li key={passkey.id} className="flex min-h-11 flex-wrap items-center gap-2 py-1">
                <span className="min-w-0 flex-1">
                  {passkey.name}{" "}
                  <span className="text-muted">
                    {t("since")} <Time at={createdAt} />
                  </span>
                </span>
                {backedUp && <Badge tone="info">{t("synced")}</Badge>}
                <Menu
                  label={t("Actions for {name}", { name: passkey.name })}
                  button={t("Actions")}
                  align="end"
                  items={[
                    { label: t("Rename"), run: () => setLayer({ kind: "rename", passkey }) },
                    {
                      label: t("Remove"),
                      danger: true,
                      run: () => setLayer({ kind: "remove", passkey }),
                    },
                  ]}
                />
              </li>
            );
          })}
        </ul>
      )}
      {layer?.kind === "add" && (
        <NameDialog
          title={t("Add a passkey")}
          help={t("Your browser asks where to keep it when you go on.")}
          name={thisDevice()}
          action={t("Go on")}
          close={close}
          save={addPasskey}
          done={t("Passkey added")}
        />
      )}
      {layer?.kind === "rename" && (
        <NameDialog
          title={t("Rename the passkey")}
          name={layer.passkey.name}
          action={t("Save")}
          close={close}
          save={(name) => renamePasskey(layer.passkey.id, name)}
          done={t("Passkey renamed")}
        />
      )}
      {layer?.kind === "remove" && (
        <ConfirmDialog
          title={t("Remove {name}?", { name: layer.passkey.name })}
          action={t("Remove")}
          close={close}
          run={() => removePasskey(layer.passkey.id)}
        >
          <p>
            {t(
              "It no longer signs you in, and your other sessions end. Your device may still list it: remove it there too.",
            )}
          </p>
        </ConfirmDialog>
      )}
    </Card>
  );
}

function thisDevice(): string {
  const { browser, system } = deviceOf(navigator.userAgent);
  return browser && system
    ? t("{browser} on {system}", { browser, system })
    : (system ?? browser ?? "");
}

function NameDialog({
  title,
  help,
  name,
  action,
  done,
  save,
  close,
}: {
  title: string;
  help?: string;
  name: string;
  action: string;
  done: string;
  save: (name: string) => Promise<void>;
  close: () => void;
}) {
  return (
    <Dialog title={title} close={close}>
      <Form
        label={title}
        send={async (values) => {
          await save(textOf(values, "name"));
          showToast({ text: done });
          close();
        }}
      >
        {({ busy, trouble }) => (
          <>
            <Field
              label={t("Name")}
              help={help ?? t("So that you know which one it is.")}
              name="name"
              required
              maxLength={100}
              defaultValue={name}
              error={trouble.of("name")}
            />
            <div className="flex justify-end gap-2">
              <Button onClick={close}>{t("Cancel")}</Button>
              <Button type="submit" kind="primary" busy={busy}>
                {action}
              </Button>
            </div>
          </>
        )}
      </Form>
    </Dialog>
  );
}
