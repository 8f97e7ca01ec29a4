import {
  and,
  eq,
  getTableColumns,
  inArray,
  isNull,
  type SQL,
  type SQLWrapper,
  sql,
} from "drizzle-orm";
import { alertRecipients, alertRules } from "../../drizzle/schema/alerts";
import { projects } from "../../drizzle/schema/projects";
import type { AuditedRow } from "../audit/entry-queries";
import type { Db, Statement } from "../platform/database";
import { insertSelect } from "../platform/insert-select";
import { keyset } from "../platform/keyset";
import type { Range } from "../protocol/cursor";
import type { Alert } from "./schemas";

const ruleOf = (projectId: number, id: number) =>
  and(eq(alertRules.id, id), eq(alertRules.projectId, projectId));

/** Served by alert_recipients_rule. */
const recipientsOf = (db: Db) =>
  db
    .select({
      list: sql`json_agg(json_build_object(
        'id', ${alertRecipients.id}, 'recipientType', ${alertRecipients.type}, 'url', ${alertRecipients.url},
        'tagsToAdd', ${alertRecipients.tagsToAdd}, 'config', ${alertRecipients.config})
        order by ${alertRecipients.position})`,
    })
    .from(alertRecipients)
    .where(eq(alertRecipients.ruleId, alertRules.id));

const columnsOf = (db: Db) => ({
  id: alertRules.id,
  name: alertRules.name,
  timespanMinutes: alertRules.timespanMinutes,
  quantity: alertRules.quantity,
  uptime: alertRules.uptime,
  recipients: sql<Alert["alertRecipients"]>`coalesce(${recipientsOf(db)}, '[]'::json)`,
});

/** Newest first. Served by alert_rules_project. */
export function selectAlerts(db: Db, projectId: number, range: Range) {
  const { condition, order, limit } = keyset(undefined, alertRules.id, range, "descending");
  return db
    .select(columnsOf(db))
    .from(alertRules)
    .where(and(eq(alertRules.projectId, projectId), condition))
    .orderBy(order)
    .limit(limit);
}
export type AlertRow = Awaited<ReturnType<typeof selectAlerts>>[number];

/** Of all projects, by their slug, oldest first in each. Served by projects_org_slug and alert_rules_project. */
export function selectAlertsOfOrganization(db: Db, orgId: number, range: Range) {
  const { condition, order, limit } = keyset(projects.slug, alertRules.id, range);
  return db
    .select({
      ...columnsOf(db),
      project: { id: projects.id, slug: projects.slug, name: projects.name },
    })
    .from(projects)
    .innerJoin(alertRules, eq(alertRules.projectId, projects.id))
    .where(and(eq(projects.orgId, orgId), isNull(projects.deletedAt), condition))
    .orderBy(order)
    .limit(limit);
}
export type OrganizationAlertRow = Awaited<ReturnType<typeof selectAlertsOfOrganization>>[number];

/** Served by the primary key. */
export const selectAlert = (db: Db, projectId: number, id: number) =>
  db.select(columnsOf(db)).from(alertRules).where(ruleOf(projectId, id));

export type Recipient = {
  type: string;
  url: string;
  tags: string[];
  config: Record<string, string> | null;
};
export type Rule = Omit<AlertRow, "id" | "recipients">;

/** Recipients of a rule, in their order. */
const insertRecipients = (ruleId: SQLWrapper, recipients: Recipient[], of: SQL) =>
  insertSelect(
    alertRecipients,
    {
      ruleId,
      position: sql`position`,
      type: sql`value ->> 'type'`,
      url: sql`value ->> 'url'`,
      tagsToAdd: sql`(select coalesce(array_agg(tag), '{}') from json_array_elements_text(value -> 'tags') tag)`,
      config: sql`nullif((value -> 'config')::jsonb, 'null'::jsonb)`,
    },
    sql`from json_array_elements(${JSON.stringify(recipients)}::json) with ordinality as x(value, position), ${of}`,
  );

export const insertAlert = (db: Db, projectId: number, rule: Rule, recipients: Recipient[]) =>
  db.execute<{ id: string }>(sql`
    with rule as (
      ${insertSelect(alertRules, { projectId, ...rule }, sql``)} returning ${alertRules.id}
    ), addressed as (
      ${insertRecipients(sql`rule.id`, recipients, sql`rule`)}
    )
    select id from rule`);

/** What is to be read of a rule for an entry of its change. Served by the primary key. */
export const auditedAlert = (projectId: number, id: number): AuditedRow => ({
  fields: getTableColumns(alertRules),
  from: sql`from ${alertRules} where ${ruleOf(projectId, id)}`,
});

/** What is undefined stays. */
export const updateAlert = (
  tx: Db,
  projectId: number,
  id: number,
  changes: Partial<typeof alertRules.$inferInsert>,
): Statement => tx.update(alertRules).set(changes).where(ruleOf(projectId, id));

/** Replaces the recipients of a rule; the rule is the project's, or nothing happens. */
export const replaceRecipients = (
  tx: Db,
  projectId: number,
  id: number,
  recipients: Recipient[],
): Statement[] => [
  tx
    .delete(alertRecipients)
    .where(
      inArray(
        alertRecipients.ruleId,
        tx.select({ id: alertRules.id }).from(alertRules).where(ruleOf(projectId, id)),
      ),
    ),
  tx.execute(
    insertRecipients(alertRules.id, recipients, sql`${alertRules} where ${ruleOf(projectId, id)}`),
  ),
];

export const deleteAlert = (tx: Db, projectId: number, id: number): Statement =>
  tx.delete(alertRules).where(ruleOf(projectId, id));
