import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Schema } from "../api/client";
import { SettingsPage } from "../frame/settings-frame";
import { Badge } from "../parts/badge";
import { formatBytes } from "../parts/bytes";
import { Card } from "../parts/card";
import { Count } from "../parts/count";
import { ErrorBox } from "../parts/error-box";
import { SkeletonBlock } from "../parts/skeleton";
import { Table } from "../parts/table";
import { spanWords } from "../parts/time-words";
import { plural, t } from "../words";
import { overview } from "./queries";

type Overview = Schema<"Overview">;

/** Whether this installation is well, for whoever runs it. Looks again every ten seconds. */
export function Page() {
  const { data, isError, error, refetch } = useQuery(overview);
  return (
    <SettingsPage
      area="admin"
      title={t("Administration")}
      help={t("How this installation is, a moment ago.")}
    >
      {isError && !data ? (
        <ErrorBox error={error} retry={() => void refetch()} />
      ) : !data ? (
        <SkeletonBlock height={400} />
      ) : (
        <>
          {data.health && <Health health={data.health} />}
          <Card
            title={t("Pipeline")}
            help={t("From the door of an SDK until an event can be found.")}
          >
            <Facts
              facts={[
                [t("Behind"), data.lag ? seconds(data.lag.digestSeconds) : t("not known")],
                [
                  t("Of that in the queue"),
                  data.lag ? seconds(data.lag.queueSeconds) : t("not known"),
                ],
                [
                  t("Dead letters"),
                  data.deadLetters === null ? (
                    t("not known")
                  ) : (
                    <Link key="letters" to="/admin/dead-letters">
                      {plural(data.deadLetters, "message", "messages")}
                    </Link>
                  ),
                ],
                [
                  t("Rate limits"),
                  data.limitsAreLocal
                    ? t("kept by each isolate: Redis does not answer")
                    : t("shared"),
                ],
              ]}
            />
            {data.queues.length > 0 && (
              <div className="mt-3">
                <Table
                  label={t("Queues")}
                  rows={data.queues}
                  keyOf={({ queue }) => queue}
                  columns={[
                    { label: t("Queue"), cell: ({ queue }) => <code>{queue}</code> },
                    {
                      label: t("Waiting"),
                      cell: ({ messages }) => <Count value={messages} />,
                      align: "end",
                    },
                    {
                      label: t("Oldest"),
                      cell: ({ oldestSeconds, messages }) =>
                        messages === 0 ? "–" : seconds(oldestSeconds),
                      align: "end",
                    },
                  ]}
                />
              </div>
            )}
          </Card>
          <Totals
            totals={data.totals}
            disk={data.disk}
            version={data.version}
            environment={data.environment}
          />
        </>
      )}
    </SettingsPage>
  );
}

const seconds = (value: number) => (value < 1 ? t("less than a second") : spanWords(value * 1000));

const checkNames = new Map([
  ["database", t("Database")],
  ["redis", t("Redis")],
  ["bucket", t("Bucket")],
  ["queues", t("Queues")],
  ["disk", t("Disk")],
]);

function Health({ health }: { health: NonNullable<Overview["health"]> }) {
  const checks = Object.entries(health.checks);
  return (
    <Card
      title={health.status === "ok" ? t("All is well") : t("Something fails")}
      actions={<Badge tone={health.status === "ok" ? "ok" : "danger"}>{t(health.status)}</Badge>}
    >
      <ul className="flex flex-wrap gap-x-6 gap-y-2">
        {checks.map(([name, check]) => (
          <li key={name} className="flex items-center gap-2">
            <Badge tone={check.status === "ok" ? "ok" : "danger"}>
              {check.status === "ok" ? t("ok") : t("fails")}
            </Badge>
            {checkNames.get(name) ?? name}
            <span className="text-xs text-muted">{t("{n} ms", { n: check.ms })}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Totals({
  totals,
  disk,
  version,
  environment,
}: Pick<Overview, "totals" | "disk" | "version" | "environment">) {
  return (
    <Card
      title={t("This installation")}
      help={t("Issues and events as the database estimates them.")}
    >
      <Facts
        facts={[
          [t("Version"), `${version} (${environment})`],
          ...(totals
            ? ([
                [t("Organizations"), <Count key="o" value={totals.organizations} />],
                [t("Projects"), <Count key="p" value={totals.projects} />],
                [t("Users"), <Count key="u" value={totals.users} />],
                [t("Issues"), <Count key="i" value={totals.issues} />],
                [t("Events"), <Count key="e" value={totals.events} />],
                [t("Database"), formatBytes(totals.databaseBytes)],
              ] satisfies [string, ReactNode][])
            : []),
          ...(disk
            ? ([
                [
                  t("Disk"),
                  t("{free} of {total} free", {
                    free: formatBytes(disk.freeBytes),
                    total: formatBytes(disk.totalBytes),
                  }),
                ],
              ] satisfies [string, ReactNode][])
            : []),
        ]}
      />
    </Card>
  );
}

function Facts({ facts }: { facts: [string, ReactNode][] }) {
  return (
    <dl className="grid gap-1">
      {facts.map(([name, value]) => (
        <div key={name} className="flex flex-wrap gap-x-3">
          <dt className="w-44 text-muted">{name}</dt>
          <dd className="min-w-0">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
