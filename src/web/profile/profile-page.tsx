import { useState } from "react";
import { useMe } from "../frame/session";
import { SettingsPage } from "../frame/settings-frame";
import { mount } from "../mount";
import { Button } from "../parts/button";
import { Card } from "../parts/card";
import { ConfirmDialog } from "../parts/dialog";
import { Field } from "../parts/field";
import { Form, textOf } from "../parts/form";
import { SkeletonBlock } from "../parts/skeleton";
import { showToast } from "../parts/toasts";
import { t } from "../words";
import { EmailsCard } from "./emails-card";
import { deleteAccount, saveName } from "./queries";

export function Page() {
  const person = useMe();
  return (
    <SettingsPage
      area="profile"
      title={t("Profile")}
      help={t("Who you are to the others of your organizations, and where mails reach you.")}
    >
      <Card title={t("Name")}>
        {person ? (
          <Form
            label={t("Name")}
            send={async (values) => {
              await saveName(textOf(values, "name"));
              showToast({ text: t("Name saved") });
            }}
          >
            {({ busy, trouble }) => (
              <>
                <Field
                  label={t("Your name")}
                  help={t(
                    "Shown beside what you do. Where it is empty, your address stands instead.",
                  )}
                  name="name"
                  defaultValue={person.name}
                  autoComplete="name"
                  maxLength={255}
                  error={trouble.of("name")}
                />
                <div>
                  <Button type="submit" kind="primary" busy={busy}>
                    {t("Save")}
                  </Button>
                </div>
              </>
            )}
          </Form>
        ) : (
          <SkeletonBlock height={96} />
        )}
      </Card>
      <EmailsCard />
      <DeleteCard />
    </SettingsPage>
  );
}

function DeleteCard() {
  const [isOpen, setOpen] = useState(false);
  return (
    <Card
      title={t("Delete the account")}
      help={t(
        "Not while you are the primary owner of an organization: hand it over or delete it first.",
      )}
    >
      <Button kind="danger" onClick={() => setOpen(true)}>
        {t("Delete my account")}
      </Button>
      {isOpen && (
        <ConfirmDialog
          title={t("Delete your account?")}
          action={t("Delete the account")}
          close={() => setOpen(false)}
          run={async () => {
            await deleteAccount();
            location.assign(`${mount}/login`);
          }}
        >
          <p>
            {t(
              "Your name, addresses, ways to sign in, tokens and memberships go at once. What organizations own stays with them. This cannot be taken back.",
            )}
          </p>
        </ConfirmDialog>
      )}
    </Card>
  );
}
