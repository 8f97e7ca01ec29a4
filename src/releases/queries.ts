import { type SQL, sql } from "drizzle-orm";
import type { Db, Statement } from "../platform/database";

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

const kinds = {
  release: {
    table: sql.raw("releases"),
    name: sql.raw("version"),
    links: sql.raw("release_projects"),
    id: sql.raw("release_id"),
    reason: "new_releases_limit",
  },
  environment: {
    table: sql.raw("environments"),
    name: sql.raw("name"),
    links: sql.raw("environment_projects"),
    id: sql.raw("environment_id"),
    reason: "new_environments_limit",
  },
};

/**
 * Releases and environments that are known in their projects already. Served by releases_org_version or
 * environments_org_name and the primary key of what links them.
 */
export const selectSeen = (
  db: Db,
  names: { kind: keyof typeof kinds; orgId: number; projectId: number; name: string }[],
) =>
  db.execute<{ kind: keyof typeof kinds; projectId: string; name: string }>(sql`
    with input as materialized (
      select * from json_to_recordset(${JSON.stringify(names)}::json) as x(
        kind text, "orgId" bigint, "projectId" bigint, name text)
    )
    select x.kind, x."projectId", x.name
      from input x join releases r on r.org_id = x."orgId" and r.version = x.name
      join release_projects l on l.release_id = r.id and l.project_id = x."projectId"
     where x.kind = 'release'
    union all
    select x.kind, x."projectId", x.name
      from input x join environments e on e.org_id = x."orgId" and e.name = x.name
      join environment_projects l on l.environment_id = e.id and l.project_id = x."projectId"
     where x.kind = 'environment'`);

const iso = (ms: number) => new Date(ms).toISOString();

/**
 * Inserts what is missing only: what a project has costs two index probes (releases_org_version or
 * environments_org_name, and the primary key of what links them) and no write. Runs under the projects' locks.
 */
export function insertMissing(
  tx: Db,
  kind: keyof typeof kinds,
  sightings: Sighting[],
  { perDay, inAll, day, count }: Bounds,
): Statement {
  const { table, name, links, id, reason } = kinds[kind];
  const input = JSON.stringify(
    sightings.map(({ orgId, projectId, hour, ...sighting }) => ({
      org_id: orgId,
      project_id: projectId,
      hour: iso(hour),
      ...sighting,
    })),
  );
  return tx.execute(sql`
    with input as materialized (
      select * from json_to_recordset(${input}::json) as x(
        org_id bigint, project_id bigint, name text, hour timestamptz, events bigint)
    ), wanted as materialized (
      select distinct org_id, project_id, name from input
    ), known as materialized (
      select r.id, r.org_id, r.${name} as name from ${table} r
       where (r.org_id, r.${name}) in (select org_id, name from wanted)
    ), missing as materialized (
      select w.*, k.id, row_number() over (partition by w.project_id order by w.name) as n
        from wanted w left join known k on k.org_id = w.org_id and k.name = w.name
       where k.id is null
          or not exists (select 1 from ${links} l where l.${id} = k.id and l.project_id = w.project_id)
    ), admitted as materialized (
      select m.* from missing m left join sighting_counts c on c.project_id = m.project_id and c.kind = ${kind}
       where m.n + coalesce(c.total, 0) <= ${inAll}::integer
         and (${perDay}::integer = 0
              or m.n + case when c.day >= ${iso(day)}::timestamptz then c.new_in_day else 0 end <= ${perDay}::integer)
    ), created as (
      insert into ${table} (org_id, ${name})
      select distinct org_id, name from admitted where id is null order by org_id, name
      on conflict (org_id, ${name}) do update set ${name} = excluded.${name}
      returning id, org_id, ${name} as name
    ), linked as (
      insert into ${links} (${id}, project_id)
      select coalesce(a.id, c.id), a.project_id
        from admitted a left join created c on c.org_id = a.org_id and c.name = a.name
       order by 1, 2
      on conflict do nothing
    ), noted as (
      insert into sighting_counts (project_id, kind, day, new_in_day, total)
      select project_id, ${kind}, ${iso(day)}::timestamptz, count(*), count(*) from admitted group by project_id order by project_id
      on conflict (project_id, kind) do update
        set total = sighting_counts.total + excluded.total,
            new_in_day = excluded.new_in_day +
              case when sighting_counts.day >= excluded.day then sighting_counts.new_in_day else 0 end,
            day = greatest(sighting_counts.day, excluded.day)
    )
    ${count(sql`(
      select i.project_id, i.hour, ${kind}::text as category, 'filtered' as outcome, ${reason}::text as reason, i.events as quantity
        from input i join missing m using (project_id, name)
       where (m.project_id, m.name) not in (select project_id, name from admitted)) beyond`)}`);
}
