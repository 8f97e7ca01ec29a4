import { useState } from "react";
import { useMe } from "../frame/session";
import { NewPasswordField } from "../parts/account-fields";
import { attempt } from "../parts/attempt";
import { Button } from "../parts/button";
import { Card } from "../parts/card";
import { PasswordField } from "../parts/field";
import { Form, passwordOf } from "../parts/form";
import { SkeletonBlock } from "../parts/skeleton";
import { showToast } from "../parts/toasts";
import { t } from "../words";
import { changePassword, mailPasswordLink } from "./queries";

export function PasswordCard() {
  const person = useMe();
  const [changes, setChanges] = useState(0);
  if (!person) {
    return (
      <Card title={t("Password")}>
        <SkeletonBlock height={120} />
      </Card>
    );
  }
  if (!person.hasPasswordAuth) {
    const { email } = person;
    return (
      <Card title={t("Password")} help={t("Your account has none: you sign in in other ways.")}>
        <Button
          onClick={() =>
            void attempt(
              () => mailPasswordLink(email),
              t("A mail with a link is on its way to {email}", { email }),
            )
          }
        >
          {t("Mail me a link to choose one")}
        </Button>
      </Card>
    );
  }
  return (
    <Card title={t("Password")} help={t("Your other sessions end when you change it.")}>
      <Form
        key={changes}
        label={t("Change the password")}
        send={async (values) => {
          await changePassword(
            passwordOf(values, "currentPassword"),
            passwordOf(values, "newPassword"),
          );
          setChanges(changes + 1);
          showToast({ text: t("Password changed; your other sessions have ended") });
        }}
      >
        {({ busy, trouble }) => (
          <>
            {/* Tells password managers whose password this is. */}
            <input type="text" hidden autoComplete="username" value={person.email} readOnly />
            <PasswordField
              label={t("Current password")}
              name="currentPassword"
              required
              maxLength={1000}
              autoComplete="current-password"
              error={trouble.of("currentPassword")}
            />
            <NewPasswordField
              label={t("New password")}
              name="newPassword"
              error={trouble.of("newPassword")}
            />
            <div>
              <Button type="submit" kind="primary" busy={busy}>
                {t("Change the password")}
              </Button>
            </div>
          </>
        )}
      </Form>
    </Card>
  );
}
