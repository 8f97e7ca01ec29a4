import type { Stack, Tenant } from "./harness";

/** A change of statuses that can be taken back: what its door is sent names it. */
/** A hash that leads to the issue beside others. */
export const ledHash = "f".repeat(32);
export const undoId = "019ab000-0000-7000-8000-000000000001";

/** Something for every path parameter, in an organization of its own: a door may change or remove it. */
export async function furnish(
  stack: Stack,
  tenant: Tenant,
  issueId: string,
): Promise<Record<string, string>> {
  const one = async (text: string, values: unknown[]) =>
    String(Object.values((await stack.sql.query(text, values)).rows[0])[0]);
  await stack.sql.query("delete from teams where org_id = $1", [tenant.orgId]);
  const team = await one("insert into teams (org_id, slug) values ($1, 'core') returning id", [
    tenant.orgId,
  ]);
  await stack.sql.query("insert into project_teams (project_id, team_id) values ($1, $2)", [
    tenant.projectId,
    team,
  ]);
  const environment = await one(
    `insert into environments (org_id, name) values ($1, 'production')
     on conflict (org_id, name) do update set name = excluded.name returning id`,
    [tenant.orgId],
  );
  await stack.sql.query(
    "insert into environment_projects (environment_id, project_id) values ($1, $2) on conflict do nothing",
    [environment, tenant.projectId],
  );
  await stack.sql.query(
    `insert into status_changes (id, org_id, status, changed_at, issues) values ($1, $2, 'resolved', now(), 1)
     on conflict (id) do update set org_id = excluded.org_id, changed_at = excluded.changed_at`,
    [undoId, tenant.orgId],
  );
  await groupedAnew(stack, tenant);
  await bringBack(stack, tenant, issueId);
  await stack.sql.query(
    `insert into issue_hashes (project_id, hash, issue_id) select $1, hash, $2 from unnest($3::text[]) hash
     on conflict (project_id, hash) do update set issue_id = excluded.issue_id`,
    [tenant.projectId, issueId, [ledHash, "e".repeat(32)]],
  );
  const { rows: events } = await stack.sql.query(
    "select replace(event_id::text, '-', '') as id from events where issue_id = $1 limit 1",
    [issueId],
  );
  const view = await one(
    `insert into saved_views (org_id, member_id, name, query, sort, project_ids, environments, visibility)
     select org_id, id, 'Mine', '', '', '{}', '{}', 'organization' from organization_members
      where org_id = $1 and user_id = $2 returning id`,
    [tenant.orgId, tenant.userId],
  );
  return {
    organization_slug: tenant.slug,
    project_slug: "shop",
    team_slug: "core",
    environment: "production",
    filter_id: "web-crawlers",
    user_id: "me",
    managed_user_id: await one("insert into users (email) values ($1) returning id", [
      `${crypto.randomUUID()}@example.com`,
    ]),
    issue_id: issueId,
    short_id: "shop-1",
    share_id: await one(
      `insert into issue_shares (issue_id, share_id, created_at) values ($1, md5($2), now())
       on conflict (issue_id) do update set share_id = excluded.share_id returning share_id`,
      [issueId, crypto.randomUUID()],
    ),
    note_id: await one(
      `insert into issue_activities (issue_id, kind, user_id, data, created_at)
       values ($1, 'note', $2, '{"text": "First"}', now()) returning id`,
      [issueId, tenant.userId],
    ),
    job_id: await one(
      `insert into issue_jobs (id, org_id, kind, state, issue_ids, task, at, total, created_at, finished_at, leased_until)
       values (gen_random_uuid(), $1, 'merge', 'done', '{}', '{}', '{}', 0, now(), now(), now()) returning id`,
      [tenant.orgId],
    ),
    tag_key: "environment",
    view_id: view,
    search_id: view,
    event_id: events[0]?.id ?? "latest",
    other_id: "oldest",
    key_id: await one("select id from project_keys where project_id = $1", [tenant.projectId]),
    alert_id: await one("insert into alert_rules (project_id) values ($1) returning id", [
      tenant.projectId,
    ]),
    member_id: await one(
      "insert into organization_members (org_id, role, email) values ($1, 'member', $2) returning id",
      [tenant.orgId, `${crypto.randomUUID()}@example.com`],
    ),
    token_id: await one(
      "insert into api_tokens (token_hash, org_id, scopes) values ($1, $2, '{org:read}') returning id",
      [crypto.randomUUID(), tenant.orgId],
    ),
    token: "no-such-token",
    letter_id: "019ab000-0000-7000-8000-000000000001",
    authenticator_id: "1",
    session_id: "1",
  };
}

/** A project whose events can be grouped anew, and were. */
export async function groupedAnew(stack: Stack, { orgId, projectId }: Tenant): Promise<void> {
  await stack.sql.query(
    "update projects set grouping_version = 'g2', grouping_switched_at = null where id = $1",
    [projectId],
  );
  await stack.sql.query("delete from issue_jobs where org_id = $1 and kind like 'regroup%'", [
    orgId,
  ]);
  await stack.sql.query(
    `with job as (
       insert into issue_jobs (id, org_id, kind, state, issue_ids, task, at, total, created_at, finished_at, leased_until)
       values (gen_random_uuid(), $1, 'regroup', 'done', '{}', jsonb_build_object('projectId', $2::bigint), '{}', 0, now(), now(), now())
       returning id)
     insert into regrouped_hashes (job_id, hash, issue_id) select id, 'a', 1 from job`,
    [orgId, projectId],
  );
}

/** An issue that a door deleted is there again, with its events. */
async function bringBack(stack: Stack, { orgId, projectId }: Tenant, issueId: string) {
  const { rows } = await stack.sql.query(
    "delete from deleted_issues where issue_id = $1 returning 1",
    [issueId],
  );
  if (rows.length === 0) return;
  await stack.sql.query(
    `insert into issues (id, org_id, project_id, short_number, level, first_seen_at, last_seen_at)
     overriding system value values ($1, $2, $3, 1, 4, now(), now())`,
    [issueId, orgId, projectId],
  );
  await stack.sql.query(
    `insert into issue_details (issue_id, project_id, type, title, culprit, metadata, grouping, search_text)
     values ($1, $2, 'error', 'E', '', '{}', '{}', 'E')`,
    [issueId, projectId],
  );
}

/** A path with its parameters filled in. */
export const addressOf = (path: string, parameters: Record<string, string>) =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = parameters[name];
    if (!value) throw new Error(`test/furnish.ts knows no value for {${name}}: add one`);
    return value;
  });
