import { sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { issues } from "../../drizzle/schema/issues";
import { columnNames } from "../platform/column-names";
import type { Db } from "../platform/database";
import { happeningsOf } from "./activity-queries";

const i = alias(issues, "i");

/**
 * Resolves open issues of a project that were seen last between two moments, a chunk of all that were, in the order in which
 * they were; `until` is where the chunk ends, null where it was the last one. Served by issues_project_last_seen.
 */
export const resolveAged = (
  db: Db,
  projectId: number,
  { after, before, hours, now }: { after: string | null; before: Date; hours: number; now: Date },
  limit: number,
) => {
  const seen = sql`${i.projectId} = ${projectId} and ${i.lastSeenAt} > coalesce(${after}::timestamptz, '-infinity')`;
  return db.execute<{ until: string | null; resolved: number }>(sql`
    with walked as materialized (
      select ${i.lastSeenAt} as seen from ${issues} i where ${seen} and ${i.lastSeenAt} <= ${before.toISOString()}
       order by ${i.lastSeenAt} limit ${limit}
    ), chosen as materialized (
      select ${i.id} from ${issues} i
       where ${seen} and ${i.lastSeenAt} <= (select max(seen) from walked)
         and ${i.status} = 'unresolved' and ${i.mergedInto} is null
       order by ${i.id} for update
    ), resolved as (
      update ${issues} set ${columnNames(issues, "status")} = 'resolved', ${columnNames(issues, "statusChangedAt")} = ${now.toISOString()}
       where ${issues.id} in (select id from chosen)
    ), happened as (
      ${happeningsOf(
        { kind: "set_resolved_by_age", userId: null, data: { age: hours }, now },
        sql`id`,
        sql`from chosen order by id`,
      )}
    )
    select case when (select count(*) from walked) = ${limit} then (select max(seen)::text from walked) end as until,
           (select count(*)::integer from chosen) as resolved`);
};
