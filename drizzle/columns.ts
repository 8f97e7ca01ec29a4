import { bigint, timestamp } from "drizzle-orm/pg-core";

/** Numeric id of things that people create: organizations, teams, projects, issues. Below 2^53 for centuries. */
export const identity = () =>
  bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity();

export const reference = (name: string) => bigint(name, { mode: "number" });

/** UTC moment with microseconds. */
export const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export const createdAt = () => moment("created_at").notNull().defaultNow();
