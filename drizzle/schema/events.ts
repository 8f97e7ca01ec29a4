import { bigint, index, integer, pgTable, primaryKey, uuid } from "drizzle-orm/pg-core";
import { moment, reference } from "../columns";

/**
 * One thin row an event; the payload lies in a segment in R2 at [offset, offset + length).
 * Partitioned by `received_at`, one partition a week. No foreign keys: rows leave by the partition.
 */
export const events = pgTable(
  "events",
  {
    receivedAt: moment("received_at").notNull(),
    projectId: reference("project_id").notNull(),
    issueId: reference("issue_id").notNull(),
    /** The id that the SDK gave, or ours when it gave none. */
    eventId: uuid("event_id").notNull(),
    segmentId: uuid("segment_id").notNull(),
    segmentOffset: integer("segment_offset").notNull(),
    segmentLength: integer("segment_length").notNull(),
    /** The number of its tag `environment` (src/issues/tag-queries.ts); null without one, and of older releases. */
    environment: bigint("environment", { mode: "bigint" }),
    /** Who was affected, as issue_users has it; likewise. */
    userHash: bigint("user_hash", { mode: "bigint" }),
    /** The hash that found its issue first of all, as a number (src/issues/hash-number.ts); null of older releases. */
    hash: bigint("hash", { mode: "bigint" }),
  },
  (t) => [
    primaryKey({ columns: [t.projectId, t.eventId, t.receivedAt] }),
    index("events_issue_received").on(t.issueId, t.receivedAt),
    index("events_project_received").on(t.projectId, t.receivedAt),
  ],
);
