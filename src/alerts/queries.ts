import { sql } from "drizzle-orm";
import type { Db, Statement } from "../platform/database";
import type { Range } from "../protocol/cursor";
import type { Alert } from "./schemas";

export type AlertRow = Omit<Alert, "id" | "alertRecipients"> & {
  id: string;
  recipients: Alert["alertRecipients"];
};

const columns = sql`
  r.id, r.name, r.timespan_minutes as "timespanMinutes", r.quantity, r.uptime,
  coalesce((
    select json_agg(json_build_object('id', a.id, 'recipientType', a.type, 'url', a.url, 'tagsToAdd', a.tags_to_add,
                                      'config', a.config) order by a.position)
      from alert_recipients a where a.rule_id = r.id), '[]'::json) as recipients`;

/** Newest first. Served by alert_rules_project. */
export function selectAlerts(db: Db, projectId: number, { cursor, limit }: Range) {
  const backward = cursor?.backward ?? false;
  const after = cursor
    ? sql`and r.id ${sql.raw(backward ? ">" : "<")} ${cursor.id}::bigint`
    : sql``;
  return db.execute<AlertRow>(sql`
    select ${columns} from alert_rules r where r.project_id = ${projectId} ${after}
     order by r.id ${sql.raw(backward ? "asc" : "desc")} limit ${limit + 1}`);
}

/** Served by the primary key. */
export const selectAlert = (db: Db, projectId: number, id: number) =>
  db.execute<AlertRow>(sql`
    select ${columns} from alert_rules r where r.id = ${id} and r.project_id = ${projectId}`);

export type Recipient = {
  type: string;
  url: string;
  tags: string[];
  config: Record<string, string> | null;
};
export type Rule = Omit<AlertRow, "id" | "recipients">;

const recipientRows = (recipients: Recipient[]) => sql`
  json_array_elements(${JSON.stringify(recipients)}::json) with ordinality as x(value, position)`;

const recipientValues = sql`
  position, value ->> 'type', value ->> 'url',
  (select coalesce(array_agg(tag), '{}') from json_array_elements_text(value -> 'tags') tag),
  nullif((value -> 'config')::jsonb, 'null'::jsonb)`;

export const insertAlert = (db: Db, projectId: number, rule: Rule, recipients: Recipient[]) =>
  db.execute<{ id: string }>(sql`
    with rule as (
      insert into alert_rules (project_id, name, timespan_minutes, quantity, uptime)
      values (${projectId}, ${rule.name}, ${rule.timespanMinutes}, ${rule.quantity}, ${rule.uptime})
      returning id
    ), listed as (
      insert into alert_recipients (rule_id, position, type, url, tags_to_add, config)
      select rule.id, ${recipientValues} from rule, ${recipientRows(recipients)}
    )
    select id from rule`);

export const updateAlert = (tx: Db, projectId: number, id: number, rule: Rule): Statement =>
  tx.execute(sql`
    update alert_rules set name = ${rule.name}, timespan_minutes = ${rule.timespanMinutes},
           quantity = ${rule.quantity}, uptime = ${rule.uptime}
     where id = ${id} and project_id = ${projectId}`);

/** Replaces the recipients of a rule; the rule is the project's, or nothing happens. */
export const replaceRecipients = (
  tx: Db,
  projectId: number,
  id: number,
  recipients: Recipient[],
): Statement[] => [
  tx.execute(sql`
    delete from alert_recipients a using alert_rules r
     where a.rule_id = r.id and r.id = ${id} and r.project_id = ${projectId}`),
  tx.execute(sql`
    insert into alert_recipients (rule_id, position, type, url, tags_to_add, config)
    select r.id, ${recipientValues} from alert_rules r, ${recipientRows(recipients)}
     where r.id = ${id} and r.project_id = ${projectId}`),
];

export const deleteAlert = (tx: Db, projectId: number, id: number): Statement =>
  tx.execute(sql`delete from alert_rules where id = ${id} and project_id = ${projectId}`);
