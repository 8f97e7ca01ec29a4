import { sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { issueActivities } from "../../drizzle/schema/activity";
import { issueAssignments } from "../../drizzle/schema/assignment";
import { events } from "../../drizzle/schema/events";
import { issueDetails } from "../../drizzle/schema/issues";
import { organizationMembers } from "../../drizzle/schema/orgs";
import { projectTeams } from "../../drizzle/schema/projects";
import { columnNames } from "../platform/column-names";
import type { Db, Statement } from "../platform/database";
import { happeningsOf } from "./activity-queries";

const a = alias(issueActivities, "a");
const d = alias(issueDetails, "d");
const e = alias(events, "e");
const m = alias(organizationMembers, "m");
const pt = alias(projectTeams, "pt");

/** An event of a batch that may have made an issue, and whose that is by a rule of its project. */
export type OwnedEvent = {
  project_id: number;
  event_id: string;
  received_at: string;
  member_id: number | null;
  team_id: number | null;
  /** What the activity says of it. */
  data: object;
};

/**
 * Gives issues that nobody ever had to whom a rule names, while that is a member or a team with the project. In the
 * transaction that stored the events, under the projects' locks. Served by the primary keys of events, issue_details,
 * organization_members and project_teams and by issue_activities_issue.
 */
export const assignOwned = (tx: Db, owned: OwnedEvent[], now: Date): Statement =>
  tx.execute(sql`
    with wanted as materialized (
      select distinct on (${e.issueId}) ${e.issueId} as issue_id, x.project_id, x.member_id, x.team_id, x.data
        from json_to_recordset(${JSON.stringify(owned)}::json) as x(
          project_id bigint, event_id uuid, received_at timestamptz, member_id bigint, team_id bigint, data jsonb)
        join ${events} e on ${e.projectId} = x.project_id and ${e.eventId} = x.event_id and ${e.receivedAt} = x.received_at
        join ${issueDetails} d on ${d.issueId} = ${e.issueId}
       where ${d.grouping} ->> 'algo' is distinct from 'overflow' and not exists (
         select 1 from ${issueActivities} a where ${a.issueId} = ${e.issueId} and ${a.kind} in ('assigned', 'unassigned'))
       order by ${e.issueId}, x.event_id
    ), members as materialized (
      select ${m.id} from ${organizationMembers} m where ${m.id} in (select member_id from wanted) order by ${m.id} for key share
    ), having_it as materialized (
      select ${pt.projectId}, ${pt.teamId} from ${projectTeams} pt
       where (${pt.projectId}, ${pt.teamId}) in (select project_id, team_id from wanted) order by 1, 2 for key share
    ), written as (
      insert into ${issueAssignments} (${columnNames(issueAssignments, "issueId", "projectId", "memberId", "teamId", "assignedAt")})
      select issue_id, project_id, member_id, team_id, ${now.toISOString()}::timestamptz from wanted
       where member_id in (select id from members) or (project_id, team_id) in (select project_id, team_id from having_it)
       order by issue_id
      on conflict do nothing
      returning issue_id
    )
    ${happeningsOf({ kind: "assigned", userId: null, data: sql`w.data`, now }, sql`w.issue_id`, sql`from wanted w join written using (issue_id) order by 1`)}`);
