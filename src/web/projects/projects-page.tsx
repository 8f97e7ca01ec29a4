import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Plus, Settings } from "lucide-react";
import { useState } from "react";
import { useCommands } from "../commands";
import { Page as Frame } from "../frame/page";
import { organization, useMay } from "../frame/session";
import { Badge } from "../parts/badge";
import { Bars } from "../parts/bars";
import { ButtonLink } from "../parts/button";
import { Count } from "../parts/count";
import { Empty } from "../parts/empty";
import { ErrorBox } from "../parts/error-box";
import { Field } from "../parts/field";
import { SkeletonRows } from "../parts/skeleton";
import { Table } from "../parts/table";
import { Time } from "../parts/time";
import { plural, t } from "../words";
import { PlatformMark } from "./platform-mark";
import { platformOf } from "./platforms";
import { type ListedProject, projects } from "./queries";

/** From here on a field to search in the list is worth its place. */
const searchedFrom = 8;

/** The projects of an organization with what came in during the last 24 hours. */
export function Page() {
  const { org = "" } = useParams({ strict: false }) as { org?: string };
  const { data: house } = useQuery(organization(org));
  const list = useQuery(projects(org));
  const mayMake = useMay(org, "project:write");
  const [typed, setTyped] = useState("");
  const navigate = useNavigate();
  useCommands([
    {
      id: "project.new",
      title: t("New project"),
      keys: "n",
      icon: Plus,
      group: t("This list"),
      disabled: !mayMake,
      run: () => void navigate({ to: `/${org}/projects/new` }),
    },
  ]);
  const words = typed.trim().toLowerCase();
  const rows = (list.data ?? []).filter(({ name, slug }) =>
    `${name} ${slug}`.toLowerCase().includes(words),
  );
  return (
    <Frame
      title={t("Projects, {org}", { org: house?.name ?? org })}
      heading={t("Projects")}
      actions={
        mayMake && (
          <ButtonLink to={`/${org}/projects/new`} kind="primary" icon={Plus}>
            {t("New project")}
          </ButtonLink>
        )
      }
    >
      {list.isError ? (
        <ErrorBox error={list.error} retry={() => void list.refetch()} />
      ) : list.data === undefined ? (
        <SkeletonRows rows={6} />
      ) : list.data.length === 0 ? (
        <Empty
          action={
            mayMake && (
              <ButtonLink to={`/${org}/projects/new`} kind="primary" icon={Plus}>
                {t("New project")}
              </ButtonLink>
            )
          }
        >
          {mayMake
            ? t("No project yet. A project is one application that sends its errors here.")
            : t("No project yet. Somebody with the role admin or above can make one.")}
        </Empty>
      ) : (
        <>
          {list.data.length >= searchedFrom && (
            <div className="max-w-sm px-4 pb-3">
              <Field
                label={t("Search projects")}
                hideLabel
                type="search"
                placeholder={t("Search projects")}
                data-search
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
              />
            </div>
          )}
          {rows.length === 0 ? (
            <Empty>{t("No project is called so.")}</Empty>
          ) : (
            <ProjectTable org={org} rows={rows} />
          )}
        </>
      )}
    </Frame>
  );
}

function ProjectTable({ org, rows }: { org: string; rows: ListedProject[] }) {
  return (
    <Table
      label={t("Projects")}
      rows={rows}
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
        { label: t("Last 24 hours"), wideOnly: true, cell: (row) => <Day project={row} /> },
        {
          label: t("Events"),
          align: "end",
          cell: ({ stats }) =>
            stats && <Count value={stats.reduce((sum, [, count = 0]) => sum + count, 0)} />,
        },
        {
          label: t("Last event"),
          wideOnly: true,
          cell: ({ lastEvent }) => lastEvent && <Time at={lastEvent} />,
        },
        {
          label: t("Settings"),
          align: "end",
          cell: ({ slug, name }) => (
            <Link
              to={`/${org}/settings/projects/${slug}/general`}
              className="inline-flex min-h-8 min-w-8 items-center justify-center rounded-sm text-muted hover:bg-hover max-md:min-h-11 max-md:min-w-11"
              aria-label={t("Settings of {name}", { name: name || slug })}
            >
              <Settings size={16} aria-hidden />
            </Link>
          ),
        },
      ]}
    />
  );
}

function Name({ org, project }: { org: string; project: ListedProject }) {
  const { id, slug, name, platform, firstEvent } = project;
  return (
    <div className="flex min-w-48 items-center gap-3 py-1">
      <PlatformMark id={platform} />
      <div className="min-w-0">
        <Link
          to={firstEvent ? `/${org}/issues` : `/${org}/projects/${slug}/setup`}
          search={firstEvent ? { project: id } : {}}
          className="quiet line-clamp-2 font-medium"
        >
          {name || slug}
        </Link>
        <p className="flex flex-wrap items-center gap-x-2 text-xs text-muted">
          {platformOf(platform).name}
          {!firstEvent && (
            <Link to={`/${org}/projects/${slug}/setup`}>{t("Waiting for its first event")}</Link>
          )}
        </p>
      </div>
    </div>
  );
}

function Day({ project: { stats, firstEvent } }: { project: ListedProject }) {
  if (!stats || !firstEvent) return null;
  const values = stats.map(([, count = 0]) => count);
  const sum = values.reduce((total, value) => total + value, 0);
  return <Bars values={values} label={plural(sum, "event", "events")} width={120} />;
}
