import {
  boolean,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { createdAt, identity, moment, reference } from "../columns";
import { organizations } from "./orgs";
import { projects } from "./projects";

export const releases = pgTable(
  "releases",
  {
    id: identity(),
    orgId: reference("org_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    version: text("version").notNull(),
    createdAt: createdAt(),
  },
  (t) => [uniqueIndex("releases_org_version").on(t.orgId, t.version)],
);

export const releaseProjects = pgTable(
  "release_projects",
  {
    releaseId: reference("release_id")
      .notNull()
      .references(() => releases.id, { onDelete: "cascade" }),
    projectId: reference("project_id")
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
  },
  (t) => [
    primaryKey({ columns: [t.releaseId, t.projectId] }),
    index("release_projects_project").on(t.projectId),
  ],
);

export const environments = pgTable(
  "environments",
  {
    id: identity(),
    orgId: reference("org_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    createdAt: createdAt(),
  },
  (t) => [uniqueIndex("environments_org_name").on(t.orgId, t.name)],
);

export const environmentProjects = pgTable(
  "environment_projects",
  {
    environmentId: reference("environment_id")
      .notNull()
      .references(() => environments.id, { onDelete: "cascade" }),
    projectId: reference("project_id")
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    isHidden: boolean("is_hidden").notNull().default(false),
  },
  (t) => [
    primaryKey({ columns: [t.environmentId, t.projectId] }),
    index("environment_projects_project").on(t.projectId),
  ],
);

/** How many releases and environments a project has, and how many of them came on its last day that brought any. */
export const sightingCounts = pgTable(
  "sighting_counts",
  {
    projectId: reference("project_id")
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    kind: text("kind", { enum: ["release", "environment"] }).notNull(),
    day: moment("day"),
    newInDay: integer("new_in_day").notNull().default(0),
    total: integer("total").notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.kind] })],
);
