import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Schema } from "../api/client";
import { attempt } from "../parts/attempt";
import { Badge } from "../parts/badge";
import { Button } from "../parts/button";
import { Card } from "../parts/card";
import { ConfirmDialog } from "../parts/dialog";
import { ErrorBox } from "../parts/error-box";
import { Field } from "../parts/field";
import { Form, textOf } from "../parts/form";
import { Menu, type MenuItem } from "../parts/menu";
import { SkeletonRows } from "../parts/skeleton";
import { showToast } from "../parts/toasts";
import { t } from "../words";
import { addEmail, confirmEmailAgain, emails, makeMainEmail, removeEmail } from "./queries";

type Email = Schema<"EmailAddress">;

export function EmailsCard() {
  const all = useQuery(emails);
  const [going, setGoing] = useState<string>();
  const [added, setAdded] = useState(0);
  return (
    <Card
      title={t("E-mail addresses")}
      help={t(
        "You sign in with the main address, and mails go there. An invitation may be sent to any that is confirmed.",
      )}
    >
      <div className="grid gap-4">
        {all.isError ? (
          <ErrorBox error={all.error} retry={() => void all.refetch()} />
        ) : !all.data ? (
          <SkeletonRows rows={1} height="44px" />
        ) : (
          <ul className="divide-y divide-line">
            {all.data.map((email) => (
              <EmailRow key={email.email} email={email} remove={() => setGoing(email.email)} />
            ))}
          </ul>
        )}
        <Form
          key={added}
          label={t("Add an address")}
          className="grid gap-2"
          send={async (values) => {
            const email = textOf(values, "email");
            await addEmail(email);
            setAdded(added + 1);
            showToast({ text: t("A mail to confirm it is on its way to {email}.", { email }) });
          }}
        >
          {({ busy, trouble }) => (
            <>
              <Field
                label={t("Another address")}
                help={t("We send a link there, which confirms it.")}
                name="email"
                type="email"
                required
                maxLength={254}
                autoComplete="email"
                spellCheck={false}
                error={trouble.of("email")}
              />
              <div>
                <Button type="submit" busy={busy}>
                  {t("Add")}
                </Button>
              </div>
            </>
          )}
        </Form>
      </div>
      {going !== undefined && (
        <ConfirmDialog
          title={t("Remove the address?")}
          action={t("Remove")}
          run={() => removeEmail(going)}
          close={() => setGoing(undefined)}
        >
          <p>
            {t("{email} is no longer yours then; adding it again needs a confirmation.", {
              email: going,
            })}
          </p>
        </ConfirmDialog>
      )}
    </Card>
  );
}

function EmailRow({
  email: { email, isPrimary, isVerified },
  remove,
}: {
  email: Email;
  remove: () => void;
}) {
  const items: MenuItem[] = [
    ...(isVerified && !isPrimary
      ? [
          {
            label: t("Make it the main address"),
            run: () =>
              void attempt(
                () => makeMainEmail(email),
                t("{email} is the main address now", { email }),
              ),
          },
        ]
      : []),
    ...(isVerified
      ? []
      : [
          {
            label: t("Send the mail again"),
            run: () =>
              void attempt(
                () => confirmEmailAgain(email),
                t("A mail is on its way to {email}", { email }),
              ),
          },
        ]),
    ...(isPrimary ? [] : [{ label: t("Remove"), danger: true, run: remove }]),
  ];
  return (
    <li className="flex min-h-11 flex-wrap items-center gap-2 py-1">
      <span className="min-w-0 flex-1">{email}</span>
      {isPrimary && <Badge tone="info">{t("main")}</Badge>}
      {isVerified ? (
        <Badge tone="ok">{t("confirmed")}</Badge>
      ) : (
        <Badge tone="warn">{t("not confirmed")}</Badge>
      )}
      {items.length > 0 ? (
        <Menu
          label={t("Actions for {email}", { email })}
          button={t("Actions")}
          items={items}
          align="end"
        />
      ) : null}
    </li>
  );
}
