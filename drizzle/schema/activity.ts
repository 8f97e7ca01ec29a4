import { sql } from "drizzle-orm";
import { index, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { identity, moment, reference } from "../columns";
import { users } from "./accounts";
import { issues } from "./issues";

/** What happens to an issue, in the words of Sentry's clients. That it was seen first is not written: the issue says so. */
export const activityKinds = [
  "note",
  "set_resolved",
  "set_resolved_in_release",
  "set_resolved_in_commit",
  "set_resolved_by_age",
  "set_unresolved",
  "set_ignored",
  "set_regression",
  "set_escalating",
  "auto_set_ongoing",
  "set_priority",
  "mark_reviewed",
  "assigned",
  "unassigned",
  "merge",
  "unmerge_source",
  "unmerge_destination",
  "set_public",
  "set_private",
] as const;

/** What people, events and rules did to an issue, comments among it. The newest stay, comments until they are deleted. */
export const issueActivities = pgTable(
  "issue_activities",
  {
    id: identity(),
    issueId: reference("issue_id")
      .notNull()
      .references(() => issues.id, { onDelete: "cascade" }),
    kind: text("kind", { enum: activityKinds }).notNull(),
    /** Whose doing it was; null: an event's, a rule's, a token's of no person, or of somebody who is gone. */
    userId: reference("user_id").references(() => users.id, { onDelete: "set null" }),
    /** Of a comment `text` and `mentions`; of others what is known besides, as clients read it. */
    data: jsonb("data").notNull().default({}),
    createdAt: moment("created_at").notNull(),
    /** When a comment was changed last. */
    editedAt: moment("edited_at"),
  },
  (t) => [
    index("issue_activities_issue").on(t.issueId, t.createdAt, t.id),
    index("issue_activities_notes").on(t.issueId, t.createdAt, t.id).where(sql`${t.kind} = 'note'`),
    index("issue_activities_user").on(t.userId).where(sql`${t.userId} is not null`),
  ],
);
