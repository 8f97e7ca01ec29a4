import { and, eq, inArray, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { organizationMembers, teamMembers, teams } from "../../drizzle/schema/orgs";
import { projectTeams } from "../../drizzle/schema/projects";
import type { Actor } from "../access/caller";
import { type AuditedRow, insertAuditOfEach } from "../audit/entry-queries";
import { columnNames } from "../platform/column-names";
import type { Db, Statement } from "../platform/database";
import { insertSelect } from "../platform/insert-select";
import { keyset } from "../platform/keyset";
import { containsAll } from "../platform/like";
import { sqlTemplate } from "../platform/sql-template";
import type { Range } from "../protocol/cursor";
import { idInPath } from "../protocol/row-id";
import type { TeamUpdate } from "./schemas";

const m = alias(organizationMembers, "m");
const t = alias(teams, "t");
const tm = alias(teamMembers, "tm");

export type TeamRow = {
  id: string;
  slug: string;
  name: string;
  createdAt: string;
  memberCount: number;
  isMember: boolean;
};

const teamColumns = sqlTemplate<"userId">(
  (value) => sql`
  ${t.id}, ${t.slug}, coalesce(${t.name}, ${t.slug}) as name, ${t.createdAt} as "createdAt",
  (select count(*)::integer from ${teamMembers} tm where ${tm.teamId} = ${t.id}) as "memberCount",
  exists (select 1 from ${teamMembers} tm join ${organizationMembers} m on ${m.id} = ${tm.memberId}
           where ${tm.teamId} = ${t.id} and ${m.userId} = ${value("userId")}::bigint) as "isMember"`,
);

const teamOf = (orgId: number, teamId: number) => and(eq(teams.id, teamId), eq(teams.orgId, orgId));

const teamsMax = 1000;

/** All teams by slug, for the detail of an organization. Served by teams_org_slug. */
export const selectAllTeams = (db: Db, orgId: number, userId: number | null) =>
  db.execute<TeamRow>(sql`
    select ${teamColumns({ userId })} from ${teams} t where ${t.orgId} = ${orgId} order by ${t.slug} limit ${teamsMax}`);

/** Newest first; of one project if asked. Served by teams_org_id. */
export function selectTeams(
  db: Db,
  orgId: number,
  userId: number | null,
  range: Range,
  words: string[] = [],
  projectId?: number,
) {
  const { condition, order, limit } = keyset(undefined, t.id, range, "descending");
  const all: SQL[] = [sql`${t.orgId} = ${orgId}`];
  if (projectId !== undefined) {
    all.push(sql`${t.id} in (
      select ${projectTeams.teamId} from ${projectTeams} where ${projectTeams.projectId} = ${projectId})`);
  }
  all.push(...containsAll(sql`concat_ws(' ', ${t.name}, ${t.slug})`, words));
  if (condition) all.push(condition);
  return db.execute<TeamRow>(sql`
    select ${teamColumns({ userId })} from ${teams} t where ${sql.join(all, sql` and `)}
     order by ${order} limit ${limit}`);
}

/** By slug or id. Served by teams_org_slug or the primary key. */
export const selectTeam = (db: Db, orgId: number, slugOrId: string, userId: number | null) =>
  db.execute<TeamRow>(sql`
    select ${teamColumns({ userId })} from ${teams} t
     where ${t.orgId} = ${orgId} and ${isCalled(slugOrId)}`);

function isCalled(slugOrId: string): SQL {
  const id = idInPath(slugOrId);
  return id === undefined ? sql`${t.slug} = ${slugOrId}` : sql`${t.id} = ${id}::bigint`;
}

/** A new team whose only member is whoever made it. Nothing happens when the slug is taken. */
export const insertTeam = (
  db: Db,
  orgId: number,
  { slug, name }: { slug: string; name: string | null },
  memberId: number | null,
  actor: Actor,
) =>
  db.execute<{ id: string }>(sql`
    with team as (
      ${insertSelect(teams, { orgId, slug, name }, sql``)}
      on conflict (${columnNames(teams, "orgId", "slug")}) do nothing returning ${teams.id}, ${teams.slug}
    ), joined as (
      ${insertSelect(
        teamMembers,
        { teamId: sql`team.id`, memberId: m.id },
        sql`from team, ${organizationMembers} m where ${m.id} = ${memberId}::bigint and ${m.orgId} = ${orgId}`,
      )}
    ), noted as (
      ${insertAuditOfEach(sql`team`, orgId, actor, "team.create", sql`slug`, {})}
    )
    select id from team`);

/** What is to be read of a team for an entry of its change: the name as it is shown. Served by the primary key. */
export const auditedTeam = (orgId: number, teamId: number): AuditedRow => ({
  fields: { slug: teams.slug, name: sql`coalesce(${teams.name}, ${teams.slug})` },
  from: sql`from ${teams} where ${teamOf(orgId, teamId)}`,
});

/** What is undefined stays. */
export const updateTeam = (
  tx: Db,
  orgId: number,
  teamId: number,
  { slug, name }: TeamUpdate,
): Statement => tx.update(teams).set({ slug, name }).where(teamOf(orgId, teamId));

/** Which of these slugs are teams. Served by teams_org_slug. */
export const selectTeamSlugs = (db: Db, orgId: number, slugs: string[]) =>
  db
    .select({ slug: teams.slug })
    .from(teams)
    .where(and(eq(teams.orgId, orgId), inArray(teams.slug, slugs)));

export const deleteTeam = (tx: Db, orgId: number, teamId: number): Statement =>
  tx.delete(teams).where(teamOf(orgId, teamId));

export const addTeamMember = (tx: Db, orgId: number, teamId: number, memberId: number): Statement =>
  tx
    .insert(teamMembers)
    .select(
      tx
        .select({ teamId: teams.id, memberId: organizationMembers.id })
        .from(teams)
        .innerJoin(organizationMembers, eq(organizationMembers.orgId, teams.orgId))
        .where(and(teamOf(orgId, teamId), eq(organizationMembers.id, memberId))),
    )
    .onConflictDoNothing();

export const removeTeamMember = (
  tx: Db,
  orgId: number,
  teamId: number,
  memberId: number,
): Statement =>
  tx
    .delete(teamMembers)
    .where(
      and(
        eq(teamMembers.memberId, memberId),
        inArray(
          teamMembers.teamId,
          tx.select({ id: teams.id }).from(teams).where(teamOf(orgId, teamId)),
        ),
      ),
    );
