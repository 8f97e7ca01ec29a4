import { sql } from "drizzle-orm";
import type { Db, Statement } from "../platform/database";

export type Sighting = { orgId: number; projectId: number; name: string };

const asRows = (sightings: Sighting[]) =>
  JSON.stringify(
    sightings.map(({ orgId, projectId, name }) => ({ org_id: orgId, project_id: projectId, name })),
  );

/** Inserts what is missing only: a known release costs one index probe (releases_org_version) and no write. */
export const insertMissingReleases = (tx: Db, sightings: Sighting[]): Statement =>
  tx.execute(sql`
    with input as materialized (
      select * from json_to_recordset(${asRows(sightings)}::json) as x(org_id bigint, project_id bigint, name text)
    ), known as materialized (
      select r.id, r.org_id, r.version from releases r
       where (r.org_id, r.version) in (select org_id, name from input)
    ), born as (
      insert into releases (org_id, version)
      select distinct org_id, name from input
       where (org_id, name) not in (select org_id, version from known)
       order by org_id, name
      on conflict (org_id, version) do update set version = excluded.version
      returning id, org_id, version
    )
    insert into release_projects (release_id, project_id)
    select r.id, i.project_id
      from input i
      join (select * from known union all select * from born) r on r.org_id = i.org_id and r.version = i.name
     where not exists (select 1 from release_projects p where p.release_id = r.id and p.project_id = i.project_id)
     order by 1, 2
    on conflict do nothing`);

/** Served by environments_org_name, as above. */
export const insertMissingEnvironments = (tx: Db, sightings: Sighting[]): Statement =>
  tx.execute(sql`
    with input as materialized (
      select * from json_to_recordset(${asRows(sightings)}::json) as x(org_id bigint, project_id bigint, name text)
    ), known as materialized (
      select e.id, e.org_id, e.name from environments e
       where (e.org_id, e.name) in (select org_id, name from input)
    ), born as (
      insert into environments (org_id, name)
      select distinct org_id, name from input
       where (org_id, name) not in (select org_id, name from known)
       order by org_id, name
      on conflict (org_id, name) do update set name = excluded.name
      returning id, org_id, name
    )
    insert into environment_projects (environment_id, project_id)
    select e.id, i.project_id
      from input i
      join (select * from known union all select * from born) e on e.org_id = i.org_id and e.name = i.name
     where not exists (
       select 1 from environment_projects p where p.environment_id = e.id and p.project_id = i.project_id)
     order by 1, 2
    on conflict do nothing`);
