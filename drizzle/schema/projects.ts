import { sql } from "drizzle-orm";
import {
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { createdAt, identity, moment, reference } from "../columns";
import { users } from "./accounts";
import { organizations, teams } from "./orgs";

/** Published versions of grouping (src/issues/grouping), the oldest first. */
export const groupingVersions = ["g1", "g2"] as const;
export type GroupingVersion = (typeof groupingVersions)[number];

export const projects = pgTable(
  "projects",
  {
    id: identity(),
    orgId: reference("org_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    slug: text("slug").notNull(),
    platform: text("platform"),
    /** Default scrubbing rules (passwords, tokens, card numbers) are applied unless switched off. */
    scrubDefaults: boolean("scrub_defaults").notNull().default(true),
    /** Addresses of people are used for geo and dropped before anything is stored. */
    scrubIpAddresses: boolean("scrub_ip_addresses").notNull().default(false),
    /** Names of fields whose values are replaced, and names or ways of those whose are not (src/events/field-rules.ts). */
    sensitiveFields: text("sensitive_fields").array().notNull().default([]),
    safeFields: text("safe_fields").array().notNull().default([]),
    allowedOrigins: text("allowed_origins").array().notNull().default([]),
    /** What clients set and read back without an effect; ProjectSettings of src/projects/schemas.ts. */
    settings: jsonb("settings").notNull().default({}),
    quotas: jsonb("quotas").notNull().default([]),
    /** What is dropped of what arrives; InboundFilters of src/protocol/inbound-filters.ts. */
    inboundFilters: jsonb("inbound_filters").notNull().default({}),
    /** Grows with each change of the rules that the digest follows; 0 where there never were any. */
    rulesVersion: integer("rules_version").notNull().default(0),
    /**
     * Version of grouping by which new issues come into being. The default is for the release before, which knows g1
     * alone; whoever makes a project here says g2.
     */
    groupingVersion: text("grouping_version", { enum: groupingVersions }).notNull().default("g1"),
    /** When a project that was on g1 changed to g2; a project of g2 without it was never on g1. */
    groupingSwitchedAt: moment("grouping_switched_at"),
    /** Percent of events that are turned away at random. */
    throttleRate: smallint("throttle_rate").notNull().default(0),
    firstEventAt: moment("first_event_at"),
    /** Issues that were seen last until then were looked at by their age (src/issues/resolve-aged.ts). */
    agedUntil: moment("aged_until"),
    /** Gone for everybody; rows are removed in the background. The slug is free again. */
    deletedAt: moment("deleted_at"),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex("projects_org_slug").on(t.orgId, t.slug),
    index("projects_org_name").on(t.orgId, t.name, t.id),
    index("projects_deleted").on(t.deletedAt).where(sql`${t.deletedAt} is not null`),
    index("projects_aged").on(t.agedUntil).where(sql`${t.settings} ? 'resolveAge'`),
  ],
);

export const projectTeams = pgTable(
  "project_teams",
  {
    projectId: reference("project_id")
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    teamId: reference("team_id")
      .notNull()
      .references(() => teams.id, { onDelete: "cascade" }),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.projectId, t.teamId] }),
    index("project_teams_team").on(t.teamId),
  ],
);

/** What a DSN points at. `id` is the row's own, `publicKey` the one that SDKs send. */
export const projectKeys = pgTable(
  "project_keys",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    publicKey: uuid("public_key").notNull().defaultRandom(),
    projectId: reference("project_id")
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    label: text("label").notNull().default(""),
    isActive: boolean("is_active").notNull().default(true),
    rateLimitCount: integer("rate_limit_count"),
    rateLimitWindowSeconds: integer("rate_limit_window_seconds"),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex("project_keys_public_key").on(t.publicKey),
    index("project_keys_project").on(t.projectId),
  ],
);

/** Whether a person wants the alerts of a project: 1 yes, 0 no; without a row the person's default. */
export const projectSubscriptions = pgTable(
  "project_subscriptions",
  {
    userId: reference("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    projectId: reference("project_id")
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    status: smallint("status").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.projectId] }),
    index("project_subscriptions_project").on(t.projectId),
  ],
);
