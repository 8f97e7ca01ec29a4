import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useMay } from "../frame/session";
import { SettingsPage } from "../frame/settings-frame";
import { useOrg } from "../frame/use-org";
import { attempt } from "../parts/attempt";
import { Avatar } from "../parts/avatar";
import { Button } from "../parts/button";
import { Card } from "../parts/card";
import { ConfirmDialog } from "../parts/dialog";
import { Empty } from "../parts/empty";
import { ErrorBox } from "../parts/error-box";
import { Choice, Field } from "../parts/field";
import { Form, textOf } from "../parts/form";
import { ListPages } from "../parts/list-pages";
import { showToast } from "../parts/toasts";
import { t } from "../words";
import { deleteTeam, members, renameTeam, setTeamMember, team, teamMembers } from "./queries";

/** One team: its people, its projects, its name. */
export function Page() {
  const org = useOrg();
  const { team: slug = "" } = useParams({ strict: false }) as { team?: string };
  const known = useQuery(team(org, slug));
  const mayWrite = useMay(org, "team:write") ?? false;
  if (known.isError) {
    return (
      <SettingsPage title={slug}>
        <ErrorBox error={known.error} retry={() => void known.refetch()} />
      </SettingsPage>
    );
  }
  return (
    <SettingsPage title={t("Team {slug}", { slug })}>
      <People org={org} slug={slug} mayWrite={mayWrite} />
      <Projects org={org} slug={slug} />
      {mayWrite && <NameCard key={slug} org={org} slug={slug} />}
      {mayWrite && <DeleteCard org={org} slug={slug} />}
    </SettingsPage>
  );
}

function People({ org, slug, mayWrite }: { org: string; slug: string; mayWrite: boolean }) {
  const list = useInfiniteQuery(teamMembers(org, slug));
  const everybody = useInfiniteQuery({ ...members(org, ""), enabled: mayWrite });
  const inside = new Set(list.data?.pages.flatMap(({ rows }) => rows.map(({ id }) => id)));
  const others = (everybody.data?.pages.flatMap(({ rows }) => rows) ?? []).filter(
    ({ id }) => !inside.has(id),
  );
  return (
    <Card title={t("Members")}>
      <ListPages list={list} empty={<Empty>{t("Nobody is in this team yet.")}</Empty>}>
        {(rows) => (
          <ul className="grid">
            {rows.map(({ id, email, user }) => (
              <li
                key={id}
                className="flex min-h-10 items-center gap-3 border-b border-line py-1 last:border-0"
              >
                <Avatar name={user?.name || email} silent />
                <Link to={`/${org}/settings/members/${id}`} className="min-w-0 flex-1 truncate">
                  {user?.name || email}
                </Link>
                {mayWrite && (
                  <Button
                    small
                    kind="quiet"
                    aria-label={t("Remove {who} from the team", { who: email })}
                    onClick={() => void attempt(() => setTeamMember(org, slug, id, false))}
                  >
                    {t("Remove")}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </ListPages>
      {mayWrite && others.length > 0 && (
        <Form
          className="mt-3 flex flex-wrap items-end gap-2"
          label={t("Add somebody")}
          send={(values) => setTeamMember(org, slug, textOf(values, "member"), true)}
        >
          {({ busy }) => (
            <>
              <Choice
                name="member"
                label={t("Add somebody")}
                options={others.map(({ id, email, user }) => ({
                  value: id,
                  label: user?.name || email,
                }))}
                className="max-w-72"
              />
              <Button type="submit" busy={busy}>
                {t("Add")}
              </Button>
            </>
          )}
        </Form>
      )}
    </Card>
  );
}

function Projects({ org, slug }: { org: string; slug: string }) {
  const { data } = useQuery(team(org, slug));
  const projects =
    data && "projects" in data
      ? (data.projects as { id: string; slug: string; name: string }[])
      : [];
  return (
    <Card title={t("Projects")}>
      {projects.length === 0 ? (
        <p className="text-muted">{t("This team has no projects.")}</p>
      ) : (
        <ul className="flex flex-wrap gap-x-4 gap-y-2">
          {projects.map((project) => (
            <li key={project.id}>
              <Link to={`/${org}/settings/projects/${project.slug}/general`}>
                {project.name || project.slug}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function NameCard({ org, slug }: { org: string; slug: string }) {
  const navigate = useNavigate();
  return (
    <Card title={t("Name")}>
      <Form
        label={t("Name")}
        send={async (values) => {
          const now = await renameTeam(org, slug, textOf(values, "slug"));
          showToast({ text: t("Saved") });
          if (now !== slug) await navigate({ to: `/${org}/settings/teams/${now}`, replace: true });
        }}
      >
        {({ busy, trouble }) => (
          <>
            <Field
              name="slug"
              label={t("Name")}
              defaultValue={slug}
              required
              maxLength={50}
              pattern="[a-zA-Z0-9_\-]+"
              error={trouble.of("slug")}
            />
            <div>
              <Button type="submit" kind="primary" busy={busy}>
                {t("Save")}
              </Button>
            </div>
          </>
        )}
      </Form>
    </Card>
  );
}

function DeleteCard({ org, slug }: { org: string; slug: string }) {
  const [isAsking, setAsking] = useState(false);
  const navigate = useNavigate();
  return (
    <Card title={t("Delete the team")} help={t("Its projects stay, with their other teams.")}>
      <Button kind="danger" onClick={() => setAsking(true)}>
        {t("Delete team")}
      </Button>
      {isAsking && (
        <ConfirmDialog
          title={t("Delete the team {slug}?", { slug })}
          action={t("Delete team")}
          close={() => setAsking(false)}
          run={async () => {
            await deleteTeam(org, slug);
            await navigate({ to: `/${org}/settings/teams`, replace: true });
          }}
        >
          <p>{t("Its members lose what they saw through it alone. This cannot be taken back.")}</p>
        </ConfirmDialog>
      )}
    </Card>
  );
}
