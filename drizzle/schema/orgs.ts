import { boolean, index, jsonb, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, identity, reference } from "../columns";
import { users } from "./auth";

export const organizations = pgTable(
  "organizations",
  {
    id: identity(),
    name: text("name").notNull(),
    slug: text("slug").notNull(),
    isAcceptingEvents: boolean("is_accepting_events").notNull().default(true),
    openMembership: boolean("open_membership").notNull().default(true),
    /** List of {category, count, windowSeconds}; src/ingest/schemas.ts has the shape. */
    quotas: jsonb("quotas").notNull().default([]),
    createdAt: createdAt(),
  },
  (t) => [uniqueIndex("organizations_slug").on(t.slug)],
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
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex("organization_members_org_user").on(t.orgId, t.userId),
    index("organization_members_user").on(t.userId),
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
    createdAt: createdAt(),
  },
  (t) => [uniqueIndex("teams_org_slug").on(t.orgId, t.slug)],
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
