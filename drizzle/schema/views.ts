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
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { createdAt, identity, moment, reference } from "../columns";
import { organizationMembers, organizations } from "./orgs";

export const viewVisibilities = ["owner", "organization"] as const;

/** A search that somebody kept: with its order, filters and columns, for themselves or for the organization. */
export const savedViews = pgTable(
  "saved_views",
  {
    id: identity(),
    orgId: reference("org_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    /** Who made it; null: somebody who left, or a token of no person. Of these only what all see stays. */
    memberId: reference("member_id").references(() => organizationMembers.id, {
      onDelete: "set null",
    }),
    name: text("name").notNull(),
    query: text("query").notNull(),
    sort: text("sort").notNull(),
    /** Columns of the list; null: as whoever looks has them. */
    columns: text("columns").array(),
    projectIds: bigint("project_ids", { mode: "number" }).array().notNull(),
    environments: text("environments").array().notNull(),
    timeFilters: jsonb("time_filters").notNull().default({}),
    visibility: text("visibility", { enum: viewVisibilities }).notNull(),
    createdAt: createdAt(),
    updatedAt: moment("updated_at").notNull().defaultNow(),
  },
  (t) => [
    index("saved_views_org_name").on(t.orgId, t.name, t.id),
    index("saved_views_member").on(t.memberId).where(sql`${t.memberId} is not null`),
  ],
);

/** What a view is to one person. */
export const viewMarks = pgTable(
  "view_marks",
  {
    memberId: reference("member_id")
      .notNull()
      .references(() => organizationMembers.id, { onDelete: "cascade" }),
    viewId: reference("view_id")
      .notNull()
      .references(() => savedViews.id, { onDelete: "cascade" }),
    /** Its place among the tabs; null: it is none. */
    position: integer("position"),
    /** What the list of issues begins with. */
    isDefault: boolean("is_default").notNull().default(false),
    visitedAt: moment("visited_at"),
  },
  (t) => [
    primaryKey({ columns: [t.memberId, t.viewId] }),
    index("view_marks_view").on(t.viewId),
    uniqueIndex("view_marks_default").on(t.memberId).where(sql`${t.isDefault}`),
  ],
);

/** What a person searched for lately, each text once. */
export const recentSearches = pgTable(
  "recent_searches",
  {
    memberId: reference("member_id")
      .notNull()
      .references(() => organizationMembers.id, { onDelete: "cascade" }),
    /** MD5 of the query: whole texts are too long for an index. */
    hash: text("hash").notNull(),
    query: text("query").notNull(),
    searchedAt: moment("searched_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.memberId, t.hash] }),
    index("recent_searches_member").on(t.memberId, t.searchedAt),
  ],
);
