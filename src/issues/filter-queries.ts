import { and, eq, isNull, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { events } from "../../drizzle/schema/events";
import { issues, issueTags } from "../../drizzle/schema/issues";
import { projects } from "../../drizzle/schema/projects";
import { anyOf } from "../platform/any-of";
import type { Db } from "../platform/database";
import { dashed } from "../platform/ids";
import { sqlTemplate } from "../platform/sql-template";
import type { ShortId } from "./short-id";
import { firstTagOf, lastTagOf } from "./tag-queries";

const e = alias(events, "e");
const i = alias(issues, "i");
const p = alias(projects, "p");
const r = alias(issues, "r");
const t = alias(issueTags, "t");

/** Live projects of an organization. Served by projects_org_slug; a trigger bounds their number. */
export const selectProjectNames = (db: Db, orgId: number) =>
  db
    .select({ id: projects.id, slug: projects.slug })
    .from(projects)
    .where(and(eq(projects.orgId, orgId), isNull(projects.deletedAt)));

const countedKeys = sqlTemplate<"keys" | "orgId" | "chosen">(
  (value) => sql`
    select k.key from json_to_recordset(${value("keys")}::json) as k(key text, first_tag bigint, last_tag bigint)
     where exists (
       select 1 from ${projects} p
        where ${p.orgId} = ${value("orgId")} and ${p.deletedAt} is null ${value("chosen")}
          and exists (
            select 1 from ${issueTags} t where ${t.projectId} = ${p.id} and ${t.tag} between k.first_tag and k.last_tag))`,
);

/** Those of some tag keys that were counted in an organization, or in some of its projects. Served by issue_tags_project_tag, per project. */
export const selectTagKeys = (db: Db, orgId: number, projectIds: number[], keys: string[]) =>
  db.execute<{ key: string }>(
    countedKeys({
      orgId,
      keys: JSON.stringify(
        keys.map((key) => ({ key, first_tag: firstTagOf(key), last_tag: lastTagOf(key) })),
      ),
      chosen: projectIds.length > 0 ? sql`and ${anyOf(p.id, projectIds)}` : sql``,
    }),
  );

const issuesOfEvents = sqlTemplate<"orgId" | "eventIds">(
  (value) => sql`
    select replace(${e.eventId}::text, '-', '') as "eventId", 
           coalesce((select ${r.mergedInto} from ${issues} r where ${r.id} = ${e.issueId}), ${e.issueId}) as "issueId", ${e.projectId} as "projectId"
      from ${projects} p
      join ${events} e on ${e.projectId} = ${p.id} and ${e.eventId} = any(${value("eventIds")}::uuid[])
     where ${p.orgId} = ${value("orgId")} and ${p.deletedAt} is null`,
);

/** Issues of events by their ids alone, merged ones already. Served by the primary keys of issues and of events, per project of the organization. */
export const selectIssuesOfEvents = (db: Db, orgId: number, eventIds: string[]) =>
  db.execute<{ eventId: string; issueId: string; projectId: string }>(
    issuesOfEvents({ orgId, eventIds: `{${eventIds.map(dashed).join(",")}}` }),
  );

const issuesByShortId = sqlTemplate<"shortIds" | "orgIds">(
  (value) => sql`
    select s.slug, s.number, coalesce(${i.mergedInto}, ${i.id}) as "issueId"
      from json_to_recordset(${value("shortIds")}::json) as s(slug text, number integer)
      join ${projects} p on ${p.orgId} = any(${value("orgIds")}::bigint[]) and lower(${p.slug}) = s.slug and ${p.deletedAt} is null
      join ${issues} i on ${i.projectId} = ${p.id} and ${i.shortNumber} = s.number`,
);

/**
 * Issues by their short ids, of a merged one the winner; several of one name when organizations have projects of one name. Served by
 * projects_org_slug and issues_project_short_number.
 */
export const selectIssuesByShortId = (db: Db, orgIds: number[], shortIds: ShortId[]) =>
  db.execute<{ slug: string; number: number; issueId: string }>(
    issuesByShortId({ orgIds: `{${orgIds.join(",")}}`, shortIds: JSON.stringify(shortIds) }),
  );
