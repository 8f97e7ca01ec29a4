import type { Stack, Tenant } from "./harness";

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
  const { rows: events } = await stack.sql.query(
    "select replace(event_id::text, '-', '') as id from events where issue_id = $1 limit 1",
    [issueId],
  );
  return {
    organization_slug: tenant.slug,
    project_slug: "shop",
    team_slug: "core",
    environment: "production",
    user_id: "me",
    managed_user_id: await one("insert into users (email) values ($1) returning id", [
      `${crypto.randomUUID()}@example.com`,
    ]),
    issue_id: issueId,
    short_id: "shop-1",
    event_id: events[0]?.id ?? "latest",
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
  };
}

/** A path with its parameters filled in. */
export const addressOf = (path: string, parameters: Record<string, string>) =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = parameters[name];
    if (!value) throw new Error(`test/furnish.ts knows no value for {${name}}: add one`);
    return value;
  });
