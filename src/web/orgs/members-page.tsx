import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { organization, useMay, useMe } from "../frame/session";
import { SettingsPage } from "../frame/settings-frame";
import { useOrg } from "../frame/use-org";
import { Avatar } from "../parts/avatar";
import { Badge } from "../parts/badge";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { Empty } from "../parts/empty";
import { Field } from "../parts/field";
import { ListPages } from "../parts/list-pages";
import { Table } from "../parts/table";
import { Time } from "../parts/time";
import { useSettled } from "../use-settled";
import { t } from "../words";
import { InviteForm } from "./invite-form";
import { members } from "./queries";
import { roleName, roles } from "./roles";

/** Who belongs to the organization, and who is invited. */
export function Page() {
  const org = useOrg();
  const me = useMe();
  const [typed, setTyped] = useState("");
  const query = useSettled(typed.trim());
  const list = useInfiniteQuery({ ...members(org, query), placeholderData: keepPreviousData });
  const { data } = useQuery(organization(org));
  const mayInvite = useMay(org, "member:write");
  const [isInviting, setInviting] = useState(false);
  return (
    <SettingsPage
      wide
      title={t("Members")}
      help={t(
        "People of this organization, what they may do, and invitations that nobody has taken yet.",
      )}
      actions={
        mayInvite && (
          <Button kind="primary" onClick={() => setInviting(true)}>
            {t("Invite")}
          </Button>
        )
      }
    >
      <Field
        label={t("Find somebody")}
        hideLabel
        type="search"
        data-search
        placeholder={t("Name or address")}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <div className="card">
        <ListPages
          list={list}
          empty={
            <Empty
              action={
                query ? <Button onClick={() => setTyped("")}>{t("Clear")}</Button> : undefined
              }
            >
              {query
                ? t("Nobody here has “{query}” in name or address.", { query })
                : t("There is nobody yet.")}
            </Empty>
          }
        >
          {(rows) => (
            <Table
              label={t("Members")}
              rows={rows}
              keyOf={({ id }) => id}
              columns={[
                {
                  label: t("Person"),
                  cell: ({ id, email, user, pending }) => (
                    <span className="flex items-center gap-3">
                      <Avatar name={user?.name || email} silent />
                      <span className="grid min-w-0">
                        <Link
                          to={`/${org}/settings/members/${id}`}
                          className="truncate font-medium"
                        >
                          {user?.name || email}
                        </Link>
                        <span className="truncate text-xs text-muted">
                          {pending ? t("invited, not here yet") : email}
                          {user?.email === me?.email && ` · ${t("you")}`}
                        </span>
                      </span>
                    </span>
                  ),
                },
                {
                  label: t("Role"),
                  cell: ({ role, isOwner, pending }) => (
                    <span className="flex flex-wrap gap-1">
                      <Badge tone={role === "owner" ? "note" : "neutral"}>{roleName(role)}</Badge>
                      {isOwner && <Badge tone="info">{t("primary")}</Badge>}
                      {pending && <Badge tone="warn">{t("invited")}</Badge>}
                    </span>
                  ),
                },
                {
                  label: t("Since"),
                  cell: ({ dateCreated }) => <Time at={dateCreated} />,
                  align: "end",
                  wideOnly: true,
                },
              ]}
            />
          )}
        </ListPages>
      </div>
      <section aria-label={t("Roles")} className="text-muted">
        <h2 className="mb-1 text-sm text-text">{t("What the roles may do")}</h2>
        <dl className="grid gap-1">
          {roles.map(({ role, name, words }) => (
            <div key={role} className="flex gap-2">
              <dt className="w-16 shrink-0 font-medium text-text">{name}</dt>
              <dd>{words}</dd>
            </div>
          ))}
        </dl>
      </section>
      {isInviting && (
        <Dialog
          title={t("Invite to {name}", { name: data?.name ?? org })}
          close={() => setInviting(false)}
        >
          <InviteForm
            org={org}
            teams={data?.teams.map(({ slug }) => slug) ?? []}
            close={() => setInviting(false)}
          />
        </Dialog>
      )}
    </SettingsPage>
  );
}
