import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useMe } from "../frame/session";
import { SettingsPage } from "../frame/settings-frame";
import { Badge } from "../parts/badge";
import { ConfirmDialog } from "../parts/dialog";
import { Empty } from "../parts/empty";
import { Field } from "../parts/field";
import { ListPages } from "../parts/list-pages";
import { RowMenu } from "../parts/row-menu";
import { Table } from "../parts/table";
import { Time } from "../parts/time";
import { useSettled } from "../use-settled";
import { t } from "../words";
import { type ManagedUser, updateUser, users } from "./queries";

type Asked = {
  user: ManagedUser;
  change: { isActive?: boolean; isSuperuser?: boolean };
  title: string;
  words: string;
  action: string;
};

/** Everybody on this installation. */
export function Page() {
  const [typed, setTyped] = useState("");
  const query = useSettled(typed.trim());
  const list = useInfiniteQuery({ ...users(query), placeholderData: keepPreviousData });
  const me = useMe();
  const [asked, setAsked] = useState<Asked>();
  const active = (user: ManagedUser): Asked =>
    user.isActive
      ? {
          user,
          change: { isActive: false },
          title: t("Deactivate {email}?", { email: user.email }),
          words: t("Their sessions and tokens end at once; what they did stays."),
          action: t("Deactivate"),
        }
      : {
          user,
          change: { isActive: true },
          title: t("Activate {email}?", { email: user.email }),
          words: t("They can sign in again."),
          action: t("Activate"),
        };
  const superuser = (user: ManagedUser): Asked =>
    user.isSuperuser
      ? {
          user,
          change: { isSuperuser: false },
          title: t("Take administration from {email}?", { email: user.email }),
          words: t("They keep their organizations."),
          action: t("Take administration"),
        }
      : {
          user,
          change: { isSuperuser: true },
          title: t("Make {email} an administrator?", { email: user.email }),
          words: t(
            "Administrators see and change all of this installation, other administrators included.",
          ),
          action: t("Make administrator"),
        };
  return (
    <SettingsPage
      area="admin"
      wide
      title={t("Users")}
      help={t("Everybody who has an account on this installation.")}
    >
      <Field
        label={t("Find somebody")}
        hideLabel
        type="search"
        data-search
        placeholder={t("Beginning of an address")}
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
      />
      <div className="card">
        <ListPages list={list} empty={<Empty>{t("No address begins like this.")}</Empty>}>
          {(rows) => (
            <Table
              label={t("Users")}
              rows={rows}
              keyOf={({ id }) => id}
              columns={[
                {
                  label: t("Person"),
                  cell: ({ name, email }) => (
                    <span className="grid min-w-0">
                      <span className="truncate font-medium">{name || email}</span>
                      {name && <span className="truncate text-xs text-muted">{email}</span>}
                    </span>
                  ),
                },
                {
                  label: t("State"),
                  cell: ({ isActive, isSuperuser }) => (
                    <span className="flex flex-wrap gap-1">
                      {isSuperuser && <Badge tone="note">{t("administrator")}</Badge>}
                      {!isActive && <Badge tone="warn">{t("deactivated")}</Badge>}
                    </span>
                  ),
                },
                {
                  label: t("Last sign-in"),
                  cell: ({ lastLogin }) =>
                    lastLogin ? (
                      <Time at={lastLogin} />
                    ) : (
                      <span className="text-muted">{t("never")}</span>
                    ),
                  align: "end",
                  wideOnly: true,
                },
                {
                  label: t("Actions"),
                  align: "end",
                  cell: (user) =>
                    user.email === me?.email ? (
                      <span className="text-muted">{t("you")}</span>
                    ) : (
                      <RowMenu
                        label={t("Actions for {email}", { email: user.email })}
                        items={[superuser(user), active(user)].map((one) => ({
                          label: one.action,
                          run: () => setAsked(one),
                        }))}
                      />
                    ),
                },
              ]}
            />
          )}
        </ListPages>
      </div>
      {asked && (
        <ConfirmDialog
          title={asked.title}
          action={asked.action}
          close={() => setAsked(undefined)}
          run={() => updateUser(asked.user.id, asked.change)}
        >
          <p>{asked.words}</p>
        </ConfirmDialog>
      )}
    </SettingsPage>
  );
}
