import {
  and,
  eq,
  getTableColumns,
  inArray,
  isNotNull,
  isNull,
  lt,
  type SQL,
  sql,
} from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { users } from "../../drizzle/schema/accounts";
import { issues } from "../../drizzle/schema/issues";
import { organizationMembers, organizations, teamMembers, teams } from "../../drizzle/schema/orgs";
import { projectKeys, projects, projectTeams } from "../../drizzle/schema/projects";
import { outcomeHours } from "../../drizzle/schema/stats";
import type { AuditedRow } from "../audit/entry-queries";
import { anyOf } from "../platform/any-of";
import type { Db, Statement } from "../platform/database";
import { insertSelect } from "../platform/insert-select";
import { keyset } from "../platform/keyset";
import { containsAll } from "../platform/like";
import type { Range } from "../protocol/cursor";
import { dictionaryOf } from "../protocol/dictionary";
import { InboundFilters } from "../protocol/inbound-filters";
import { idInPath } from "../protocol/row-id";

const h = alias(outcomeHours, "h");
const i = alias(issues, "i");
const m = alias(organizationMembers, "m");
const p = alias(projects, "p");
const pt = alias(projectTeams, "pt");
const t = alias(teams, "t");
const u = alias(users, "u");

/** Served by the primary key; touches a project once in its life. */
export const setFirstEvents = (tx: Db, projectIds: number[], at: Date): Statement =>
  tx
    .update(projects)
    .set({ firstEventAt: at })
    .where(and(inArray(projects.id, projectIds), isNull(projects.firstEventAt)));

/** Teams of each project in the order they were attached, and whether the user is in one of them. */
const projectColumns = (userId: number | null) => ({
  project: projects,
  org: organizations,
  teams: sql<{ id: string; slug: string; name: string }[]>`coalesce((
    select json_agg(json_build_object('id', ${teams.id}::text, 'slug', ${teams.slug},
                                       'name', coalesce(${teams.name}, ${teams.slug}))
                    order by ${projectTeams.createdAt}, ${teams.id})
      from ${projectTeams} join ${teams} on ${teams.id} = ${projectTeams.teamId}
     where ${projectTeams.projectId} = ${projects.id}), '[]'::json)`,
  isMember: sql<boolean>`exists (
    select 1 from ${projectTeams}
      join ${teamMembers} on ${teamMembers.teamId} = ${projectTeams.teamId}
      join ${organizationMembers} on ${organizationMembers.id} = ${teamMembers.memberId}
     where ${projectTeams.projectId} = ${projects.id} and ${organizationMembers.userId} = ${userId})`,
});

/** Sorted by name. Served by projects_org_name. */
export function selectProjects(
  db: Db,
  orgIds: number[],
  userId: number | null,
  range: Range,
  conditions: SQL[] = [],
) {
  const { condition, order, limit } = keyset(projects.name, projects.id, range);
  return db
    .select(projectColumns(userId))
    .from(projects)
    .innerJoin(organizations, eq(organizations.id, projects.orgId))
    .where(
      and(
        inArray(projects.orgId, orgIds.length > 0 ? orgIds : [0]),
        isNull(projects.deletedAt),
        condition,
        ...conditions,
      ),
    )
    .orderBy(order)
    .limit(limit);
}
export type ProjectRow = Awaited<ReturnType<typeof selectProjects>>[number];

/**
 * Errors that were stored since a moment, added up by steps of a whole number of hours. Served by the primary key of
 * outcome_hours.
 */
export const selectAcceptedErrors = (
  db: Db,
  projectIds: number[],
  since: Date,
  stepSeconds: number,
) =>
  db.execute<{ projectId: string; at: string; quantity: string }>(sql`
    select ${h.projectId} as "projectId",
           (floor(extract(epoch from ${h.hour}) / ${stepSeconds}::integer) * ${stepSeconds}::integer)::bigint as at,
           sum(${h.quantity})::bigint as quantity
      from ${outcomeHours} h
     where ${anyOf(h.projectId, projectIds)} and ${h.hour} >= ${since.toISOString()}
       and ${h.category} = 'error' and ${h.outcome} = 'accepted'
     group by 1, 2`);

/** When each of some projects had its last error. Served by issues_project_last_seen. */
export const selectLastEvents = (db: Db, projectIds: number[]) =>
  db.execute<{ projectId: string; at: string | null }>(sql`
    select ${projects.id} as "projectId",
           (select max(${i.lastSeenAt}) from ${issues} i where ${i.projectId} = ${projects.id}) as at
      from ${projects} where ${anyOf(projects.id, projectIds)}`);

/** Condition: the project has a team of this slug. */
export const hasTeam = (slug: string): SQL => sql`exists (
  select 1 from ${projectTeams} join ${teams} on ${teams.id} = ${projectTeams.teamId}
   where ${projectTeams.projectId} = ${projects.id} and ${teams.slug} = ${slug})`;

/** Conditions: each word occurs in name or slug. */
export const isCalled = (words: string[]): SQL[] =>
  containsAll(sql`concat_ws(' ', ${projects.name}, ${projects.slug})`, words);

/** Served by projects_org_slug or the primary key. */
export function selectProject(db: Db, orgId: number, slugOrId: string, userId: number | null) {
  const id = idInPath(slugOrId);
  return db
    .select(projectColumns(userId))
    .from(projects)
    .innerJoin(organizations, eq(organizations.id, projects.orgId))
    .where(
      and(
        eq(projects.orgId, orgId),
        isNull(projects.deletedAt),
        id === undefined ? eq(projects.slug, slugOrId) : eq(projects.id, id),
      ),
    )
    .limit(1);
}

/** Condition: the project has one of these teams. */
export const hasTeamOf = (teamIds: number[]): SQL => sql`exists (
  select 1 from ${projectTeams} where ${projectTeams.projectId} = ${projects.id}
     and ${projectTeams.teamId} in ${teamIds})`;

/** Slugs are tried in order; a function scan gives them in order. */
const slugTries = 1000;

type WantedProject = {
  name: string;
  slug: string;
  platform: string | null;
  throttleRate: number;
};

/**
 * A new project of a team with the first free slug, its first key, and the note of it. Deleted projects have given
 * theirs back. Served by projects_org_slug.
 */
export const insertProject = (
  tx: Db,
  orgId: number,
  teamId: number | null,
  noteOf: (project: SQL, slug: SQL) => SQL,
  { name, slug, platform, throttleRate }: WantedProject,
) =>
  tx.execute<{ slug: string }>(sql`
    with project as (
      ${insertSelect(
        projects,
        {
          orgId,
          name,
          slug: sql`candidate`,
          platform,
          throttleRate,
          groupingVersion: "g2",
          // From its first event on it follows what the organization says of fields.
          rulesVersion: sql`(select (cardinality(${organizations.sensitiveFields} || ${organizations.safeFields}) > 0)::integer
                               from ${organizations} where ${organizations.id} = ${orgId})`,
        },
        sql`
        from generate_series(1, ${slugTries}::integer) n,
             lateral (select ${slug}::text || case when n = 1 then '' else '-' || n end as candidate) c
       where not exists (
         select 1 from ${projects} where ${projects.orgId} = ${orgId} and ${projects.slug} = candidate)
       limit 1`,
      )}
      returning ${projects.id}, ${projects.slug}
    ), attached as (
      ${insertSelect(
        projectTeams,
        { projectId: sql`project.id`, teamId: teams.id },
        sql`from project, ${teams} where ${teams.id} = ${teamId}::bigint and ${teams.orgId} = ${orgId}`,
      )}
    ), key as (
      ${insertSelect(projectKeys, { projectId: sql`id`, label: "Default" }, sql`from project`)}
    ), noted as (
      ${noteOf(sql`project`, sql`slug`)}
    )
    select slug from project`);

/** What the digest follows. Served by the primary key; the message that names the project was accepted for it. */
export const selectRules = (db: Db, projectId: number) =>
  db
    .select({
      version: projects.rulesVersion,
      filters: projects.inboundFilters,
      settings: projects.settings,
      sensitiveFields: sql<
        string[]
      >`${organizations.sensitiveFields} || ${projects.sensitiveFields}`,
      safeFields: sql<string[]>`${organizations.safeFields} || ${projects.safeFields}`,
    })
    .from(projects)
    .innerJoin(organizations, eq(organizations.id, projects.orgId))
    .where(and(eq(projects.id, projectId), isNull(projects.deletedAt)));

/** As audited: each inbound filter is a field by itself, called as the option is. What is off is not there. */
const filterFields = dictionaryOf(
  Object.keys(InboundFilters.shape).map((name) => [
    `filters:${name}`,
    sql`coalesce(${projects.inboundFilters} -> ${name}::text, 'false')`,
  ]),
);

/** What is to be read of a project for an entry of its change. Served by the primary key. */
export const auditedProject = (orgId: number, projectId: number): AuditedRow => ({
  fields: { ...getTableColumns(projects), ...filterFields },
  from: sql`from ${projects} where ${projects.id} = ${projectId} and ${projects.orgId} = ${orgId}`,
});

/**
 * The lock under which the digest decides which issue an event belongs to: nobody who read the project as it was before
 * commits after this. Held until the end.
 */
export const lockProject = (tx: Db, projectId: number): Statement =>
  tx.execute(sql`select pg_advisory_xact_lock(${projectId}::bigint)`);

export type OwnerRow = {
  /** As rules write it: `#team`, or an address, in lower case. */
  name: string;
  type: "user" | "team";
  memberId: string | null;
  teamId: string | null;
  /** Of the person or the team. */
  id: string;
};

/**
 * Of names in rules of ownership those that are members of the project's organization, or teams that have the project.
 * Served by the primary key of projects, users_email, organization_members_org_user and the primary key of project_teams.
 */
export const selectOwners = (db: Db, projectId: number, names: string[]) =>
  db.execute<OwnerRow>(sql`
    with named as materialized (select json_array_elements_text(${JSON.stringify(names)}::json) as name)
    select lower(${u.email}) as name, 'user' as type, ${m.id} as "memberId", null::bigint as "teamId", ${u.id}
      from ${projects} p join ${organizationMembers} m on ${m.orgId} = ${p.orgId} join ${users} u on ${u.id} = ${m.userId}
     where ${p.id} = ${projectId} and lower(${u.email}) in (select name from named)
    union all
    select '#' || ${t.slug}, 'team', null, ${t.id}, ${t.id} from ${projectTeams} pt join ${teams} t on ${t.id} = ${pt.teamId}
     where ${pt.projectId} = ${projectId} and '#' || ${t.slug} in (select name from named)`);

/** Teams that have a project, as owners. Served by the primary key of project_teams. */
export const selectTeamsOf = (db: Db, projectId: number, limit: number) =>
  db.execute<OwnerRow>(sql`
    select '#' || ${t.slug} as name, 'team' as type, null::bigint as "memberId", ${t.id} as "teamId", ${t.id}
      from ${projectTeams} pt join ${teams} t on ${t.id} = ${pt.teamId}
     where ${pt.projectId} = ${projectId} order by ${t.id} limit ${limit}`);

/** Settings that the digest follows. */
const rulesAmongSettings = [
  "ownershipRules",
  "ownershipAssigns",
  "ownershipFallsThrough",
  "fingerprintingRules",
  "groupingEnhancements",
  "sensitiveFields",
  "safeFields",
];

/** Settings and inbound filters are added to those that are there; the version lets the digest read changed rules anew. */
export const updateProject = (
  tx: Db,
  orgId: number,
  projectId: number,
  changes: Partial<typeof projects.$inferInsert>,
  settings: Record<string, unknown>,
  filters: InboundFilters = {},
): Statement =>
  tx
    .update(projects)
    .set({
      ...changes,
      settings: sql`${projects.settings} || ${JSON.stringify(settings)}::jsonb`,
      ...(Object.keys(filters).length > 0 && {
        inboundFilters: sql`${projects.inboundFilters} || ${JSON.stringify(filters)}::jsonb`,
      }),
      ...((Object.keys(filters).length > 0 ||
        rulesAmongSettings.some(
          (name) => Object.hasOwn(settings, name) || Object.hasOwn(changes, name),
        )) && {
        rulesVersion: sql`${projects.rulesVersion} + 1`,
      }),
    })
    .where(and(eq(projects.id, projectId), eq(projects.orgId, orgId)));

/** What the digest follows has changed for all projects of an organization. Served by projects_org_slug. */
export const renewRulesOf = (tx: Db, orgId: number): Statement =>
  tx
    .update(projects)
    .set({ rulesVersion: sql`${projects.rulesVersion} + 1` })
    .where(and(eq(projects.orgId, orgId), isNull(projects.deletedAt)));

/** `~` cannot be in a slug that anybody asks for, so the old one is free at once. */
export const markProjectsDeleted = (
  tx: Db,
  orgId: number,
  projectId: number | undefined,
  now: Date,
): Statement =>
  tx
    .update(projects)
    .set({ deletedAt: now, slug: sql`${projects.slug} || '~' || ${projects.id}` })
    .where(
      and(
        eq(projects.orgId, orgId),
        isNull(projects.deletedAt),
        projectId === undefined ? undefined : eq(projects.id, projectId),
      ),
    );

/** Served by projects_deleted. */
export const selectDeletedProjects = (db: Db, before: Date, limit: number) =>
  db
    .select({ id: projects.id })
    .from(projects)
    .where(lt(projects.deletedAt, before))
    .orderBy(projects.id)
    .limit(limit);

export const removeProject = (tx: Db, projectId: number): Statement =>
  tx.delete(projects).where(and(eq(projects.id, projectId), isNotNull(projects.deletedAt)));

/** Both must be of the organization: a team of another one is never attached. */
export const attachTeam = (tx: Db, orgId: number, projectId: number, teamId: number): Statement =>
  tx.execute(sql`
    ${insertSelect(
      projectTeams,
      { projectId: projects.id, teamId: teams.id },
      sql`from ${projects} join ${teams} on ${teams.orgId} = ${projects.orgId}
           where ${projects.id} = ${projectId} and ${projects.orgId} = ${orgId} and ${teams.id} = ${teamId}`,
    )}
    on conflict do nothing`);

export const detachTeam = (tx: Db, orgId: number, projectId: number, teamId: number): Statement =>
  tx.delete(projectTeams).where(
    and(
      eq(projectTeams.teamId, teamId),
      inArray(
        projectTeams.projectId,
        tx
          .select({ id: projects.id })
          .from(projects)
          .where(and(eq(projects.id, projectId), eq(projects.orgId, orgId))),
      ),
    ),
  );

/** A team by slug or id, as far as projects are attached to it. Served by teams_org_slug or the primary key. */
export function selectTeam(db: Db, orgId: number, slugOrId: string) {
  const id = idInPath(slugOrId);
  return db
    .select({ id: teams.id, slug: teams.slug })
    .from(teams)
    .where(
      and(eq(teams.orgId, orgId), id === undefined ? eq(teams.slug, slugOrId) : eq(teams.id, id)),
    );
}
