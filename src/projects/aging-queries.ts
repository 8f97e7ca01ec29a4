import { sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { organizations } from "../../drizzle/schema/orgs";
import { projects } from "../../drizzle/schema/projects";
import { columnNames } from "../platform/column-names";
import type { Db } from "../platform/database";

const o = alias(organizations, "o");
const p = alias(projects, "p");

export type AgingProject = {
  id: string;
  orgId: string;
  /** Hours after which an issue that was not seen again is resolved. */
  hours: number;
  /** Where the last look ended; null: there was none. */
  agedUntil: string | null;
};

const hours = sql`(${p.settings} ->> 'resolveAge')::integer`;

/**
 * Projects that resolve what is old and were not looked at since `minutes` more than that, those that wait longest first.
 * Served by projects_aged.
 */
export const selectAgingProjects = (db: Db, now: Date, minutes: number, limit: number) =>
  db.execute<AgingProject>(sql`
    select ${p.id}, ${p.orgId} as "orgId", ${hours} as hours, ${p.agedUntil} as "agedUntil"
      from ${projects} p join ${organizations} o on ${o.id} = ${p.orgId}
     where ${p.settings} ? 'resolveAge' and ${hours} > 0 and ${p.deletedAt} is null and ${o.deletedAt} is null
       and (${p.agedUntil} is null
         or ${p.agedUntil} < ${now.toISOString()}::timestamptz - make_interval(hours => ${hours}, mins => ${minutes}::integer))
     order by ${p.agedUntil} nulls first limit ${limit}`);

/** Served by the primary key. */
export const updateAged = (db: Db, projectId: number, until: string) =>
  db.execute(sql`
    update ${projects} set ${columnNames(projects, "agedUntil")} = ${until}::timestamptz where ${projects.id} = ${projectId}`);
