import { boolean, index, integer, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { createdAt, identity, reference } from "../columns";
import { projects } from "./projects";

/** When people are notified: `quantity` events within `timespanMinutes`, or a monitor that changes. */
export const alertRules = pgTable(
  "alert_rules",
  {
    id: identity(),
    projectId: reference("project_id")
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    name: text("name").notNull().default(""),
    timespanMinutes: integer("timespan_minutes"),
    quantity: integer("quantity"),
    uptime: boolean("uptime").notNull().default(false),
    createdAt: createdAt(),
  },
  (t) => [index("alert_rules_project").on(t.projectId, t.id)],
);

/** Who is notified, in the order of the list that was saved. */
export const alertRecipients = pgTable(
  "alert_recipients",
  {
    id: identity(),
    ruleId: reference("rule_id")
      .notNull()
      .references(() => alertRules.id, { onDelete: "cascade" }),
    position: integer("position").notNull(),
    type: text("type").notNull(),
    url: text("url").notNull().default(""),
    tagsToAdd: text("tags_to_add").array().notNull().default([]),
    config: jsonb("config"),
  },
  (t) => [index("alert_recipients_rule").on(t.ruleId, t.position)],
);
