import { sql } from "drizzle-orm";
import { check, foreignKey, index, pgTable, primaryKey, smallint, text } from "drizzle-orm/pg-core";
import { reference } from "../columns";
import { issues } from "./issues";
import { organizationMembers } from "./orgs";
import { projectTeams } from "./projects";

/** To whom the rules of a project would give an issue, best first. Who leaves is suggested no more, as in assignments. */
export const suggestedOwners = pgTable(
  "suggested_owners",
  {
    issueId: reference("issue_id")
      .notNull()
      .references(() => issues.id, { onDelete: "cascade" }),
    place: smallint("place").notNull(),
    projectId: reference("project_id").notNull(),
    memberId: reference("member_id").references(() => organizationMembers.id, {
      onDelete: "cascade",
    }),
    teamId: reference("team_id"),
    /** The line that says so; empty: no line was met. */
    rule: text("rule").notNull(),
  },
  (t) => [
    primaryKey({ name: "suggested_owners_pkey", columns: [t.issueId, t.place] }),
    foreignKey({
      name: "suggested_owners_project_team_fk",
      columns: [t.projectId, t.teamId],
      foreignColumns: [projectTeams.projectId, projectTeams.teamId],
    }).onDelete("cascade"),
    check("suggested_owners_one", sql`num_nonnulls(${t.memberId}, ${t.teamId}) = 1`),
    index("suggested_owners_member").on(t.memberId).where(sql`${t.memberId} is not null`),
    index("suggested_owners_team").on(t.teamId, t.projectId).where(sql`${t.teamId} is not null`),
  ],
);
