import { sql } from "drizzle-orm";
import { check, foreignKey, index, pgTable } from "drizzle-orm/pg-core";
import { moment, reference } from "../columns";
import { issues } from "./issues";
import { organizationMembers } from "./orgs";
import { projectTeams } from "./projects";

/**
 * Who works on an issue: a member of the organization, or a team that has the project. Who leaves, and a team that is
 * deleted or loses the project, works on nothing: the row goes with what it refers to.
 */
export const issueAssignments = pgTable(
  "issue_assignments",
  {
    issueId: reference("issue_id")
      .primaryKey()
      .references(() => issues.id, { onDelete: "cascade" }),
    projectId: reference("project_id").notNull(),
    memberId: reference("member_id").references(() => organizationMembers.id, {
      onDelete: "cascade",
    }),
    teamId: reference("team_id"),
    assignedAt: moment("assigned_at").notNull(),
  },
  (t) => [
    foreignKey({
      name: "issue_assignments_project_team_fk",
      columns: [t.projectId, t.teamId],
      foreignColumns: [projectTeams.projectId, projectTeams.teamId],
    }).onDelete("cascade"),
    check("issue_assignments_one", sql`num_nonnulls(${t.memberId}, ${t.teamId}) = 1`),
    index("issue_assignments_member").on(t.memberId).where(sql`${t.memberId} is not null`),
    index("issue_assignments_team").on(t.teamId, t.projectId).where(sql`${t.teamId} is not null`),
  ],
);
