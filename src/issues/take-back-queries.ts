import { type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { users } from "../../drizzle/schema/accounts";
import { issueAssignments } from "../../drizzle/schema/assignment";
import { issues } from "../../drizzle/schema/issues";
import { issueMarks } from "../../drizzle/schema/marks";
import { organizationMembers, teams } from "../../drizzle/schema/orgs";
import { projects, projectTeams } from "../../drizzle/schema/projects";
import { columnNames } from "../platform/column-names";
import type { Db } from "../platform/database";
import { happeningsOf } from "./activity-queries";
import { takenBack, takenSlice } from "./change-slice-queries";

const a = alias(issueAssignments, "a");
const i = alias(issues, "i");
const k = alias(issueMarks, "k");
const m = alias(organizationMembers, "m");
const p = alias(projects, "p");
const pt = alias(projectTeams, "pt");
const t = alias(teams, "t");
const u = alias(users, "u");

/** Which change is taken back, by whom. */
export type TakingBack = { orgId: number; changeId: string; userId: number | null; now: Date };

type Taken = { restored: number; issues: number; projectIds: string[] };

const ofLiveProject = (orgId: number): SQL => sql`
  ${i.orgId} = ${orgId} and ${i.projectId} in (
    select ${p.id} from ${projects} p where ${p.orgId} = ${orgId} and ${p.deletedAt} is null)`;

/**
 * Gives issues of a slice back to whoever had them and is still there, else to nobody: those that nobody gave to others
 * since. Served by the primary keys of change_slices, issues, issue_assignments, organization_members and project_teams.
 */
export const takeBackAssignees = (db: Db, { orgId, changeId, userId, now }: TakingBack) =>
  db.execute<Taken>(sql`
    with ${takenSlice({ orgId, changeId, field: "assignee" })}, former as materialized (
      select x.id, x.member, x.team from slice, jsonb_to_recordset(slice.before) as x(id bigint, member bigint, team bigint)
    ), chosen as materialized (
      select ${i.id}, ${i.projectId} as project_id, former.member, former.team
        from ${issues} i join former on former.id = ${i.id} where ${ofLiveProject(orgId)}
       order by ${i.id} for no key update of i
    ), theirs as materialized (
      select chosen.* from chosen cross join slice left join ${issueAssignments} a on ${a.issueId} = chosen.id
       where case when slice.given is null then ${a.issueId} is null else ${a.assignedAt} = slice.changed_at end
    ), people as materialized (
      select ${m.id}, jsonb_build_object('assignee', ${u.id}::text, 'assigneeType', 'user', 'assigneeEmail', ${u.email}, 'undo', true) as data
        from ${organizationMembers} m join ${users} u on ${u.id} = ${m.userId}
       where ${m.orgId} = ${orgId} and ${m.id} in (select member from theirs) for key share of m
    ), groups as materialized (
      select ${pt.projectId} as project_id, ${t.id}, jsonb_build_object('assignee', ${t.id}::text, 'assigneeType', 'team', 'assigneeName', ${t.slug}, 'undo', true) as data
        from ${projectTeams} pt join ${teams} t on ${t.id} = ${pt.teamId}
       where (${pt.projectId}, ${pt.teamId}) in (select project_id, team from theirs) for key share of pt
    ), next as materialized (
      select theirs.id, theirs.project_id, people.id as member, groups.id as team, coalesce(people.data, groups.data) as data
        from theirs left join people on people.id = theirs.member
        left join groups on groups.id = theirs.team and groups.project_id = theirs.project_id
    ), given_back as (
      insert into ${issueAssignments} (${columnNames(issueAssignments, "issueId", "projectId", "memberId", "teamId", "assignedAt")})
      select id, project_id, member, team, ${now.toISOString()}::timestamptz from next where data is not null order by id
      on conflict (${columnNames(issueAssignments, "issueId")}) do update
        set ${columnNames(issueAssignments, "memberId")} = excluded.member_id, ${columnNames(issueAssignments, "teamId")} = excluded.team_id,
            ${columnNames(issueAssignments, "assignedAt")} = excluded.assigned_at
        where ${issueAssignments.assignedAt} = (select changed_at from slice where given is not null)
      returning ${columnNames(issueAssignments, "issueId")}
    ), taken as (
      delete from ${issueAssignments} using next, slice
       where ${issueAssignments.issueId} = next.id and next.data is null and ${issueAssignments.assignedAt} = slice.changed_at
      returning ${issueAssignments.issueId}
    ), restored as materialized (
      select next.* from next where id in (select issue_id from given_back union all select issue_id from taken)
    ), happened as (
      ${happeningsOf(
        {
          kind: sql`case when data is null then 'unassigned' else 'assigned' end`,
          userId,
          data: sql`coalesce(data, '{"undo": true}'::jsonb)`,
          now,
        },
        sql`id`,
        sql`from restored order by id`,
      )}
    ) ${takenBack(sql`restored`)}`);

/** What was said of the priority of issues of a slice, for those of which nothing else was said since. Served by the primary keys of change_slices and issues. */
export const takeBackPriorities = (db: Db, { orgId, changeId, userId, now }: TakingBack) =>
  db.execute<Taken>(sql`
    with ${takenSlice({ orgId, changeId, field: "priority" })}, former as materialized (
      select x.id, x.priority, x.at from slice, jsonb_to_recordset(slice.before) as x(id bigint, priority smallint, at timestamptz)
    ), restored as materialized (
      select ${i.id}, ${i.projectId} as project_id, former.priority, former.at
        from ${issues} i join former on former.id = ${i.id} cross join slice
       where ${ofLiveProject(orgId)} and case when slice.given is null then ${i.priority} is null
             else ${i.priority} = slice.given::text::smallint and ${i.priorityLockedAt} = slice.changed_at end
       order by ${i.id} for no key update of i
    ), changed as (
      update ${issues} set ${columnNames(issues, "priority")} = restored.priority, ${columnNames(issues, "priorityLockedAt")} = restored.at
        from restored where ${issues.id} = restored.id
    ), happened as (
      ${happeningsOf(
        {
          kind: "set_priority",
          userId,
          data: sql`jsonb_strip_nulls(jsonb_build_object('undo', true, 'priority', case priority when 1 then 'low' when 2 then 'medium' when 3 then 'high' end))`,
          now,
        },
        sql`id`,
        sql`from restored order by id`,
      )}
    ) ${takenBack(sql`restored`)}`);

/**
 * What issues of a slice were to a member, who alone takes that back: of what was marked, and not otherwise since. Served by
 * the primary keys of change_slices, organization_members and issue_marks.
 */
export const takeBackMarks = (db: Db, { orgId, changeId, userId }: TakingBack) => {
  const isSet = (mark: string) => sql`slice.given ? ${mark}`;
  const isStill = (mark: string, is: SQL) => sql`(not ${isSet(mark)} or ${is})`;
  return db.execute<Taken>(sql`
    with ${takenSlice({ orgId, changeId, field: "marks" })}, former as materialized (
      select x.id, x.seen, x.star, x.follow
        from slice, jsonb_to_recordset(slice.before) as x(id bigint, seen timestamptz, star boolean, follow boolean)
    ), restored as materialized (
      select ${k.issueId} as id, ${k.memberId} as member, ${i.projectId} as project_id,
             case when ${isSet("seen")} then former.seen else ${k.seenAt} end as seen,
             case when ${isSet("star")} then former.star else ${k.isBookmarked} end as star,
             case when ${isSet("follow")} then former.follow else ${k.isSubscribed} end as follow
        from slice join ${organizationMembers} m
          on ${m.id} = (slice.given ->> 'member')::bigint and ${m.orgId} = ${orgId} and ${m.userId} = ${userId}::bigint
        cross join former join ${issueMarks} k on ${k.memberId} = ${m.id} and ${k.issueId} = former.id
        join ${issues} i on ${i.id} = former.id
       where ${ofLiveProject(orgId)}
         and ${isStill("seen", sql`${k.seenAt} is not distinct from case when (slice.given ->> 'seen')::boolean then slice.changed_at end`)}
         and ${isStill("star", sql`${k.isBookmarked} = (slice.given ->> 'star')::boolean`)}
         and ${isStill("follow", sql`${k.isSubscribed} = (slice.given ->> 'follow')::boolean`)}
       order by ${k.issueId} for update of k
    ), changed as (
      update ${issueMarks} k set ${columnNames(issueMarks, "seenAt")} = seen, ${columnNames(issueMarks, "isBookmarked")} = star,
             ${columnNames(issueMarks, "isSubscribed")} = follow
        from restored where ${k.memberId} = member and ${k.issueId} = restored.id and (seen is not null or star or follow is not null)
    ), emptied as (
      delete from ${issueMarks} k using restored
       where ${k.memberId} = member and ${k.issueId} = restored.id and seen is null and not star and follow is null
    ) ${takenBack(sql`restored`)}`);
};
