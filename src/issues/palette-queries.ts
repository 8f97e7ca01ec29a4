import { sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { users } from "../../drizzle/schema/accounts";
import { issueDetails, issueStatuses, issues } from "../../drizzle/schema/issues";
import { organizationMembers, teams } from "../../drizzle/schema/orgs";
import { projects } from "../../drizzle/schema/projects";
import type { Db } from "../platform/database";
import { likePattern } from "../platform/like";

const d = alias(issueDetails, "d");
const i = alias(issues, "i");
const m = alias(organizationMembers, "m");
const p = alias(projects, "p");
const r = alias(issues, "r");
const t = alias(teams, "t");
const u = alias(users, "u");

/** Of each kind. */
const foundMax = 5;
/** Issues whose titles are looked at: those that were seen last. */
const titlesMax = 1000;

const holding = (text: string) => `%${likePattern(text.replaceAll("*", ""))}%`;
const beginning = (text: string) => `${likePattern(text.replaceAll("*", ""))}%`;

/** What begins so comes first. Served by projects_org_name. */
export const selectProjectsCalled = (db: Db, orgId: number, text: string) =>
  db.execute<{ id: string; slug: string; name: string; platform: string | null }>(sql`
    select ${p.id}, ${p.slug}, ${p.name}, ${p.platform} from ${projects} p
     where ${p.orgId} = ${orgId} and ${p.deletedAt} is null
       and (${p.name} ilike ${holding(text)} or ${p.slug} ilike ${holding(text)})
     order by ${p.slug} ilike ${beginning(text)} desc, ${p.name}, ${p.id} limit ${foundMax}`);

/** Served by teams_org_slug. */
export const selectTeamsCalled = (db: Db, orgId: number, text: string) =>
  db.execute<{ id: string; slug: string; name: string }>(sql`
    select ${t.id}, ${t.slug}, coalesce(${t.name}, ${t.slug}) as name from ${teams} t
     where ${t.orgId} = ${orgId} and (${t.slug} ilike ${holding(text)} or ${t.name} ilike ${holding(text)})
     order by ${t.slug} ilike ${beginning(text)} desc, ${t.slug} limit ${foundMax}`);

/** People, not pending invitations. Served by organization_members_org_id. */
export const selectMembersCalled = (db: Db, orgId: number, text: string) =>
  db.execute<{ id: string; name: string; email: string }>(sql`
    select ${m.id}, ${u.name}, ${u.email} from ${organizationMembers} m join ${users} u on ${u.id} = ${m.userId}
     where ${m.orgId} = ${orgId} and (${u.name} ilike ${holding(text)} or ${u.email} ilike ${holding(text)})
     order by ${u.name}, ${m.id} limit ${foundMax}`);

export type FoundIssue = {
  id: string;
  projectSlug: string;
  shortNumber: number;
  title: string;
  status: (typeof issueStatuses)[number];
  level: number;
};
const issueColumns = sql`
  ${i.id}, ${p.slug} as "projectSlug", ${i.shortNumber} as "shortNumber", ${d.title}, ${i.status}, ${i.level}`;

/** Those seen last whose title holds a text, of a bounded number that is looked at. Served by issues_org_last_seen. */
export const selectIssuesTitled = (db: Db, orgId: number, text: string) =>
  db.execute<FoundIssue>(sql`
    select ${issueColumns}
      from (select * from ${issues} i where ${i.orgId} = ${orgId} and ${i.mergedInto} is null
             order by ${i.lastSeenAt} desc, ${i.id} desc limit ${titlesMax}) i
      join ${issueDetails} d on ${d.issueId} = ${i.id}
      join ${projects} p on ${p.id} = ${i.projectId} and ${p.deletedAt} is null
     where ${d.title} ilike ${holding(text)}
     order by ${i.lastSeenAt} desc, ${i.id} desc limit ${foundMax}`);

/** The issue of a short id, or the one that it was merged into. Served by projects_org_slug and issues_project_short_number. */
export const selectIssueNumbered = (
  db: Db,
  orgId: number,
  { slug, number }: { slug: string; number: number },
) =>
  db.execute<FoundIssue>(sql`
    select ${issueColumns}
      from ${projects} p
      join ${issues} r on ${r.projectId} = ${p.id} and ${r.shortNumber} = ${number}
      join ${issues} i on ${i.id} = coalesce(${r.mergedInto}, ${r.id})
      join ${issueDetails} d on ${d.issueId} = ${i.id}
     where ${p.orgId} = ${orgId} and lower(${p.slug}) = ${slug} and ${p.deletedAt} is null limit ${foundMax}`);
