import { type Column, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { users } from "../../drizzle/schema/accounts";
import { type activityKinds, issueActivities } from "../../drizzle/schema/activity";
import { issues } from "../../drizzle/schema/issues";
import { organizationMembers, teams } from "../../drizzle/schema/orgs";
import { projects } from "../../drizzle/schema/projects";
import { anyOf } from "../platform/any-of";
import { columnNames } from "../platform/column-names";
import type { Db } from "../platform/database";
import { insertSelect } from "../platform/insert-select";
import { keyset } from "../platform/keyset";
import type { Range } from "../protocol/cursor";

const a = alias(issueActivities, "a");
const i = alias(issues, "i");
const m = alias(organizationMembers, "m");
const p = alias(projects, "p");
const r = alias(issues, "r");
const t = alias(teams, "t");
const u = alias(users, "u");

export type ActivityKind = (typeof activityKinds)[number];

/** What happened, by whom; null: by an event, a rule, or a token of no person. A part that differs by issue is SQL. */
export type Happening = {
  kind: ActivityKind | SQL;
  userId: number | null;
  data?: object | SQL;
  now: Date;
};

/**
 * Writes what happened to issues in the statement that makes it happen: `rows` is what follows its `select`, and
 * `issueId` an expression of it.
 */
export const happeningsOf = (
  { kind, userId, data = {}, now }: Happening,
  issueId: SQL,
  rows: SQL,
): SQL => insertSelect(issueActivities, { issueId, kind, userId, data, createdAt: now }, rows);

const iso = (column: Column) =>
  sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

export type ActivityRow = {
  id: string;
  kind: ActivityKind;
  data: Record<string, unknown>;
  createdAt: string;
  editedAt: string | null;
  userId: string | null;
  userName: string | null;
  userEmail: string | null;
};

const activityColumns = sql`
  ${a.id}, ${a.kind}, ${a.data}, ${iso(a.createdAt)} as "createdAt", ${iso(a.editedAt)} as "editedAt",
  ${a.userId} as "userId", ${u.name} as "userName", ${u.email} as "userEmail"`;
const withPeople = sql`${issueActivities} a left join ${users} u on ${u.id} = ${a.userId}`;
const isNote = sql`${a.kind} = 'note'`;

/** A page of what happened to an issue, the newest first, all of it or comments alone. Served by issue_activities_issue or issue_activities_notes. */
export function selectActivities(db: Db, issueId: number, only: "notes" | "all", range: Range) {
  const { condition, order, limit } = keyset(a.createdAt, a.id, range, "descending");
  return db.execute<ActivityRow>(sql`
    select ${activityColumns} from ${withPeople}
     where ${a.issueId} = ${issueId} ${only === "notes" ? sql`and ${isNote}` : sql``}
       ${condition ? sql`and ${condition}` : sql``}
     order by ${order} limit ${limit}`);
}

/** Served by the primary key of issue_activities. */
export const selectNote = (db: Db, issueId: number, noteId: number) =>
  db.execute<ActivityRow>(sql`
    select ${activityColumns} from ${withPeople}
     where ${a.id} = ${noteId} and ${a.issueId} = ${issueId} and ${isNote}`);

export type IssuePlace = { id: string; orgId: string; projectId: string; firstSeenAt: string };

/** Where an issue is, or the one that it was merged into; another organization's is not found. Served by the primary key of issues. */
export const selectIssuePlace = (db: Db, orgIds: number[], issueId: number) =>
  db.execute<IssuePlace>(sql`
    select ${i.id}, ${i.orgId} as "orgId", ${i.projectId} as "projectId", ${iso(i.firstSeenAt)} as "firstSeenAt"
      from ${issues} i join ${projects} p on ${p.id} = ${i.projectId}
     where ${i.id} = (select coalesce(${r.mergedInto}, ${r.id}) from ${issues} r where ${r.id} = ${issueId})
       and ${anyOf(i.orgId, orgIds)} and ${p.deletedAt} is null`);

/** Of the people and teams that a text mentions, those of the organization. Served by organization_members_org_user and the primary key of teams. */
export const selectMentionable = (db: Db, orgId: number, userIds: number[], teamIds: number[]) =>
  db.execute<{ name: string }>(sql`
    select 'user:' || ${m.userId} as name from ${organizationMembers} m
     where ${m.orgId} = ${orgId} and ${anyOf(m.userId, userIds)}
    union all
    select 'team:' || ${t.id} from ${teams} t where ${t.orgId} = ${orgId} and ${anyOf(t.id, teamIds)}`);

/**
 * Writes a comment, while the issue is there; comments of an issue take turns, so that its bound holds. Served by the
 * primary key of issues.
 */
export const insertNote = (
  tx: Db,
  orgId: number,
  issueId: number,
  happening: Omit<Happening, "kind">,
) =>
  tx.execute<{ id: string; createdAt: string }>(sql`
    ${happeningsOf(
      { ...happening, kind: "note" },
      sql`${i.id}`,
      sql`from ${issues} i where ${i.id} = ${issueId} and ${i.orgId} = ${orgId} for no key update`,
    )}
    returning ${columnNames(issueActivities, "id")}, ${iso(issueActivities.createdAt)} as "createdAt"`);

/** Served by the primary key of issue_activities. */
export const updateNote = (tx: Db, issueId: number, noteId: number, data: object, now: Date) =>
  tx.execute<{ editedAt: string }>(sql`
    update ${issueActivities}
       set ${columnNames(issueActivities, "data")} = ${JSON.stringify(data)}::jsonb, ${columnNames(issueActivities, "editedAt")} = ${now.toISOString()}::timestamptz
     where ${issueActivities.id} = ${noteId} and ${issueActivities.issueId} = ${issueId} and ${issueActivities.kind} = 'note'
    returning ${iso(issueActivities.editedAt)} as "editedAt"`);

/** Served by the primary key of issue_activities. */
export const deleteNote = (tx: Db, issueId: number, noteId: number) =>
  tx.execute<{ id: string }>(sql`
    delete from ${issueActivities}
     where ${issueActivities.id} = ${noteId} and ${issueActivities.issueId} = ${issueId} and ${issueActivities.kind} = 'note'
    returning ${issueActivities.id}`);
