import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { SettingsPage } from "../frame/settings-frame";
import { Badge } from "../parts/badge";
import { Count } from "../parts/count";
import { Empty } from "../parts/empty";
import { Field } from "../parts/field";
import { ListPages } from "../parts/list-pages";
import { Table } from "../parts/table";
import { Time } from "../parts/time";
import { useSettled } from "../use-settled";
import { t } from "../words";
import { organizations } from "./queries";

/** Every organization on this installation. */
export function Page() {
  const [typed, setTyped] = useState("");
  const query = useSettled(typed.trim());
  const list = useInfiniteQuery({ ...organizations(query), placeholderData: keepPreviousData });
  return (
    <SettingsPage
      area="admin"
      wide
      title={t("Organizations")}
      help={t("Every organization on this installation, also those that you do not belong to.")}
    >
      <Field
        label={t("Find an organization")}
        hideLabel
        type="search"
        data-search
        placeholder={t("Name or slug")}
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
      />
      <div className="card">
        <ListPages list={list} empty={<Empty>{t("None is called like this.")}</Empty>}>
          {(rows) => (
            <Table
              label={t("Organizations")}
              rows={rows}
              keyOf={({ id }) => id}
              columns={[
                {
                  label: t("Organization"),
                  cell: ({ name, slug, isAcceptingEvents }) => (
                    <span className="grid min-w-0">
                      <span className="flex flex-wrap items-center gap-2">
                        <span className="truncate font-medium">{name}</span>
                        {!isAcceptingEvents && <Badge tone="warn">{t("accepts no events")}</Badge>}
                      </span>
                      <span className="truncate text-xs text-muted">{slug}</span>
                    </span>
                  ),
                },
                {
                  label: t("Members"),
                  cell: ({ memberCount }) => <Count value={memberCount} />,
                  align: "end",
                },
                {
                  label: t("Projects"),
                  cell: ({ projectCount }) => <Count value={projectCount} />,
                  align: "end",
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
    </SettingsPage>
  );
}
