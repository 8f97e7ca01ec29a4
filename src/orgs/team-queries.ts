import { type SQL, sql } from "drizzle-orm";
import type { Actor } from "../access/caller";
import { insertAuditOfEach } from "../audit/entry-queries";
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

/** What is undefined stays. */
export const updateTeam = (
  tx: Db,
  orgId: number,
  teamId: number,
  { slug, name }: TeamUpdate,
): Statement =>
  tx.execute(sql`
    update teams set slug = coalesce(${slug ?? null}, slug), name = coalesce(${name ?? null}, name)
     where id = ${teamId} and org_id = ${orgId}`);

/** Which of these slugs are teams. Served by teams_org_slug. */
export const selectTeamSlugs = (db: Db, orgId: number, slugs: string[]) =>
  db.execute<{ slug: string }>(sql`
    select slug from teams
     where org_id = ${orgId}
       and slug in (select json_array_elements_text(${JSON.stringify(slugs)}::json))`);

export const deleteTeam = (tx: Db, orgId: number, teamId: number): Statement =>
  tx.execute(sql`delete from teams where id = ${teamId} and org_id = ${orgId}`);

export const addTeamMember = (tx: Db, orgId: number, teamId: number, memberId: number): Statement =>
  tx.execute(sql`
    insert into team_members (team_id, member_id)
    select t.id, m.id from teams t, organization_members m
     where t.id = ${teamId} and t.org_id = ${orgId} and m.id = ${memberId} and m.org_id = ${orgId}
    on conflict do nothing`);

export const removeTeamMember = (
  tx: Db,
  orgId: number,
  teamId: number,
  memberId: number,
): Statement =>
  tx.execute(sql`
    delete from team_members tm using teams t
     where tm.team_id = t.id and t.id = ${teamId} and t.org_id = ${orgId} and tm.member_id = ${memberId}`);
