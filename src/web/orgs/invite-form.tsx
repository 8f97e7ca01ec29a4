import { useState } from "react";
import { ApiFault } from "../api/fault";
import { Button } from "../parts/button";
import { Copy } from "../parts/copy";
import { ErrorLine } from "../parts/error-box";
import { Check, Choice, TextArea } from "../parts/field";
import { Form, textOf } from "../parts/form";
import { t } from "../words";
import { addressesIn } from "./addresses";
import { invite, type Role } from "./queries";
import { roles } from "./roles";

type Invited = { email: string; link: string | null; trouble?: string };

/** Invites several people at once; each gets a mail, and whoever invites gets the links too. */
export function InviteForm({
  org,
  teams,
  close,
}: {
  org: string;
  teams: string[];
  close: () => void;
}) {
  const [done, setDone] = useState<Invited[]>();
  if (done) return <Result done={done} close={close} />;
  return (
    <Form
      label={t("Invitation")}
      send={async (values) => {
        const emails = addressesIn(textOf(values, "emails"));
        if (emails.length === 0) {
          throw new ApiFault({
            status: 400,
            detail: "",
            fields: new Map([["emails", t("There is no address in this.")]]),
          });
        }
        const chosen = values.getAll("team").filter((value) => typeof value === "string");
        const all: Invited[] = [];
        for (const email of emails) {
          try {
            const { inviteLink } = await invite(
              org,
              email,
              textOf(values, "role") as Role,
              chosen,
              false,
            );
            all.push({ email, link: inviteLink });
          } catch (error) {
            if (!(error instanceof ApiFault)) throw error;
            all.push({ email, link: null, trouble: error.detail });
          }
        }
        setDone(all);
      }}
    >
      {({ busy, trouble }) => (
        <>
          <TextArea
            name="emails"
            label={t("E-mail addresses")}
            help={t("As many as you like, with commas, blanks or lines between them; 20 at most.")}
            required
            rows={3}
            autoFocus
            error={trouble.of("emails")}
          />
          <Choice
            name="role"
            label={t("Role")}
            options={roles.map(({ role, name, words }) => ({
              value: role,
              label: `${name}: ${words}`,
            }))}
          />
          {teams.length > 0 && (
            <fieldset className="grid gap-1">
              <legend className="mb-1 font-medium">{t("Teams")}</legend>
              <div className="flex max-h-40 flex-wrap gap-x-4 gap-y-1 overflow-y-auto">
                {teams.map((team) => (
                  <Check key={team} name="team" value={team} label={team} />
                ))}
              </div>
            </fieldset>
          )}
          <div className="flex justify-end gap-2">
            <Button onClick={close}>{t("Cancel")}</Button>
            <Button type="submit" kind="primary" busy={busy}>
              {t("Send invitations")}
            </Button>
          </div>
        </>
      )}
    </Form>
  );
}

function Result({ done, close }: { done: Invited[]; close: () => void }) {
  return (
    <div className="grid gap-3">
      <p>{t("Each gets a mail. The links work as well; they are shown this once.")}</p>
      <ul className="grid gap-2">
        {done.map(({ email, link, trouble }) => (
          <li
            key={email}
            className="flex flex-wrap items-center justify-between gap-2 border-b border-line pb-2"
          >
            <span className="min-w-0 truncate">{email}</span>
            {trouble ? (
              <ErrorLine>{trouble}</ErrorLine>
            ) : (
              link && <Copy text={link} label={t("the link for {email}", { email })} />
            )}
          </li>
        ))}
      </ul>
      <div className="flex justify-end">
        <Button kind="primary" onClick={close}>
          {t("Done")}
        </Button>
      </div>
    </div>
  );
}
