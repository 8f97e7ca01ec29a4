import { and, asc, desc, eq, gt, inArray, lt, or, sql } from "drizzle-orm";
import { organizationMembers, organizations, teamMembers, teams } from "../../drizzle/schema/orgs";
import type { Db } from "../platform/database";
import type { Range } from "../protocol/cursor";

/** Served by the primary key; the ids are the caller's own. */
export function selectOrganizations(db: Db, orgIds: number[], { cursor, limit }: Range) {
  const name = organizations.name;
  const edge = cursor && (cursor.backward ? lt : gt);
  const after =
    cursor && edge
      ? or(
          edge(name, cursor.value),
          and(eq(name, cursor.value), edge(organizations.id, Number(cursor.id))),
        )
      : undefined;
  const order = cursor?.backward ? desc : asc;
  return db
    .select()
    .from(organizations)
    .where(and(inArray(organizations.id, orgIds.length > 0 ? orgIds : [0]), after))
    .orderBy(order(name), order(organizations.id))
    .limit(limit + 1);
}

/** Served by the primary key. */
export const selectOrganization = (db: Db, orgId: number) =>
  db.select().from(organizations).where(eq(organizations.id, orgId)).limit(1);

const teamsMax = 1000;

/** Served by teams_org_slug. */
export const selectTeams = (db: Db, orgId: number, userId: number | null) =>
  db
    .select({
      id: teams.id,
      slug: teams.slug,
      createdAt: teams.createdAt,
      memberCount: sql<number>`count(${teamMembers.memberId})::integer`,
      isMember: sql<boolean>`coalesce(bool_or(${organizationMembers.userId} = ${userId}), false)`,
    })
    .from(teams)
    .leftJoin(teamMembers, eq(teamMembers.teamId, teams.id))
    .leftJoin(organizationMembers, eq(organizationMembers.id, teamMembers.memberId))
    .where(eq(teams.orgId, orgId))
    .groupBy(teams.id)
    .orderBy(asc(teams.slug))
    .limit(teamsMax);
