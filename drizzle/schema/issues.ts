import { sql } from "drizzle-orm";
import {
  type AnyPgColumn,
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { changeKinds } from "../../queues/catalog";
import { createdAt, identity, moment, reference } from "../columns";
import { organizations } from "./orgs";
import { projects } from "./projects";

export const issueStatuses = ["unresolved", "resolved", "ignored"] as const;

/** The hot half of an issue: narrow, updated with every digested batch. */
export const issues = pgTable(
  "issues",
  {
    id: identity(),
    orgId: reference("org_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    projectId: reference("project_id")
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    shortNumber: integer("short_number").notNull(),
    status: text("status", { enum: issueStatuses }).notNull().default("unresolved"),
    /** 0 sample, 1 debug, 2 info, 3 warning, 4 error, 5 fatal: comparable in SQL. The worst since it was last resolved. */
    level: smallint("level").notNull(),
    /** Hash of what the issue is called (src/issues/event-group.ts). Null: it was called before there was one. */
    label: bigint("label", { mode: "bigint" }),
    eventCount: bigint("event_count", { mode: "number" }).notNull().default(0),
    userCount: integer("user_count").notNull().default(0),
    firstSeenAt: moment("first_seen_at").notNull(),
    lastSeenAt: moment("last_seen_at").notNull(),
    statusChangedAt: moment("status_changed_at"),
    /** 1 low, 2 medium, 3 high, as somebody said it; null: it follows from the rest (src/issues/priority-queries.ts). */
    priority: smallint("priority"),
    priorityLockedAt: moment("priority_locked_at"),
    /**
     * The issue that this one was merged into: it is in no list, and what led to it leads there. Never to one that was
     * merged itself.
     */
    mergedInto: reference("merged_into").references((): AnyPgColumn => issues.id, {
      onDelete: "cascade",
    }),
  },
  // Ascending, and read backwards: an index in descending order would put nulls where no query asks for them.
  (t) => [
    index("issues_org_last_seen").on(t.orgId, t.lastSeenAt, t.id),
    index("issues_org_first_seen").on(t.orgId, t.firstSeenAt, t.id),
    index("issues_org_event_count").on(t.orgId, t.eventCount, t.id),
    index("issues_org_user_count").on(t.orgId, t.userCount, t.id),
    // Exactly the sort expression of src/issues/queries.ts. In UTC, for else it would depend on the session.
    index("issues_org_priority").on(
      t.orgId,
      sql`(log(greatest(${t.eventCount}, 1)) + extract(epoch from (${t.lastSeenAt} at time zone 'UTC')) / 300000)`,
      t.id,
    ),
    index("issues_org_id").on(t.orgId, t.id),
    index("issues_project_last_seen").on(t.projectId, t.lastSeenAt, t.id),
    index("issues_project_short_number").on(t.projectId, t.shortNumber),
    index("issues_merged_into").on(t.mergedInto).where(sql`${t.mergedInto} is not null`),
  ],
);

/** The cold half: written with the issue, and called anew when its newest event is called otherwise. */
export const issueDetails = pgTable(
  "issue_details",
  {
    issueId: reference("issue_id")
      .primaryKey()
      .references(() => issues.id, { onDelete: "cascade" }),
    projectId: reference("project_id").notNull(),
    type: text("type", { enum: ["default", "error", "csp"] }).notNull(),
    title: text("title").notNull(),
    culprit: text("culprit").notNull(),
    metadata: jsonb("metadata").notNull(),
    platform: text("platform"),
    logger: text("logger"),
    /** Version, variant and parts of the grouping decision, so that a person can see why. */
    grouping: jsonb("grouping").notNull(),
    searchText: text("search_text").notNull(),
  },
  (t) => [
    index("issue_details_search").using("gin", t.projectId, sql`${t.searchText} gin_trgm_ops`),
  ],
);

/** Every hash that leads to an issue. Moved to another one by people alone, when they merge issues or take them apart. */
export const issueHashes = pgTable(
  "issue_hashes",
  {
    projectId: reference("project_id").notNull(),
    hash: text("hash").notNull(),
    issueId: reference("issue_id")
      .notNull()
      .references(() => issues.id, { onDelete: "cascade" }),
    /** The issue that it led to before that was merged; null: it never led elsewhere. */
    formerIssueId: reference("former_issue_id"),
    /** Whether rules brought it here, and neither an event of its own nor people: other rules may take it away. */
    isRegrouped: boolean("is_regrouped"),
  },
  (t) => [
    primaryKey({ columns: [t.projectId, t.hash] }),
    index("issue_hashes_issue").on(t.issueId),
  ],
);

/** Last short number handed out in a project, and how many new issues it had in its last hour that had any. */
export const issueSequences = pgTable("issue_sequences", {
  projectId: reference("project_id").primaryKey(),
  lastNumber: integer("last_number").notNull(),
  hour: moment("hour"),
  newInHour: integer("new_in_hour").notNull().default(0),
});

/** How often each tag value was seen, per week. Partitioned by week. */
export const issueTags = pgTable(
  "issue_tags",
  {
    week: moment("week").notNull(),
    projectId: reference("project_id").notNull(),
    issueId: reference("issue_id").notNull(),
    key: text("key").notNull(),
    value: text("value").notNull(),
    count: integer("count").notNull(),
    /** 24 bits of the key's MD5 before 40 of the value's (src/issues/tag-queries.ts): stands for both in the indexes. */
    tag: bigint("tag", { mode: "bigint" }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.issueId, t.tag, t.week] }),
    index("issue_tags_project_tag").on(t.projectId, t.tag),
  ],
);

/**
 * Texts of an issue's events that can be searched, each once in four weeks (src/issues/text-lines.ts). Partitioned by the
 * beginning of these.
 */
export const issueTexts = pgTable(
  "issue_texts",
  {
    since: moment("since").notNull(),
    orgId: reference("org_id").notNull(),
    issueId: reference("issue_id").notNull(),
    /** What is found by the name of its field alone. */
    isFact: boolean("is_fact").notNull(),
    /** Numbers of the lines. */
    hashes: integer("hashes").array().notNull(),
    /** Each line after a line feed, with the mark of its field before it. */
    text: text("text").notNull(),
  },
  (t) => [
    index("issue_texts_issue").on(t.issueId, t.since),
    index("issue_texts_search").using("gin", t.orgId, sql`${t.text} gin_trgm_ops`),
  ],
);

/** Events per issue and hour. Partitioned by hour, one partition a week. */
export const issueHours = pgTable(
  "issue_hours",
  {
    hour: moment("hour").notNull(),
    issueId: reference("issue_id").notNull(),
    count: integer("count").notNull(),
  },
  (t) => [primaryKey({ columns: [t.issueId, t.hour] })],
);

/** Distinct people per issue; the person is a 64-bit hash, never an address. */
export const issueUsers = pgTable(
  "issue_users",
  {
    issueId: reference("issue_id")
      .notNull()
      .references(() => issues.id, { onDelete: "cascade" }),
    userHash: bigint("user_hash", { mode: "bigint" }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.issueId, t.userHash] })],
);

/** Outbox: what happened to an issue. The row is the truth; a message on the queue only says that it is there. */
export const issueChanges = pgTable(
  "issue_changes",
  {
    id: identity(),
    issueId: reference("issue_id")
      .notNull()
      .references(() => issues.id, { onDelete: "cascade" }),
    change: text("change", { enum: changeKinds }).notNull(),
    /** The event that brought it about, if it was one. */
    eventId: text("event_id"),
    createdAt: createdAt(),
    /** When it was handed to all readers. What one of them did not take is in issue_change_failures. */
    handledAt: moment("handled_at"),
  },
  (t) => [
    uniqueIndex("issue_changes_unhandled").on(t.createdAt, t.id).where(sql`${t.handledAt} is null`),
    index("issue_changes_issue").on(t.issueId),
  ],
);

/** Changes that a reader has failed to take: tried again until it gives them up. Gone with the change. */
export const issueChangeFailures = pgTable(
  "issue_change_failures",
  {
    changeId: reference("change_id")
      .notNull()
      .references(() => issueChanges.id, { onDelete: "cascade" }),
    reader: text("reader").notNull(),
    attempts: integer("attempts").notNull(),
    lastError: text("last_error").notNull(),
    nextAttemptAt: moment("next_attempt_at").notNull(),
    /** When the reader's tries were used up. */
    parkedAt: moment("parked_at"),
  },
  (t) => [
    primaryKey({ columns: [t.changeId, t.reader] }),
    index("issue_change_failures_due")
      .on(t.reader, t.nextAttemptAt, t.changeId)
      .where(sql`${t.parkedAt} is null`),
    index("issue_change_failures_parked").on(t.reader).where(sql`${t.parkedAt} is not null`),
  ],
);
