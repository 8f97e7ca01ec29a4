import { type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { issues, issueTags } from "../../drizzle/schema/issues";
import { projects } from "../../drizzle/schema/projects";
import { issueStates } from "../../drizzle/schema/states";
import { anyOf } from "../platform/any-of";
import { columnNames } from "../platform/column-names";
import type { Db } from "../platform/database";
import { fixedSql } from "../platform/fixed-sql";
import { happeningsOf } from "./activity-queries";
import { type ChangedBy, keptBefore } from "./change-slice-queries";
import { tagOf } from "./tag-queries";

const i = alias(issues, "i");
const p = alias(projects, "p");
const s = alias(issueStates, "s");
const t = alias(issueTags, "t");

const isUnhandled = sql`exists (
      select 1 from ${issueTags} t where ${t.issueId} = ${i.id} and ${t.tag} = ${sql.raw(`(${tagOf("handled", "no")})`)})`;
const isEscalating = sql`exists (
      select 1 from ${issueStates} s
       where ${s.issueId} = ${i.id} and ${s.since} = ${i.statusChangedAt} and ${s.substatus} = 'escalating')`;

/**
 * How urgent an issue `i` is, 1 to 3: what somebody said, else by its level. Errors are high, but for those that the
 * program caught and that a week after they were seen first no second person has; warnings are medium, but high where
 * nobody caught them or ten people have them. What escalates is a step higher. Served by the primary keys of issue_tags
 * and issue_states.
 */
export const priorityNumber: SQL = fixedSql(sql`coalesce(${i.priority}, least(3, case
      when ${i.level} > 4 then 3
      when ${i.level} = 4 then case
        when ${i.userCount} > 1 or ${i.lastSeenAt} - ${i.firstSeenAt} < interval '7 days' or ${isUnhandled} then 3 else 2 end
      when ${i.level} = 3 then case when ${i.userCount} > 9 or ${isUnhandled} then 3 else 2 end
      else 1 end + case when ${isEscalating} then 1 else 0 end))`);

export const priorities = { low: 1, medium: 2, high: 3 } as const;
export type Priority = keyof typeof priorities;

/**
 * Says of issues how urgent they are, or nothing more of it. Answers with a row for each of which something else was said.
 * Served by the primary key of issues.
 */
export const setPriority = (
  db: Db,
  orgIds: number[],
  ids: number[],
  priority: Priority | null,
  { userId, now, undoId }: ChangedBy,
) => {
  const number = priority && priorities[priority];
  return db.execute<{ id: string; orgId: string; projectId: string }>(sql`
    with chosen as materialized (
      select ${issues.id}, ${issues.orgId} as org_id, ${issues.projectId} as project_id,
             ${issues.priority}, ${issues.priorityLockedAt} as locked_at from ${issues}
       where ${anyOf(issues.id, ids)} and ${anyOf(issues.orgId, orgIds)} and ${issues.priority} is distinct from ${number}::smallint
         and ${issues.projectId} in (
           select ${p.id} from ${projects} p where ${anyOf(p.orgId, orgIds)} and ${p.deletedAt} is null)
       order by ${issues.id} for no key update
    ), changed as (
      update ${issues} set ${columnNames(issues, "priority")} = ${number}::smallint,
             ${columnNames(issues, "priorityLockedAt")} = ${priority ? now.toISOString() : null}::timestamptz
       where ${issues.id} in (select id from chosen)
    ), happened as (
      ${happeningsOf(
        { kind: "set_priority", userId, data: priority ? { priority } : {}, now },
        sql`id`,
        sql`from chosen order by id`,
      )}
    ) ${keptBefore(
      { undoId, now },
      {
        field: "priority",
        given: number === null ? sql`null::jsonb` : sql`to_jsonb(${number}::integer)`,
        before: sql`jsonb_build_object('id', id, 'priority', priority, 'at', locked_at)`,
        rows: sql`from chosen`,
      },
    )}
    select id, org_id as "orgId", project_id as "projectId" from chosen`);
};
