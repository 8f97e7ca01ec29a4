import { sql } from "drizzle-orm";
import {
  boolean,
  index,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { createdAt, identity, moment, reference } from "../columns";
import { users } from "./accounts";

export const organizations = pgTable(
  "organizations",
  {
    id: identity(),
    name: text("name").notNull(),
    slug: text("slug").notNull(),
    isAcceptingEvents: boolean("is_accepting_events").notNull().default(true),
    /** Names of fields whose values are replaced, and names or ways of those whose are not (src/events/field-rules.ts). */
    sensitiveFields: text("sensitive_fields").array().notNull().default([]),
    safeFields: text("safe_fields").array().notNull().default([]),
    openMembership: boolean("open_membership").notNull().default(true),
    /** List of {category, count, windowSeconds}; src/ingest/schemas.ts has the shape. */
    quotas: jsonb("quotas").notNull().default([]),
    /** Percent of events that are turned away at random. */
    throttleRate: smallint("throttle_rate").notNull().default(0),
    /** Gone for everybody; rows are removed in the background. The slug is free again. */
    deletedAt: moment("deleted_at"),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex("organizations_slug").on(t.slug),
    index("organizations_deleted").on(t.deletedAt).where(sql`${t.deletedAt} is not null`),
  ],
);

/** A person in an organization; without a user while the invitation is pending. */
export const organizationMembers = pgTable(
  "organization_members",
  {
    id: identity(),
    orgId: reference("org_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    userId: reference("user_id").references(() => users.id, { onDelete: "cascade" }),
    email: text("email"),
    role: text("role", { enum: ["member", "admin", "manager", "owner"] }).notNull(),
    /** The one owner who cannot leave: the billing contact. */
    isPrimary: boolean("is_primary").notNull().default(false),
    /** SHA-256 of the invitation's token; null once it was used. */
    inviteTokenHash: text("invite_token_hash"),
    inviteExpiresAt: moment("invite_expires_at"),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex("organization_members_pending_email")
      .on(t.orgId, sql`lower(${t.email})`)
      .where(sql`${t.userId} is null`),
    uniqueIndex("organization_members_primary").on(t.orgId).where(sql`${t.isPrimary}`),
    uniqueIndex("organization_members_org_user").on(t.orgId, t.userId),
    index("organization_members_user").on(t.userId),
    index("organization_members_org_id").on(t.orgId, t.id),
  ],
);

export const teams = pgTable(
  "teams",
  {
    id: identity(),
    orgId: reference("org_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    slug: text("slug").notNull(),
    /** What Sentry's clients call it; without one it is called by its slug. */
    name: text("name"),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex("teams_org_slug").on(t.orgId, t.slug),
    index("teams_org_id").on(t.orgId, t.id),
  ],
);

export const teamMembers = pgTable(
  "team_members",
  {
    teamId: reference("team_id")
      .notNull()
      .references(() => teams.id, { onDelete: "cascade" }),
    memberId: reference("member_id")
      .notNull()
      .references(() => organizationMembers.id, { onDelete: "cascade" }),
  },
  (t) => [
    primaryKey({ columns: [t.teamId, t.memberId] }),
    index("team_members_member").on(t.memberId),
  ],
);
