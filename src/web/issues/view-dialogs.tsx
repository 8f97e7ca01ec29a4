import { useState } from "react";
import { Button } from "../parts/button";
import { ConfirmDialog, Dialog } from "../parts/dialog";
import { Check, Field } from "../parts/field";
import { Form, textOf } from "../parts/form";
import { t } from "../words";
import { addView, changeView, removeView } from "./view-changes";
import type { View, ViewUpdate } from "./view-queries";

const nameCharsMax = 200;

type NameProps = { name: string; error: string | undefined };

const NameField = ({ name, error }: NameProps) => (
  <Field
    label={t("Name")}
    name="name"
    defaultValue={name}
    maxLength={nameCharsMax}
    required
    // biome-ignore lint/a11y/noAutofocus: the one thing that the dialog asks
    autoFocus
    autoComplete="off"
    error={error}
  />
);

const Buttons = ({ busy, close }: { busy: boolean; close: () => void }) => (
  <div className="flex justify-end gap-2">
    <Button onClick={close}>{t("Cancel")}</Button>
    <Button type="submit" kind="primary" busy={busy}>
      {t("Save")}
    </Button>
  </div>
);

/** Keeps the list as it is, under a name. */
export function SaveDialog({
  org,
  kept,
  saved,
  close,
}: {
  org: string;
  kept: ViewUpdate;
  saved: (view: View) => void;
  close: () => void;
}) {
  const [isShared, setShared] = useState(false);
  return (
    <Dialog title={t("Save as a view")} close={close}>
      <Form
        send={async (values) => {
          const visibility = isShared ? "organization" : "owner";
          const view = await addView(org, { ...kept, name: textOf(values, "name"), visibility });
          close();
          saved(view);
        }}
      >
        {({ busy, trouble }) => (
          <>
            <p className="text-muted">
              {t("Search, order, filters and columns of this list, as a tab of yours.")}
            </p>
            <NameField name="" error={trouble.of("name")} />
            <Check
              label={t("Share with the organization")}
              help={t("Everybody finds it among the views; managers may change it.")}
              checked={isShared}
              onChange={(event) => setShared(event.target.checked)}
            />
            <Buttons busy={busy} close={close} />
          </>
        )}
      </Form>
    </Dialog>
  );
}

export function RenameDialog({ org, view, close }: { org: string; view: View; close: () => void }) {
  return (
    <Dialog title={t("Rename the view")} close={close}>
      <Form
        send={async (values) => {
          await changeView(org, view.id, { name: textOf(values, "name") });
          close();
        }}
      >
        {({ busy, trouble }) => (
          <>
            <NameField name={view.name} error={trouble.of("name")} />
            <Buttons busy={busy} close={close} />
          </>
        )}
      </Form>
    </Dialog>
  );
}

export function DeleteDialog({
  org,
  view,
  deleted,
  close,
}: {
  org: string;
  view: View;
  deleted: () => void;
  close: () => void;
}) {
  return (
    <ConfirmDialog
      title={t("Delete the view?")}
      action={t("Delete")}
      run={async () => {
        await removeView(org, view.id);
        deleted();
      }}
      close={close}
    >
      {view.visibility === "organization"
        ? t("{name} goes for everybody in the organization. No issue is changed.", {
            name: view.name,
          })
        : t("{name} goes. No issue is changed.", { name: view.name })}
    </ConfirmDialog>
  );
}
