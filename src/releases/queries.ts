import { and, desc, eq, type SQL, sql } from "drizzle-orm";
import { alias, type PgTable } from "drizzle-orm/pg-core";
import { projects } from "../../drizzle/schema/projects";
import {
  environmentProjects,
  environments,
  releaseProjects,
  releases,
  sightingCounts,
} from "../../drizzle/schema/releases";
import { anyOf } from "../platform/any-of";
import { columnNames } from "../platform/column-names";
import type { Db, Statement } from "../platform/database";
import { sqlTemplate } from "../platform/sql-template";

export type Sighting = {
  orgId: number;
  projectId: number;
  name: string;
  /** Milliseconds since 1970, a whole hour. */
  hour: number;
  events: number;
};

/** What a project may bring into being, and how the rest is counted. */
export type Bounds = {
  /** 0: no limit. */
  perDay: number;
  inAll: number;
  /** Milliseconds since 1970, a whole day. */
  day: number;
  count: (rows: SQL) => SQL;
};

const reasons = { release: "new_releases_limit", environment: "new_environments_limit" };
type Kind = keyof typeof reasons;

const r = alias(releases, "r");
const e = alias(environments, "e");
const ofRelease = alias(releaseProjects, "l");
const ofEnvironment = alias(environmentProjects, "l");
const c = alias(sightingCounts, "c");
const p = alias(projects, "p");

const seen = sqlTemplate<"names">(
  (value) => sql`
    with input as materialized (
      select * from json_to_recordset(${value("names")}::json) as x(
        kind text, "orgId" bigint, "projectId" bigint, name text)
    )
    select x.kind, x."projectId", x.name
      from input x join ${releases} r on ${r.orgId} = x."orgId" and ${r.version} = x.name
      join ${releaseProjects} l on ${ofRelease.releaseId} = ${r.id} and ${ofRelease.projectId} = x."projectId"
     where x.kind = 'release'
    union all
    select x.kind, x."projectId", x.name
      from input x join ${environments} e on ${e.orgId} = x."orgId" and ${e.name} = x.name
      join ${environmentProjects} l on ${ofEnvironment.environmentId} = ${e.id} and ${ofEnvironment.projectId} = x."projectId"
     where x.kind = 'environment'`,
);

/**
 * Releases and environments that are known in their projects already. Served by releases_org_version or
 * environments_org_name and the primary key of what links them.
 */
export const selectSeen = (
  db: Db,
  names: { kind: Kind; orgId: number; projectId: number; name: string }[],
) =>
  db.execute<{ kind: Kind; projectId: string; name: string }>(
    seen({ names: JSON.stringify(names) }),
  );

const iso = (ms: number) => new Date(ms).toISOString();

/**
 * Inserts what is missing only: what a project has costs two index probes (releases_org_version or
 * environments_org_name, and the primary key of what links them) and no write. Runs under the projects' locks.
 */
export function insertMissing(
  tx: Db,
  kind: Kind,
  sightings: Sighting[],
  { perDay, inAll, day, count }: Bounds,
): Statement {
  const input = JSON.stringify(
    sightings.map(({ orgId, projectId, hour, ...sighting }) => ({
      org_id: orgId,
      project_id: projectId,
      hour: iso(hour),
      ...sighting,
    })),
  );
  const beyond = turnedAway({ kind, reason: reasons[kind] });
  const values = { input, kind, perDay, inAll, day: iso(day), counts: count(beyond) };
  return tx.execute(inserting[kind](values));
}

const turnedAway = sqlTemplate<"kind" | "reason">(
  (value) => sql`(
      select i.project_id, i.hour, ${value("kind")}::text as category, 'filtered' as outcome, ${value("reason")}::text as reason, i.events as quantity
        from input i join missing m using (project_id, name)
       where (m.project_id, m.name) not in (select project_id, name from admitted)) beyond`,
);

/** Names of a kind's tables and columns. */
type Names = { table: PgTable; orgId: SQL; name: SQL; links: PgTable; id: SQL; projectId: SQL };

const inserting = {
  release: insertingInto({
    table: releases,
    orgId: columnNames(releases, "orgId"),
    name: columnNames(releases, "version"),
    links: releaseProjects,
    id: columnNames(releaseProjects, "releaseId"),
    projectId: columnNames(releaseProjects, "projectId"),
  }),
  environment: insertingInto({
    table: environments,
    orgId: columnNames(environments, "orgId"),
    name: columnNames(environments, "name"),
    links: environmentProjects,
    id: columnNames(environmentProjects, "environmentId"),
    projectId: columnNames(environmentProjects, "projectId"),
  }),
};

function insertingInto({ table, orgId, name, links, id, projectId }: Names) {
  const { day, newInDay, total } = sightingCounts;
  return sqlTemplate<"input" | "kind" | "perDay" | "inAll" | "day" | "counts">(
    (value) => sql`
    with input as materialized (
      select * from json_to_recordset(${value("input")}::json) as x(
        org_id bigint, project_id bigint, name text, hour timestamptz, events bigint)
    ), wanted as materialized (
      select distinct org_id, project_id, name from input
    ), known as materialized (
      select r.id, r.${orgId} as org_id, r.${name} as name from ${table} r
       where (r.${orgId}, r.${name}) in (select org_id, name from wanted)
    ), missing as materialized (
      select w.*, k.id, row_number() over (partition by w.project_id order by w.name) as n
        from wanted w left join known k on k.org_id = w.org_id and k.name = w.name
       where k.id is null
          or not exists (select 1 from ${links} l where l.${id} = k.id and l.${projectId} = w.project_id)
    ), admitted as materialized (
      select m.* from missing m
        left join ${sightingCounts} c on ${c.projectId} = m.project_id and ${c.kind} = ${value("kind")}
       where m.n + coalesce(${c.total}, 0) <= ${value("inAll")}::integer
         and (${value("perDay")}::integer = 0
              or m.n + case when ${c.day} >= ${value("day")}::timestamptz then ${c.newInDay} else 0 end <= ${value("perDay")}::integer)
    ), created as (
      insert into ${table} (${orgId}, ${name})
      select distinct org_id, name from admitted where id is null order by org_id, name
      on conflict (${orgId}, ${name}) do update set ${name} = excluded.${name}
      returning id, ${orgId} as org_id, ${name} as name
    ), linked as (
      insert into ${links} (${id}, ${projectId})
      select coalesce(a.id, c.id), a.project_id
        from admitted a left join created c on c.org_id = a.org_id and c.name = a.name
       order by 1, 2
      on conflict do nothing
    ), noted as (
      insert into ${sightingCounts} (${columnNames(sightingCounts, "projectId", "kind", "day", "newInDay", "total")})
      select project_id, ${value("kind")}, ${value("day")}::timestamptz, count(*), count(*) from admitted group by project_id order by project_id
      on conflict (${columnNames(sightingCounts, "projectId", "kind")}) do update
        set ${columnNames(sightingCounts, "total")} = ${total} + excluded.total,
            ${columnNames(sightingCounts, "newInDay")} = excluded.new_in_day +
              case when ${day} >= excluded.day then ${newInDay} else 0 end,
            ${columnNames(sightingCounts, "day")} = greatest(${day}, excluded.day)
    )
    ${value("counts")}`,
  );
}

/** Versions that a project has, the one first seen last before all. Served by release_projects_project and the primary key of releases. */
export const selectNewestReleases = (db: Db, orgId: number, projectId: number, limit: number) =>
  db
    .select({ version: releases.version })
    .from(releaseProjects)
    .innerJoin(releases, eq(releases.id, releaseProjects.releaseId))
    .where(and(eq(releaseProjects.projectId, projectId), eq(releases.orgId, orgId)))
    .orderBy(desc(releases.createdAt), desc(releases.id))
    .limit(limit);

/** The same of each of some projects, or of all. Served by projects_org_slug, release_projects_project and the primary key of releases. */
export const selectNewestOfEach = (db: Db, orgId: number, projectIds: number[], limit: number) =>
  db.execute<{ projectId: string; version: string }>(sql`
    select ${p.id} as "projectId", x.version
      from ${projects} p
     cross join lateral (
       select ${r.version}, ${r.createdAt} as created_at, ${r.id} as id
         from ${releaseProjects} l join ${releases} r on ${r.id} = ${ofRelease.releaseId}
        where ${ofRelease.projectId} = ${p.id} order by ${r.createdAt} desc, ${r.id} desc limit ${limit}) x
     where ${p.orgId} = ${orgId} and ${p.deletedAt} is null
       ${projectIds.length > 0 ? sql`and ${anyOf(p.id, projectIds)}` : sql``}
     order by ${p.id}, x.created_at desc, x.id desc`);

/** Served by releases_org_version. */
export const selectRelease = (db: Db, orgId: number, version: string) =>
  db
    .select({ id: releases.id })
    .from(releases)
    .where(and(eq(releases.orgId, orgId), eq(releases.version, version)));
