import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { organization, useMay, useMe } from "../frame/session";
import { SettingsPage } from "../frame/settings-frame";
import { useOrg } from "../frame/use-org";
import { attempt } from "../parts/attempt";
import { Badge } from "../parts/badge";
import { Button } from "../parts/button";
import { Card } from "../parts/card";
import { Copy } from "../parts/copy";
import { ConfirmDialog } from "../parts/dialog";
import { ErrorBox } from "../parts/error-box";
import { Check } from "../parts/field";
import { Form, textOf } from "../parts/form";
import { SaveButton } from "../parts/save-button";
import { SkeletonBlock } from "../parts/skeleton";
import { Time } from "../parts/time";
import { showToast } from "../parts/toasts";
import { t } from "../words";
import { invite, makeOwner, member, type Role, removeMember, updateMember } from "./queries";
import { roles } from "./roles";

/** One member: role, teams, and the end of membership; of an invitation also a new link. */
export function Page() {
  const org = useOrg();
  const { member: id = "" } = useParams({ strict: false }) as { member?: string };
  const one = useQuery(member(org, id));
  const me = useMe();
  const { data: known } = useQuery(organization(org));
  const mayWrite = useMay(org, "member:write") ?? false;
  const mayOwn = useMay(org, "org:admin") ?? false;
  const navigate = useNavigate();
  const [asking, setAsking] = useState<"remove" | "owner">();
  const [link, setLink] = useState<string | null>(null);
  if (one.isError) {
    return (
      <SettingsPage title={t("Member")}>
        <ErrorBox error={one.error} retry={() => void one.refetch()} />
      </SettingsPage>
    );
  }
  if (!one.data) {
    return (
      <SettingsPage title={t("Member")}>
        <SkeletonBlock height={320} />
      </SettingsPage>
    );
  }
  const { email, user, role, pending, isOwner, dateCreated, teams } = one.data;
  const name = user?.name || email;
  const isMe = user?.email === me?.email;
  return (
    <SettingsPage title={name}>
      <p className="flex flex-wrap items-center gap-2 text-muted">
        {email}
        {pending && <Badge tone="warn">{t("invited")}</Badge>}
        {isOwner && <Badge tone="info">{t("primary owner")}</Badge>}
        <span>
          {t("since")} <Time at={dateCreated} />
        </span>
      </p>
      {!mayWrite && <p className="text-muted">{t("Only managers and owners can change these.")}</p>}
      {pending && mayWrite && (
        <Card title={t("Invitation")} help={t("A new link ends the one before it.")}>
          <div className="flex flex-wrap items-center gap-2">
            <Button
              onClick={() => {
                void attempt(async () => {
                  const { inviteLink } = await invite(org, email, role, teams, true);
                  setLink(inviteLink);
                }, t("Sent again"));
              }}
            >
              {t("Send again")}
            </Button>
            {link && <Copy text={link} label={t("the link")} />}
          </div>
        </Card>
      )}
      <Card title={t("Role and teams")}>
        <Form
          key={`${role} ${teams.join()}`}
          label={t("Role and teams")}
          send={async (values) => {
            await updateMember(org, id, {
              orgRole: textOf(values, "role") as Role,
              teamRoles: values.getAll("team").filter((value) => typeof value === "string"),
            });
            showToast({ text: t("Saved") });
          }}
        >
          {({ busy }) => (
            <>
              <fieldset className="grid gap-2">
                <legend className="mb-1 font-medium">{t("Role")}</legend>
                {roles.map(({ role: value, name: title, words }) => (
                  <label key={value} className="flex items-start gap-2 max-md:min-h-11">
                    <input
                      type="radio"
                      name="role"
                      value={value}
                      defaultChecked={value === role}
                      disabled={!mayWrite}
                      className="mt-0.5 size-4 shrink-0 accent-accent"
                    />
                    <span>
                      <span className="font-medium">{title}</span>{" "}
                      <span className="text-muted">{words}</span>
                    </span>
                  </label>
                ))}
              </fieldset>
              <fieldset className="grid gap-1">
                <legend className="mb-1 font-medium">{t("Teams")}</legend>
                <div className="flex flex-wrap gap-x-4 gap-y-1">
                  {(known?.teams ?? []).map(({ slug }) => (
                    <Check
                      key={slug}
                      name="team"
                      value={slug}
                      label={slug}
                      defaultChecked={teams.includes(slug)}
                      disabled={!mayWrite}
                    />
                  ))}
                </div>
              </fieldset>
              <SaveButton busy={busy} mayWrite={mayWrite} />
            </>
          )}
        </Form>
      </Card>
      {mayOwn && !pending && !isOwner && (
        <Card
          title={t("Primary owner")}
          help={t("One owner is the primary one: who cannot be removed before another takes over.")}
        >
          <Button onClick={() => setAsking("owner")}>{t("Make primary owner")}</Button>
        </Card>
      )}
      {(mayWrite || isMe) && !isOwner && (
        <Card
          title={isMe ? t("Leave") : t("Remove")}
          help={t("What was done stays; access ends at once.")}
        >
          <Button kind="danger" onClick={() => setAsking("remove")}>
            {isMe
              ? t("Leave the organization")
              : pending
                ? t("Take back the invitation")
                : t("Remove from the organization")}
          </Button>
        </Card>
      )}
      {asking === "owner" && (
        <ConfirmDialog
          title={t("Make {name} the primary owner?", { name })}
          action={t("Make primary owner")}
          close={() => setAsking(undefined)}
          run={() => makeOwner(org, id)}
        >
          <p>{t("You stay an owner.")}</p>
        </ConfirmDialog>
      )}
      {asking === "remove" && (
        <ConfirmDialog
          title={isMe ? t("Leave {org}?", { org }) : t("Remove {name}?", { name })}
          action={isMe ? t("Leave") : t("Remove")}
          close={() => setAsking(undefined)}
          run={async () => {
            await removeMember(org, id);
            await navigate({ to: isMe ? "/" : `/${org}/settings/members`, replace: true });
          }}
        >
          <p>{t("Access to every project of the organization ends.")}</p>
        </ConfirmDialog>
      )}
    </SettingsPage>
  );
}
