import { type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { users } from "../../drizzle/schema/accounts";
import { issueAssignments } from "../../drizzle/schema/assignment";
import { issues } from "../../drizzle/schema/issues";
import { organizationMembers, teamMembers, teams } from "../../drizzle/schema/orgs";
import { projects, projectTeams } from "../../drizzle/schema/projects";
import { anyOf } from "../platform/any-of";
import { columnNames } from "../platform/column-names";
import type { Db } from "../platform/database";
import { happeningsOf } from "./activity-queries";
import { type ChangedBy, keptBefore } from "./change-slice-queries";

const a = alias(issueAssignments, "a");
const m = alias(organizationMembers, "m");
const p = alias(projects, "p");
const pt = alias(projectTeams, "pt");
const t = alias(teams, "t");
const tm = alias(teamMembers, "tm");
const u = alias(users, "u");

export type AssignedPerson = {
  type: "user";
  memberId: string;
  id: string;
  name: string;
  email: string;
};
export type AssignedTeam = { type: "team"; id: string; name: string; projectIds: number[] };
export type Assignee = AssignedPerson | AssignedTeam;

/** A member by the person's id or address. Served by organization_members_org_user and users_email. */
export const selectAssignablePerson = (db: Db, orgId: number, who: number | string) =>
  db.execute<AssignedPerson>(sql`
    select 'user' as type, ${m.id} as "memberId", ${u.id}, ${u.name}, ${u.email}
      from ${organizationMembers} m join ${users} u on ${u.id} = ${m.userId}
     where ${m.orgId} = ${orgId} and ${typeof who === "number" ? sql`${u.id} = ${who}` : sql`lower(${u.email}) = lower(${who})`}`);

/** A team by its id or slug, with the projects that it has. Served by the primary key of teams, teams_org_slug and project_teams_team. */
export const selectAssignableTeam = (db: Db, orgId: number, which: number | string) =>
  db.execute<AssignedTeam>(sql`
    select 'team' as type, ${t.id}, ${t.slug} as name,
           (select coalesce(json_agg(${pt.projectId}), '[]'::json) from ${projectTeams} pt where ${pt.teamId} = ${t.id}) as "projectIds"
      from ${teams} t
     where ${t.orgId} = ${orgId} and ${typeof which === "number" ? sql`${t.id} = ${which}` : sql`${t.slug} = ${which}`}`);

export type AssignedRow = {
  type: "user" | "team" | "mine";
  id: string;
  word: string;
  name: string;
};

/**
 * Members and teams that a search names, each by its id and by its address or slug, and the teams of who asks. Served by
 * organization_members_org_user, users_email, the primary key of teams, teams_org_slug and team_members_member.
 */
export const selectAssigned = (
  db: Db,
  orgId: number,
  memberId: number | null,
  ids: number[],
  names: string[],
) =>
  db.execute<AssignedRow>(sql`
    select 'user' as type, ${m.id}, ${u.id}::text as word, lower(${u.email}) as name
      from ${organizationMembers} m join ${users} u on ${u.id} = ${m.userId}
     where ${m.orgId} = ${orgId} and (${anyOf(u.id, ids)} or lower(${u.email}) = any(select json_array_elements_text(${JSON.stringify(names)}::json)))
    union all
    select 'team', ${t.id}, ${t.id}::text, ${t.slug} from ${teams} t
     where ${t.orgId} = ${orgId} and (${anyOf(t.id, ids)} or ${t.slug} = any(select json_array_elements_text(${JSON.stringify(names)}::json)))
    union all
    select 'mine', ${tm.teamId}, '', '' from ${teamMembers} tm where ${tm.memberId} = ${memberId}::bigint`);

export type Changed = { id: string; orgId: string; projectId: string };

/** Issues of live projects, as `chosen`, held until the commit. Served by the primary keys of issues and projects. */
export const chosenIssues = (
  orgIds: number[],
  ids: number[],
  condition: SQL,
  lock = sql`for no key update`,
): SQL => sql`
  chosen as materialized (
    select ${issues.id}, ${issues.orgId} as org_id, ${issues.projectId} as project_id from ${issues}
     where ${anyOf(issues.id, ids)} and ${anyOf(issues.orgId, orgIds)} and ${condition}
       and ${issues.projectId} in (
         select ${p.id} from ${projects} p where ${anyOf(p.orgId, orgIds)} and ${p.deletedAt} is null)
     order by ${issues.id} ${lock})`;

/** A row for each of those that were `written`. */
export const changedIssues = sql`
  select id, org_id as "orgId", project_id as "projectId" from chosen
   where id in (select issue_id from written)`;

/**
 * Gives issues to somebody whose they are not yet, while that person is a member or that team has the project. Answers
 * with a row for each. Served by the primary keys of issues, issue_assignments, organization_members and project_teams.
 */
export function assignIssues(db: Db, orgIds: number[], ids: number[], to: Assignee, by: ChangedBy) {
  const { memberId, teamId, reach } = targetOf(to);
  return db.execute<Changed>(sql`
    with ${chosenIssues(
      orgIds,
      ids,
      sql`not exists (
        select 1 from ${issueAssignments} a where ${a.issueId} = ${issues.id}
          and ${a.memberId} is not distinct from ${memberId}::bigint and ${a.teamId} is not distinct from ${teamId}::bigint)`,
    )}, former as materialized (
      -- Read by what writes, so that it is read first.
      select ${a.issueId} as issue_id, ${a.memberId} as member, ${a.teamId} as team from ${issueAssignments} a
       where ${a.issueId} in (select id from chosen) for update
    ), written as (
      insert into ${issueAssignments} (${columnNames(issueAssignments, "issueId", "projectId", "memberId", "teamId", "assignedAt")})
      select c.id, c.project_id, ${memberId}::bigint, ${teamId}::bigint, ${by.now.toISOString()}::timestamptz
        from chosen c left join former on former.issue_id = c.id ${reach}
      on conflict (${columnNames(issueAssignments, "issueId")}) do update
        set ${columnNames(issueAssignments, "memberId")} = excluded.member_id, ${columnNames(issueAssignments, "teamId")} = excluded.team_id,
            ${columnNames(issueAssignments, "assignedAt")} = excluded.assigned_at
      returning ${columnNames(issueAssignments, "issueId")}
    ), happened as (
      ${happeningsOf({ kind: "assigned", data: dataOf(to), userId: by.userId, now: by.now }, sql`issue_id`, sql`from written order by 1`)}
    ) ${keptBefore(by, {
      field: "assignee",
      given: sql`${JSON.stringify({ member: memberId, team: teamId })}::jsonb`,
      before: hadBy,
      rows: sql`from chosen join written on written.issue_id = id left join former on former.issue_id = id`,
    })} ${changedIssues}`);
}

/** Who had an issue, to be kept. */
const hadBy = sql`jsonb_build_object('id', id, 'member', member, 'team', team)`;

/** To whom, and that they are still there: held until the commit. */
const targetOf = (to: Assignee) =>
  to.type === "user"
    ? {
        memberId: to.memberId,
        teamId: null,
        reach: sql`join ${organizationMembers} m on ${m.id} = ${to.memberId} and ${m.orgId} = c.org_id for key share of m`,
      }
    : {
        memberId: null,
        teamId: to.id,
        reach: sql`join ${projectTeams} pt on ${pt.projectId} = c.project_id and ${pt.teamId} = ${to.id} for key share of pt`,
      };

const dataOf = (to: Assignee) => ({
  assignee: to.id,
  assigneeType: to.type,
  ...(to.type === "user" ? { assigneeEmail: to.email } : { assigneeName: to.name }),
});

/** Takes issues from whoever has them. Answers with a row for each. Served by the primary keys of issues and issue_assignments. */
export const unassignIssues = (db: Db, orgIds: number[], ids: number[], by: ChangedBy) =>
  db.execute<Changed>(sql`
    with ${chosenIssues(
      orgIds,
      ids,
      sql`exists (select 1 from ${issueAssignments} a where ${a.issueId} = ${issues.id})`,
    )}, written as (
      delete from ${issueAssignments} where ${issueAssignments.issueId} in (select id from chosen)
      returning ${issueAssignments.issueId}, ${issueAssignments.memberId} as member, ${issueAssignments.teamId} as team
    ), happened as (
      ${happeningsOf({ kind: "unassigned", userId: by.userId, now: by.now }, sql`issue_id`, sql`from written order by 1`)}
    ) ${keptBefore(by, {
      field: "assignee",
      given: sql`null::jsonb`,
      before: hadBy,
      rows: sql`from chosen join written on written.issue_id = id`,
    })} ${changedIssues}`);
