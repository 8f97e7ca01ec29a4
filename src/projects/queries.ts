import { and, asc, desc, eq, gt, inArray, lt, or, type SQL, sql } from "drizzle-orm";
import { organizationMembers, organizations, teamMembers, teams } from "../../drizzle/schema/orgs";
import { projectKeys, projects, projectTeams } from "../../drizzle/schema/projects";
import type { Db, Statement } from "../platform/database";
import type { Range } from "../protocol/cursor";

/** Served by the primary key; touches a project once in its life. */
export const setFirstEvents = (tx: Db, projectIds: number[], at: Date): Statement =>
  tx.execute(sql`
    update projects set first_event_at = ${at.toISOString()}
     where id = any(${`{${projectIds.join(",")}}`}::bigint[]) and first_event_at is null`);

/** Teams of each project in the order they were attached, and whether the user is in one of them. */
const projectColumns = (userId: number | null) => ({
  project: projects,
  org: organizations,
  teams: sql<{ id: string; slug: string }[]>`coalesce((
    select json_agg(json_build_object('id', ${teams.id}::text, 'slug', ${teams.slug})
                    order by ${projectTeams.createdAt}, ${teams.id})
      from ${projectTeams} join ${teams} on ${teams.id} = ${projectTeams.teamId}
     where ${projectTeams.projectId} = ${projects.id}), '[]'::json)`,
  isMember: sql<boolean>`exists (
    select 1 from ${projectTeams}
      join ${teamMembers} on ${teamMembers.teamId} = ${projectTeams.teamId}
      join ${organizationMembers} on ${organizationMembers.id} = ${teamMembers.memberId}
     where ${projectTeams.projectId} = ${projects.id} and ${organizationMembers.userId} = ${userId})`,
});

/** Served by projects_org_slug. Sorted by name. */
export function selectProjects(
  db: Db,
  orgIds: number[],
  userId: number | null,
  { cursor, limit }: Range,
  team?: SQL,
) {
  const edge = cursor && (cursor.backward ? lt : gt);
  const after =
    cursor && edge
      ? or(
          edge(projects.name, cursor.value),
          and(eq(projects.name, cursor.value), edge(projects.id, Number(cursor.id))),
        )
      : undefined;
  const order = cursor?.backward ? desc : asc;
  return db
    .select(projectColumns(userId))
    .from(projects)
    .innerJoin(organizations, eq(organizations.id, projects.orgId))
    .where(and(inArray(projects.orgId, orgIds.length > 0 ? orgIds : [0]), after, team))
    .orderBy(order(projects.name), order(projects.id))
    .limit(limit + 1);
}
export type ProjectRow = Awaited<ReturnType<typeof selectProjects>>[number];

/** Condition: the project has a team of this slug. */
export const hasTeam = (slug: string): SQL => sql`exists (
  select 1 from ${projectTeams} join ${teams} on ${teams.id} = ${projectTeams.teamId}
   where ${projectTeams.projectId} = ${projects.id} and ${teams.slug} = ${slug})`;

/** Served by projects_org_slug or the primary key. */
export function selectProject(db: Db, orgId: number, slugOrId: string, userId: number | null) {
  const id = /^\d{1,15}$/.test(slugOrId) ? Number(slugOrId) : -1;
  return db
    .select(projectColumns(userId))
    .from(projects)
    .innerJoin(organizations, eq(organizations.id, projects.orgId))
    .where(and(eq(projects.orgId, orgId), or(eq(projects.slug, slugOrId), eq(projects.id, id))))
    .limit(1);
}

const keysMax = 200;

/** Served by project_keys_project. */
export const selectKeys = (db: Db, projectId: number) =>
  db
    .select()
    .from(projectKeys)
    .where(eq(projectKeys.projectId, projectId))
    .orderBy(asc(projectKeys.createdAt), asc(projectKeys.id))
    .limit(keysMax);
export type KeyRow = typeof projectKeys.$inferSelect;
