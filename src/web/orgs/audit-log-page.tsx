import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type AuditEvent, auditEvents } from "../../protocol/audit-events";
import { dayMs } from "../../protocol/durations";
import { SettingsPage } from "../frame/settings-frame";
import { useOrg } from "../frame/use-org";
import { Empty } from "../parts/empty";
import { Choice } from "../parts/field";
import { ListPages } from "../parts/list-pages";
import { Time } from "../parts/time";
import { t } from "../words";
import { changesOf } from "./audit-changes";
import { type AuditEntry, auditLog } from "./queries";

const ranges = [
  { value: "", label: t("Any time") },
  { value: "1", label: t("Last 24 hours") },
  { value: "7", label: t("Last 7 days") },
  { value: "30", label: t("Last 30 days") },
];

/** Who changed what, the latest first. */
export function Page() {
  const org = useOrg();
  const [event, setEvent] = useState<AuditEvent | "">("");
  const [days, setDays] = useState("");
  const [start, setStart] = useState<string>();
  const list = useInfiniteQuery(auditLog(org, { event: event || undefined, start }));
  return (
    <SettingsPage
      wide
      title={t("Audit log")}
      help={t("Who changed what in this organization, and from where. Nobody can change it.")}
    >
      <div className="flex flex-wrap gap-2">
        <Choice
          label={t("What happened")}
          hideLabel
          className="w-56!"
          value={event}
          onChange={({ target }) => setEvent(target.value as AuditEvent | "")}
          options={[
            { value: "", label: t("Everything") },
            ...auditEvents.map((value) => ({ value, label: value })),
          ]}
        />
        <Choice
          label={t("When")}
          hideLabel
          className="w-40!"
          value={days}
          onChange={({ target }) => {
            setDays(target.value);
            setStart(
              target.value
                ? new Date(Date.now() - Number(target.value) * dayMs).toISOString()
                : undefined,
            );
          }}
          options={ranges}
        />
      </div>
      <div className="card">
        <ListPages
          list={list}
          empty={
            <Empty>
              {event || days
                ? t("Nothing of that kind happened then.")
                : t("Nothing has been changed yet.")}
            </Empty>
          }
        >
          {(rows) => (
            <ul aria-label={t("Audit log")}>
              {rows.map((entry) => (
                <Entry key={entry.id} entry={entry} />
              ))}
            </ul>
          )}
        </ListPages>
      </div>
    </SettingsPage>
  );
}

function Entry({
  entry: { event, actor, target, ipAddress, data, dateCreated },
}: {
  entry: AuditEntry;
}) {
  const changes = changesOf(data);
  return (
    <li className="grid gap-1 border-b border-line px-4 py-2 last:border-0">
      <p className="flex flex-wrap items-baseline gap-x-2">
        <span className="font-medium">{actor.name || t("somebody")}</span>
        <code>{event}</code>
        <span className="min-w-0 truncate">{target}</span>
        <span className="ms-auto text-xs text-muted">
          {ipAddress && <span className="me-2">{ipAddress}</span>}
          <Time at={dateCreated} />
        </span>
      </p>
      {changes.length > 0 && (
        <dl className="grid gap-0.5 text-xs">
          {changes.map(({ name, before, after }) => (
            <div key={name} className="flex flex-wrap gap-x-2">
              <dt className="text-muted">{name}</dt>
              <dd className="flex min-w-0 flex-wrap gap-x-2">
                {before !== undefined && <del className="text-danger">{before}</del>}
                {after !== undefined &&
                  (before === undefined ? (
                    <span>{after}</span>
                  ) : (
                    <ins className="text-ok no-underline">{after}</ins>
                  ))}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </li>
  );
}
