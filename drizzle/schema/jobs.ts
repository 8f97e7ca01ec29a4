import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uuid,
} from "drizzle-orm/pg-core";
import { moment, reference } from "../columns";
import { users } from "./accounts";
import { organizations } from "./orgs";

export const jobKinds = [
  "merge",
  "unmerge",
  "change",
  "delete",
  "regroup",
  "regroup_undo",
] as const;
export const jobStates = ["running", "done", "failed", "cancelled"] as const;

/** Work on issues that is done in chunks: what is to be done, how far it is, and for a week what it came to. */
export const issueJobs = pgTable(
  "issue_jobs",
  {
    id: uuid("id").primaryKey(),
    orgId: reference("org_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    kind: text("kind", { enum: jobKinds }).notNull(),
    state: text("state", { enum: jobStates }).notNull().default("running"),
    /** Issues whose rows it moves: no other job does meanwhile. */
    issueIds: bigint("issue_ids", { mode: "number" }).array().notNull(),
    /** What is to be done, in the words of its kind; never changed. */
    task: jsonb("task").notNull(),
    /** Where it is in that, likewise. */
    at: jsonb("at").notNull(),
    done: bigint("done", { mode: "number" }).notNull().default(0),
    total: bigint("total", { mode: "number" }).notNull(),
    /** Steps in a row that failed, and why the last one did. */
    failures: integer("failures").notNull().default(0),
    error: text("error"),
    userId: reference("user_id").references(() => users.id, { onDelete: "set null" }),
    createdAt: moment("created_at").notNull(),
    finishedAt: moment("finished_at"),
    /** Until then somebody works on it. */
    leasedUntil: moment("leased_until").notNull(),
  },
  (t) => [
    index("issue_jobs_org_created").on(t.orgId, t.createdAt, t.id),
    index("issue_jobs_running").on(t.leasedUntil).where(sql`${t.state} = 'running'`),
    index("issue_jobs_finished").on(t.finishedAt).where(sql`${t.finishedAt} is not null`),
    index("issue_jobs_user").on(t.userId).where(sql`${t.userId} is not null`),
  ],
);

/** Issues that a job is still to change or delete, some hundreds in a row: those that were found when it began. */
export const issueJobSlices = pgTable(
  "issue_job_slices",
  {
    jobId: uuid("job_id")
      .notNull()
      .references(() => issueJobs.id, { onDelete: "cascade" }),
    slice: integer("slice").notNull(),
    issueIds: bigint("issue_ids", { mode: "number" }).array().notNull(),
  },
  (t) => [primaryKey({ columns: [t.jobId, t.slice] })],
);

/**
 * Events that a job groups anew: where each was, and by which hashes it is found now, the primary first. What an undo puts
 * back.
 */
export const regroupedEvents = pgTable(
  "regrouped_events",
  {
    jobId: uuid("job_id")
      .notNull()
      .references(() => issueJobs.id, { onDelete: "cascade" }),
    receivedAt: moment("received_at").notNull(),
    eventId: uuid("event_id").notNull(),
    issueId: reference("issue_id").notNull(),
    hash: bigint("hash", { mode: "bigint" }),
    hashes: text("hashes").array().notNull(),
  },
  (t) => [primaryKey({ columns: [t.jobId, t.receivedAt, t.eventId] })],
);

/** Hashes that such a job leads to an issue, and what they led to before; null: nowhere. */
export const regroupedHashes = pgTable(
  "regrouped_hashes",
  {
    jobId: uuid("job_id")
      .notNull()
      .references(() => issueJobs.id, { onDelete: "cascade" }),
    hash: text("hash").notNull(),
    issueId: reference("issue_id").notNull(),
    beforeId: reference("before_id"),
    beforeFormerId: reference("before_former_id"),
    wasRegrouped: boolean("was_regrouped"),
  },
  (t) => [primaryKey({ columns: [t.jobId, t.hash] })],
);
