import { index, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { createdAt, identity, reference } from "../columns";
import { users } from "./accounts";
import { organizations } from "./orgs";

/** Who did what, to what, from where, when. Rows stay when the actor goes. */
export const auditLog = pgTable(
  "audit_log",
  {
    id: identity(),
    orgId: reference("org_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    event: text("event").notNull(),
    actorId: reference("actor_id").references(() => users.id, { onDelete: "set null" }),
    /** Address of the person, or label of the token. */
    actor: text("actor").notNull(),
    ip: text("ip"),
    target: text("target").notNull(),
    /** What changed. Never a secret. */
    data: jsonb("data").$type<Record<string, unknown>>().notNull().default({}),
    createdAt: createdAt(),
  },
  (t) => [
    index("audit_log_org").on(t.orgId, t.id),
    index("audit_log_org_event").on(t.orgId, t.event, t.id),
    index("audit_log_actor").on(t.actorId),
  ],
);
