import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useMay } from "../frame/session";
import { SettingsPage } from "../frame/settings-frame";
import { useOrg } from "../frame/use-org";
import { attempt } from "../parts/attempt";
import { Badge } from "../parts/badge";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { Empty } from "../parts/empty";
import { Field } from "../parts/field";
import { Form, textOf } from "../parts/form";
import { ListPages } from "../parts/list-pages";
import { Table } from "../parts/table";
import { plural, t } from "../words";
import { createTeam, setTeamMember, type Team, teams } from "./queries";

/** The teams of an organization: who sees which projects' alerts, and whose projects they are. */
export function Page() {
  const org = useOrg();
  const list = useInfiniteQuery(teams(org));
  const mayWrite = useMay(org, "team:write");
  const [isNew, setNew] = useState(false);
  return (
    <SettingsPage
      wide
      title={t("Teams")}
      help={t("A team owns projects, and its members hear of their alerts.")}
      actions={
        mayWrite && (
          <Button kind="primary" onClick={() => setNew(true)}>
            {t("New team")}
          </Button>
        )
      }
    >
      <div className="card">
        <ListPages
          list={list}
          empty={
            <Empty
              action={mayWrite && <Button onClick={() => setNew(true)}>{t("New team")}</Button>}
            >
              {t("There are no teams yet. A project needs one.")}
            </Empty>
          }
        >
          {(rows) => (
            <Table
              label={t("Teams")}
              rows={rows}
              keyOf={({ id }) => id}
              columns={[
                {
                  label: t("Team"),
                  cell: ({ slug, isMember }) => (
                    <span className="flex flex-wrap items-center gap-2">
                      <Link to={`/${org}/settings/teams/${slug}`} className="font-medium">
                        {slug}
                      </Link>
                      {isMember && <Badge tone="info">{t("yours")}</Badge>}
                    </span>
                  ),
                },
                { label: t("Members"), cell: ({ memberCount }) => memberCount, align: "end" },
                {
                  label: t("Projects"),
                  cell: ({ projects }) => plural(projects.length, "project", "projects"),
                  align: "end",
                },
                {
                  label: t("Join"),
                  cell: (team) => <JoinButton org={org} team={team} />,
                  align: "end",
                },
              ]}
            />
          )}
        </ListPages>
      </div>
      {isNew && (
        <Dialog title={t("New team")} close={() => setNew(false)}>
          <Form
            send={async (values) => {
              await createTeam(org, textOf(values, "slug"));
              setNew(false);
            }}
          >
            {({ busy, trouble }) => (
              <>
                <Field
                  name="slug"
                  label={t("Name")}
                  help={t("Letters, digits, - and _: it stands in addresses.")}
                  required
                  maxLength={50}
                  pattern="[a-zA-Z0-9_\-]+"
                  autoFocus
                  error={trouble.of("slug")}
                />
                <div className="flex justify-end gap-2">
                  <Button onClick={() => setNew(false)}>{t("Cancel")}</Button>
                  <Button type="submit" kind="primary" busy={busy}>
                    {t("Create team")}
                  </Button>
                </div>
              </>
            )}
          </Form>
        </Dialog>
      )}
    </SettingsPage>
  );
}

function JoinButton({
  org,
  team: { slug, isMember },
}: {
  org: string;
  team: Pick<Team, "slug" | "isMember">;
}) {
  const [busy, setBusy] = useState(false);
  const change = async () => {
    setBusy(true);
    try {
      await attempt(() => setTeamMember(org, slug, "me", !isMember));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button
      small
      busy={busy}
      onClick={() => void change()}
      aria-label={isMember ? t("Leave {team}", { team: slug }) : t("Join {team}", { team: slug })}
    >
      {isMember ? t("Leave") : t("Join")}
    </Button>
  );
}
