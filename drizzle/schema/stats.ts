import { bigint, index, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { moment, reference } from "../columns";

/** What became of everything that was sent, per project and hour. Partitioned by hour, one partition a week. */
export const outcomeHours = pgTable(
  "outcome_hours",
  {
    hour: moment("hour").notNull(),
    projectId: reference("project_id").notNull(),
    category: text("category").notNull(),
    outcome: text("outcome").notNull(),
    reason: text("reason").notNull(),
    quantity: bigint("quantity", { mode: "number" }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.projectId, t.hour, t.category, t.outcome, t.reason] }),
    // Rows of an hour lie together, so a few bytes per block find the last ones.
    index("outcome_hours_hour").using("brin", t.hour),
  ],
);

/**
 * Messages whose counts are already in `outcome_hours`, so that a redelivery adds nothing.
 * Partitioned by `received_at`, one partition a week; kept as long as a queue may redeliver.
 */
export const countedMessages = pgTable(
  "counted_messages",
  {
    receivedAt: moment("received_at").notNull(),
    messageId: uuid("message_id").notNull(),
  },
  (t) => [primaryKey({ columns: [t.messageId, t.receivedAt] })],
);
