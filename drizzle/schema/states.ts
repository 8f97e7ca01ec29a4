import { sql } from "drizzle-orm";
import { bigint, boolean, index, integer, pgTable, text } from "drizzle-orm/pg-core";
import { moment, reference } from "../columns";
import { users } from "./accounts";
import { issues } from "./issues";

/** What more is known of a status. A resolved issue has none. */
export const substatuses = [
  "ongoing",
  "escalating",
  "regressed",
  "archived_until_escalating",
  "archived_until_condition_met",
  "archived_forever",
] as const;

/** What ends a status: of a resolved issue a later release, of an archived one the rest. */
export const stateRules = [
  "release",
  "next_release",
  "commit",
  "time",
  "events",
  "users",
  "next_event",
] as const;

/**
 * Who gave an issue the status that it has, and what ends it. A row counts while `since` is the moment of the issue's
 * status: whatever else changes that has done with it. An issue without one is as its status alone says.
 */
export const issueStates = pgTable(
  "issue_states",
  {
    issueId: reference("issue_id")
      .primaryKey()
      .references(() => issues.id, { onDelete: "cascade" }),
    since: moment("since").notNull(),
    /** null: an event, a rule, a token of no person, or somebody who is gone. */
    userId: reference("user_id").references(() => users.id, { onDelete: "set null" }),
    substatus: text("substatus", { enum: substatuses }),
    rule: text("rule", { enum: stateRules }),
    /** Which release it was resolved in; with `next_release` the newest that there was. */
    release: text("release"),
    /** How that release is compared with others (src/releases/release-order.ts); null: by when they were first seen. */
    releasePackage: text("release_package"),
    releaseKey: text("release_key"),
    releaseBuild: bigint("release_build", { mode: "bigint" }),
    /** The issue had an event of that release already. */
    wasSeenInRelease: boolean("was_seen_in_release"),
    commit: text("commit"),
    repository: text("repository"),
    until: moment("until"),
    /** Events or people, within so many minutes if these are given; of what escalates the events of an hour that made it. */
    wanted: integer("wanted"),
    windowMinutes: integer("window_minutes"),
    /** Events that the issue had then. */
    eventsBefore: bigint("events_before", { mode: "number" }),
  },
  (t) => [
    index("issue_states_until").on(t.until, t.issueId).where(sql`${t.until} is not null`),
    index("issue_states_escalating")
      .on(t.since, t.issueId)
      .where(sql`${t.substatus} = 'escalating'`),
    index("issue_states_user").on(t.userId).where(sql`${t.userId} is not null`),
  ],
);
