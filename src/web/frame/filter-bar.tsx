import { useQuery } from "@tanstack/react-query";
import { CalendarClock, Funnel } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useCommands } from "../commands";
import type { Filters } from "../filters";
import { defaultPeriod } from "../first-requests";
import { Button } from "../parts/button";
import { Menu } from "../parts/menu";
import { type SetFilters, useFilters } from "../use-filters";
import { joinWords, t } from "../words";
import { environments } from "./environments";
import { periods, periodWords } from "./periods";
import { organization } from "./session";

// Most who come to a list open neither: their code comes when they do.
const Dialog = lazy(async () => ({ default: (await import("../parts/dialog")).Dialog }));
const TimeRangeForm = lazy(async () => ({
  default: (await import("./time-range-form")).TimeRangeForm,
}));

/** Project, environment and time of a list; on a phone behind one button. */
export function FilterBar({
  org,
  withTime = true,
  withProjects = true,
  anyTime = false,
}: {
  org: string;
  withTime?: boolean;
  withProjects?: boolean;
  /** Where no time is chosen, it is any. */
  anyTime?: boolean;
}) {
  const { filters, setFilters } = useFilters();
  const [isSheet, setSheet] = useState(false);
  const count = (withProjects ? filters.projects.length : 0) + filters.environments.length;
  return (
    <>
      <div className="flex flex-wrap items-center gap-2 max-md:hidden">
        {withProjects && <ProjectFilter org={org} filters={filters} setFilters={setFilters} />}
        <EnvironmentFilter org={org} filters={filters} setFilters={setFilters} />
        {withTime && <TimeFilter filters={filters} setFilters={setFilters} anyTime={anyTime} />}
      </div>
      <div className="md:hidden">
        <Button icon={Funnel} onClick={() => setSheet(true)}>
          {count > 0 ? t("Filters ({n})", { n: count }) : t("Filters")}
        </Button>
      </div>
      {isSheet && (
        <Suspense>
          <Dialog title={t("Filters")} close={() => setSheet(false)}>
            <div className="grid justify-items-start gap-3">
              {withProjects && (
                <ProjectFilter org={org} filters={filters} setFilters={setFilters} />
              )}
              <EnvironmentFilter org={org} filters={filters} setFilters={setFilters} />
              {withTime && (
                <TimeFilter filters={filters} setFilters={setFilters} anyTime={anyTime} />
              )}
              <Button kind="primary" onClick={() => setSheet(false)}>
                {t("Show")}
              </Button>
            </div>
          </Dialog>
        </Suspense>
      )}
    </>
  );
}

type Part = { org: string; filters: Filters; setFilters: SetFilters };

const toggled = (values: string[], value: string) =>
  values.includes(value) ? values.filter((other) => other !== value) : [...values, value];

function ProjectFilter({ org, filters, setFilters }: Part) {
  const { data } = useQuery(organization(org));
  const all = data?.projects ?? [];
  const chosen = all
    .filter(({ id }) => filters.projects.includes(id))
    .map(({ name, slug }) => name || slug);
  const label =
    filters.projects.length === 0
      ? t("All projects")
      : chosen.length > 2
        ? t("{n} projects", { n: chosen.length })
        : joinWords(chosen) || t("Unknown project");
  return (
    <Menu
      label={label}
      items={[
        {
          label: t("All projects"),
          checked: filters.projects.length === 0,
          run: () => setFilters({ projects: [] }),
        },
        "line",
        ...all.map(({ id, name, slug }) => ({
          label: name || slug,
          checked: filters.projects.includes(id),
          run: () => setFilters({ projects: toggled(filters.projects, id) }),
        })),
      ]}
    />
  );
}

function EnvironmentFilter({ org, filters, setFilters }: Part) {
  const [isOpened, setOpened] = useState(false);
  const isNeeded = isOpened || filters.environments.length > 0;
  const { data = [] } = useQuery({ ...environments(org), enabled: isNeeded });
  const names = data.map(({ name }) => name);
  // A project that has none of these keeps them in the address; one sees that they find nothing.
  const unknown = filters.environments.filter((name) => data.length > 0 && !names.includes(name));
  const label =
    filters.environments.length === 0 ? t("All environments") : joinWords(filters.environments);
  return (
    <Menu
      label={label}
      onOpen={() => setOpened(true)}
      items={[
        {
          label: t("All environments"),
          checked: filters.environments.length === 0,
          run: () => setFilters({ environments: [] }),
        },
        "line",
        ...[...names, ...unknown].map((name) => ({
          label: unknown.includes(name)
            ? t("{name} (not in these projects)", { name })
            : name || t("(none)"),
          checked: filters.environments.includes(name),
          run: () => setFilters({ environments: toggled(filters.environments, name) }),
        })),
      ]}
    />
  );
}

function TimeFilter({ filters, setFilters, anyTime }: Omit<Part, "org"> & { anyTime: boolean }) {
  const [isOpen, setOpen] = useState(false);
  useCommands([
    {
      id: "time",
      title: t("Choose a time"),
      keys: "t",
      group: t("This list"),
      run: () => setOpen(true),
    },
  ]);
  const period = filters.statsPeriod ?? (anyTime ? undefined : defaultPeriod);
  const isAny = period === undefined && !filters.start && !filters.end;
  return (
    <>
      <Menu
        label={isAny ? t("Any time") : periodWords(filters)}
        items={[
          ...(anyTime
            ? [
                {
                  label: t("Any time"),
                  checked: isAny,
                  run: () =>
                    setFilters({ statsPeriod: undefined, start: undefined, end: undefined }),
                },
              ]
            : []),
          ...periods.map((value) => ({
            label: periodWords({ statsPeriod: value, start: undefined, end: undefined }),
            checked: !filters.start && !filters.end && period === value,
            run: () => setFilters({ statsPeriod: value, start: undefined, end: undefined }),
          })),
          "line",
          { label: t("Another range…"), icon: CalendarClock, keys: "t", run: () => setOpen(true) },
        ]}
      />
      {isOpen && (
        <Suspense>
          <Dialog title={t("Time range")} close={() => setOpen(false)}>
            <TimeRangeForm
              filters={filters}
              choose={(range) => {
                setFilters(range);
                setOpen(false);
              }}
            />
          </Dialog>
        </Suspense>
      )}
    </>
  );
}
