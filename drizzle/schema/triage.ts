import {
  bigint,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uuid,
} from "drizzle-orm/pg-core";
import { moment, reference } from "../columns";
import { issueStatuses } from "./issues";
import { organizations } from "./orgs";
import { projects } from "./projects";

/** Issues that people deleted and whose events, tags and hours a job is still to remove. */
export const deletedIssues = pgTable(
  "deleted_issues",
  {
    issueId: reference("issue_id").primaryKey(),
    projectId: reference("project_id")
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    deletedAt: moment("deleted_at").notNull(),
  },
  (t) => [
    index("deleted_issues_deleted").on(t.deletedAt, t.issueId),
    index("deleted_issues_project").on(t.projectId),
  ],
);

/** A change of issues that can be taken back. */
export const statusChanges = pgTable(
  "status_changes",
  {
    id: uuid("id").primaryKey(),
    orgId: reference("org_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    /** The status that the issues were set to; null: none. */
    status: text("status", { enum: issueStatuses }),
    /** When: whose moment is another one was changed since. */
    changedAt: moment("changed_at").notNull(),
    issues: integer("issues").notNull(),
  },
  (t) => [
    index("status_changes_org_changed").on(t.orgId, t.changedAt, t.id),
    index("status_changes_changed").on(t.changedAt),
  ],
);

/** Which issues had which status before: one row for up to some thousands of them. */
export const statusChangeSlices = pgTable(
  "status_change_slices",
  {
    changeId: uuid("change_id")
      .notNull()
      .references(() => statusChanges.id, { onDelete: "cascade" }),
    /** The first of its issues. */
    firstIssueId: reference("first_issue_id").notNull(),
    previous: text("previous", { enum: issueStatuses }).notNull(),
    issueIds: bigint("issue_ids", { mode: "number" }).array().notNull(),
    /** Rows of issue_states that some of them had. */
    states: jsonb("states"),
  },
  (t) => [primaryKey({ columns: [t.changeId, t.firstIssueId] })],
);

/** What else of an issue can be taken back: who has it, how urgent it is said to be, what it is to a member. */
export const changedFields = ["assignee", "priority", "marks"] as const;

/** What issues had of a field before a change: one row for up to some thousands of them. */
export const changeSlices = pgTable(
  "change_slices",
  {
    changeId: uuid("change_id")
      .notNull()
      .references(() => statusChanges.id, { onDelete: "cascade" }),
    field: text("field", { enum: changedFields }).notNull(),
    /** The first of its issues. */
    firstIssueId: reference("first_issue_id").notNull(),
    /** What they were given, which an issue must still have; null: nothing. */
    given: jsonb("given"),
    /** Of each issue its id and what it had. */
    before: jsonb("before").notNull(),
  },
  (t) => [primaryKey({ columns: [t.changeId, t.field, t.firstIssueId] })],
);
