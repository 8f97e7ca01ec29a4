import { and, eq, inArray, type SQL, sql } from "drizzle-orm";
import { organizationMembers, teamMembers, teams } from "../../drizzle/schema/orgs";
import type { Actor } from "../access/caller";
import { type AuditedRow, insertAuditOfEach } from "../audit/entry-queries";
import type { Db, Statement } from "../platform/database";
import { keyset } from "../platform/keyset";
import { containsAll } from "../platform/like";
import type { Range } from "../protocol/cursor";
import { idInPath } from "../protocol/row-id";
import type { TeamUpdate } from "./schemas";

export type TeamRow = {
  id: string;
  slug: string;
  name: string;
  createdAt: string;
  memberCount: number;
  isMember: boolean;
};

const teamColumns = (userId: number | null) => sql`
  t.id, t.slug, coalesce(t.name, t.slug) as name, t.created_at as "createdAt",
  (select count(*)::integer from team_members tm where tm.team_id = t.id) as "memberCount",
  exists (select 1 from team_members tm join organization_members m on m.id = tm.member_id
           where tm.team_id = t.id and m.user_id = ${userId}::bigint) as "isMember"`;

const teamOf = (orgId: number, teamId: number) => and(eq(teams.id, teamId), eq(teams.orgId, orgId));

const teamsMax = 1000;

/** All teams by slug, for the detail of an organization. Served by teams_org_slug. */
export const selectAllTeams = (db: Db, orgId: number, userId: number | null) =>
  db.execute<TeamRow>(sql`
    select ${teamColumns(userId)} from teams t where t.org_id = ${orgId} order by t.slug limit ${teamsMax}`);

/** Newest first; of one project if asked. Served by teams_org_id. */
export function selectTeams(
  db: Db,
  orgId: number,
  userId: number | null,
  range: Range,
  words: string[] = [],
  projectId?: number,
) {
  const id = { by: sql`t.id`, type: "bigint" };
  const { condition, order, limit } = keyset(undefined, id, range, "descending");
  const all: SQL[] = [sql`t.org_id = ${orgId}`];
  if (projectId !== undefined) {
    all.push(sql`t.id in (select team_id from project_teams where project_id = ${projectId})`);
  }
  all.push(...containsAll(sql`concat_ws(' ', t.name, t.slug)`, words));
  if (condition) all.push(condition);
  return db.execute<TeamRow>(sql`
    select ${teamColumns(userId)} from teams t where ${sql.join(all, sql` and `)}
     order by ${order} limit ${limit}`);
}

/** By slug or id. Served by teams_org_slug or the primary key. */
export const selectTeam = (db: Db, orgId: number, slugOrId: string, userId: number | null) =>
  db.execute<TeamRow>(sql`
    select ${teamColumns(userId)} from teams t
     where t.org_id = ${orgId} and ${isCalled(slugOrId)}`);

function isCalled(slugOrId: string): SQL {
  const id = idInPath(slugOrId);
  return id === undefined ? sql`t.slug = ${slugOrId}` : sql`t.id = ${id}::bigint`;
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
      insert into teams (org_id, slug, name) values (${orgId}, ${slug}, ${name})
      on conflict (org_id, slug) do nothing returning id, slug
    ), joined as (
      insert into team_members (team_id, member_id)
      select team.id, m.id from team, organization_members m where m.id = ${memberId}::bigint and m.org_id = ${orgId}
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
