import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { dayMs } from "../../protocol/durations";
import { queryClient } from "../api/query-client";
import { type Filters, filtersOf, type Search } from "../filters";
import { defaultPeriod } from "../first-requests";
import { FilterBar } from "../frame/filter-bar";
import { Page as Frame } from "../frame/page";
import { periodWords } from "../frame/periods";
import { organization } from "../frame/session";
import { useOrg } from "../frame/use-org";
import { Button } from "../parts/button";
import { Card } from "../parts/card";
import { Count } from "../parts/count";
import { Empty } from "../parts/empty";
import { ErrorBox } from "../parts/error-box";
import { SkeletonBlock } from "../parts/skeleton";
import { StackedBars } from "../parts/stacked-bars";
import { Table } from "../parts/table";
import { useFilters, useLastFilters } from "../use-filters";
import { t } from "../words";
import { stats } from "./queries";
import {
  csvOf,
  outcomeName,
  outcomeSeries,
  projectRows,
  reasonHelp,
  reasonRows,
} from "./stats-tables";

/** A bar an hour for up to three days, a bar a day beyond. */
function intervalOf({ statsPeriod, start, end }: Filters): "1h" | "1d" {
  if (start || end) {
    const span = Date.parse(end ?? new Date().toISOString()) - Date.parse(start ?? "");
    return span > 3 * dayMs ? "1d" : "1h";
  }
  return /^(?:[1-9]|[1-6]\d|7[0-2])h$|^\d+m$|^[1-3]d$/.test(statsPeriod ?? defaultPeriod)
    ? "1h"
    : "1d";
}

const both = (org: string, filters: Filters) => ({
  overTime: stats(org, filters, ["outcome", "reason"], intervalOf(filters)),
  byProject: stats(org, filters, ["project", "outcome"], "1d"),
});

export function prefetch({ org = "" }: Record<string, string>, search: Search): void {
  const { overTime, byProject } = both(org, filtersOf(search));
  void queryClient.prefetchQuery(overTime);
  void queryClient.prefetchQuery(byProject);
}

/** What came in, what of it was kept, and why the rest was not. */
export function Page() {
  const org = useOrg();
  useLastFilters(org);
  const { filters } = useFilters();
  const { overTime, byProject } = both(org, filters);
  const time = useQuery({ ...overTime, placeholderData: (old) => old });
  const project = useQuery({ ...byProject, placeholderData: (old) => old });
  const { data: known } = useQuery(organization(org));
  const nameOf = (id: string) => {
    const found = known?.projects.find((one) => one.id === id);
    return found ? found.name || found.slug : t("project {id}", { id });
  };
  const reasons = time.data ? reasonRows(time.data) : [];
  const save = () => {
    if (!time.data) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([csvOf(time.data)], { type: "text/csv" }));
    link.download = `stats-${org}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <Frame
      title={t("Stats")}
      actions={
        <>
          <FilterBar org={org} />
          <Button icon={Download} onClick={save} disabled={!time.data}>
            {t("CSV")}
          </Button>
        </>
      }
    >
      <div className="grid gap-4 p-4 pt-0">
        {time.isError ? (
          <ErrorBox error={time.error} retry={() => void time.refetch()} />
        ) : !time.data ? (
          <SkeletonBlock height={280} />
        ) : (
          <>
            <Card title={t("Everything that was sent")} help={periodWords(filters)}>
              {time.data.groups.length === 0 ? (
                <Empty>{t("Nothing was sent in this time.")}</Empty>
              ) : (
                <StackedBars
                  label={t("Items over time, by outcome")}
                  unit={t("items")}
                  times={time.data.intervals}
                  series={outcomeSeries(time.data)}
                />
              )}
            </Card>
            <Card title={t("Why something was not kept, or not in full")}>
              {reasons.length === 0 ? (
                <p className="text-muted">{t("Everything was kept.")}</p>
              ) : (
                <Table
                  label={t("Reasons")}
                  rows={reasons}
                  keyOf={({ outcome, reason }) => `${outcome} ${reason}`}
                  columns={[
                    { label: t("Outcome"), cell: ({ outcome }) => outcomeName(outcome) },
                    {
                      label: t("Reason"),
                      cell: ({ reason }) => (
                        <span className="grid">
                          <code>{reason || t("none given")}</code>
                          <span className="text-xs text-muted">{reasonHelp(reason)}</span>
                        </span>
                      ),
                    },
                    {
                      label: t("Items"),
                      cell: ({ total }) => <Count value={total} />,
                      align: "end",
                    },
                  ]}
                />
              )}
            </Card>
          </>
        )}
        {project.data && project.data.groups.length > 0 && (
          <Card title={t("By project")}>
            <Table
              label={t("Items of each project")}
              rows={projectRows(project.data)}
              keyOf={(row) => row.project}
              columns={[
                { label: t("Project"), cell: (row) => nameOf(row.project) },
                {
                  label: t("Accepted"),
                  cell: ({ accepted }) => <Count value={accepted} />,
                  align: "end",
                },
                {
                  label: t("Not kept"),
                  cell: ({ refused }) => <Count value={refused} />,
                  align: "end",
                },
              ]}
            />
          </Card>
        )}
      </div>
    </Frame>
  );
}
