import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useMay } from "../frame/session";
import { SettingsPage } from "../frame/settings-frame";
import { useOrg } from "../frame/use-org";
import { Badge } from "../parts/badge";
import { ButtonLink } from "../parts/button";
import { Empty } from "../parts/empty";
import { ErrorBox } from "../parts/error-box";
import { SkeletonRows } from "../parts/skeleton";
import { Table } from "../parts/table";
import { t } from "../words";
import { PlatformMark } from "./platform-mark";
import { platformOf } from "./platforms";
import { type ListedProject, projects } from "./queries";

/** Which project's settings? */
export function Page() {
  const org = useOrg();
  const list = useQuery(projects(org));
  const mayMake = useMay(org, "project:write");
  const make = mayMake && (
    <ButtonLink to={`/${org}/projects/new`} icon={Plus}>
      {t("New project")}
    </ButtonLink>
  );
  return (
    <SettingsPage
      title={t("Project settings")}
      help={t("Keys, alerts, environments, filters and limits belong to a project. Choose one.")}
      actions={make}
    >
      {list.data === undefined ? (
        list.isError ? (
          <ErrorBox error={list.error} retry={() => void list.refetch()} />
        ) : (
          <SkeletonRows rows={5} />
        )
      ) : list.data.length === 0 ? (
        <Empty action={make}>{t("No project yet.")}</Empty>
      ) : (
        <div className="card overflow-hidden">
          <Table
            label={t("Projects")}
            rows={list.data}
            keyOf={({ id }) => id}
            columns={[
              { label: t("Project"), cell: (row) => <Name org={org} project={row} /> },
              {
                label: t("Teams"),
                wideOnly: true,
                cell: ({ teams }) => (
                  <span className="flex flex-wrap gap-1">
                    {teams.map(({ slug }) => (
                      <Badge key={slug}>{`#${slug}`}</Badge>
                    ))}
                  </span>
                ),
              },
              { label: t("Pages"), align: "end", cell: (row) => <Pages org={org} project={row} /> },
            ]}
          />
        </div>
      )}
    </SettingsPage>
  );
}

type Shown = { org: string; project: ListedProject };

function Name({ org, project: { slug, name, platform } }: Shown) {
  return (
    <div className="flex items-center gap-3">
      <PlatformMark id={platform} />
      <div className="min-w-0">
        <Link
          to={`/${org}/settings/projects/${slug}/general`}
          className="quiet line-clamp-2 font-medium"
        >
          {name || slug}
        </Link>
        <p className="text-xs text-muted">{platformOf(platform).name}</p>
      </div>
    </div>
  );
}

function Pages({ org, project: { slug, name } }: Shown) {
  const at = `/${org}/settings/projects/${slug}`;
  const pages = [
    { to: `${at}/keys`, label: t("Keys") },
    { to: `${at}/alerts`, label: t("Alerts") },
    { to: `${at}/environments`, label: t("Environments") },
    { to: `${at}/filters`, label: t("Filters") },
  ];
  return (
    <span className="inline-flex flex-wrap justify-end gap-x-4">
      {pages.map(({ to, label }) => (
        <Link
          key={to}
          to={to}
          aria-label={t("{page} of {name}", { page: label, name: name || slug })}
          className="inline-flex items-center max-md:min-h-11"
        >
          {label}
        </Link>
      ))}
    </span>
  );
}
