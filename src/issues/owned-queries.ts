import { type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { users } from "../../drizzle/schema/accounts";
import { issueActivities } from "../../drizzle/schema/activity";
import { issueAssignments } from "../../drizzle/schema/assignment";
import { events } from "../../drizzle/schema/events";
import { issueDetails, issues } from "../../drizzle/schema/issues";
import { organizationMembers, teams } from "../../drizzle/schema/orgs";
import { projectTeams } from "../../drizzle/schema/projects";
import { suggestedOwners } from "../../drizzle/schema/suggested-owners";
import { columnNames } from "../platform/column-names";
import type { Db, Statement } from "../platform/database";
import { happeningsOf } from "./activity-queries";

const a = alias(issueActivities, "a");
const d = alias(issueDetails, "d");
const e = alias(events, "e");
const i = alias(issues, "i");
const m = alias(organizationMembers, "m");
const pt = alias(projectTeams, "pt");
const s = alias(suggestedOwners, "s");
const t = alias(teams, "t");
const u = alias(users, "u");

/** An event of a batch that may have made an issue, and whose that is by the rules of its project, best first. */
export type OwnedEvent = {
  project_id: number;
  event_id: string;
  received_at: string;
  /** Whether the first of them is given it. */
  assigns: boolean;
  owners: {
    member_id: number | null;
    team_id: number | null;
    rule: string;
    /** What the activity says of it. */
    data: object;
  }[];
};

/** The issue of each event, but for what came to the overflow issue; the first event of each. */
const ownedIssues = (owned: OwnedEvent[], condition: SQL) => sql`
  select distinct on (${e.issueId}) ${e.issueId} as issue_id, x.project_id, x.owners
    from json_to_recordset(${JSON.stringify(owned)}::json) as x(
      project_id bigint, event_id uuid, received_at timestamptz, assigns boolean, owners json)
    join ${events} e on ${e.projectId} = x.project_id and ${e.eventId} = x.event_id and ${e.receivedAt} = x.received_at
    join ${issueDetails} d on ${d.issueId} = ${e.issueId}
   where ${d.grouping} ->> 'algo' is distinct from 'overflow' and ${condition}
   order by ${e.issueId}, x.event_id`;

/** Who of those in `wanted` is still there: held until the commit. */
const thoseThere = sql`members as materialized (
  select ${m.id} from ${organizationMembers} m where ${m.id} in (select member_id from wanted) order by ${m.id} for key share
), having_it as materialized (
  select ${pt.projectId}, ${pt.teamId} from ${projectTeams} pt
   where (${pt.projectId}, ${pt.teamId}) in (select project_id, team_id from wanted) order by 1, 2 for key share
)`;
const isThere = sql`(
  member_id in (select id from members) or (project_id, team_id) in (select project_id, team_id from having_it))`;

/**
 * Gives issues that nobody ever had to whom a rule names, while that is a member or a team with the project. In the
 * transaction that stored the events, under the projects' locks. Served by the primary keys of events, issue_details,
 * organization_members and project_teams and by issue_activities_issue.
 */
export const assignOwned = (tx: Db, owned: OwnedEvent[], now: Date): Statement =>
  tx.execute(sql`
    with owned as materialized (${ownedIssues(
      owned,
      sql`x.assigns and not exists (
        select 1 from ${issueActivities} a where ${a.issueId} = ${e.issueId} and ${a.kind} in ('assigned', 'unassigned'))`,
    )}), wanted as materialized (
      select w.issue_id, w.project_id, (w.owners -> 0 ->> 'member_id')::bigint as member_id,
             (w.owners -> 0 ->> 'team_id')::bigint as team_id, (w.owners -> 0 -> 'data')::jsonb as data
        from owned w
    ), ${thoseThere}, written as (
      insert into ${issueAssignments} (${columnNames(issueAssignments, "issueId", "projectId", "memberId", "teamId", "assignedAt")})
      select issue_id, project_id, member_id, team_id, ${now.toISOString()}::timestamptz from wanted
       where ${isThere}
       order by issue_id
      on conflict do nothing
      returning issue_id
    )
    ${happeningsOf({ kind: "assigned", userId: null, data: sql`w.data`, now }, sql`w.issue_id`, sql`from wanted w join written using (issue_id) order by 1`)}`);

/**
 * Keeps for issues of which nobody is suggested yet whom rules name, as far as they are there. With assignOwned. Served
 * by the primary keys of events, issue_details, suggested_owners, organization_members and project_teams.
 */
export const suggestOwners = (tx: Db, owned: OwnedEvent[]): Statement =>
  tx.execute(sql`
    with owned as materialized (${ownedIssues(
      owned,
      sql`not exists (select 1 from ${suggestedOwners} s where ${s.issueId} = ${e.issueId})`,
    )}), wanted as materialized (
      select w.issue_id, w.project_id, o.place, (o.owner ->> 'member_id')::bigint as member_id,
             (o.owner ->> 'team_id')::bigint as team_id, o.owner ->> 'rule' as rule
        from owned w cross join lateral json_array_elements(w.owners) with ordinality as o(owner, place)
    ), ${thoseThere}
    insert into ${suggestedOwners} (${columnNames(suggestedOwners, "issueId", "place", "projectId", "memberId", "teamId", "rule")})
    select issue_id, place, project_id, member_id, team_id, rule from wanted
     where ${isThere}
     order by issue_id, place
    on conflict do nothing`);

/** For a row of issues as `i`: whom the rules suggest, as JSON. Served by the primary key of suggested_owners. */
export const suggestedOf: SQL = sql`coalesce((
  select json_agg(
    case when ${s.teamId} is null
      then json_build_object('type', 'user', 'id', ${u.id}::text, 'name', ${u.name}, 'email', ${u.email}, 'rule', ${s.rule})
      else json_build_object('type', 'team', 'id', ${t.id}::text, 'name', ${t.slug}, 'rule', ${s.rule}) end order by ${s.place})
    from ${suggestedOwners} s
    left join ${organizationMembers} m on ${m.id} = ${s.memberId}
    left join ${users} u on ${u.id} = ${m.userId}
    left join ${teams} t on ${t.id} = ${s.teamId}
   where ${s.issueId} = ${i.id}), '[]'::json)`;
