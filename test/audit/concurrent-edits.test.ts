import { expect, test } from "vitest";
import { eventually, makeTenant, type Tenant, useStack } from "../harness";

const stack = useStack();

/** Everything of one organization that is edited, as somebody else changes it in the meantime. */
async function makeEdited(tenant: Tenant) {
  const org = `/api/0/organizations/${tenant.slug}/`;
  const project = `/api/0/projects/${tenant.slug}/shop/`;
  const made = async (path: string, body: object) =>
    (await (await tenant.call("POST", path, body)).json()) as { id: string };
  await made(`${org}teams/`, { slug: "core" });
  const member = await made(`${org}members/`, { email: "x@example.com" });
  const key = await made(`${project}keys/`, { name: "web" });
  const alert = await made(`${project}alerts/`, { name: "Spike", quantity: 20 });
  const token = await made(`${org}org-auth-tokens/`, { name: "CI", scopes: ["org:read"] });
  return { org, project, member, key, alert, token };
}

/** Sends an edit that has read everything before a change of somebody else is committed, and writes after it. */
async function editAfter(tenant: Tenant, change: string, path: string, body: object) {
  const other = await stack.sql.connect();
  try {
    await other.query("begin");
    await other.query("select 1 from organizations where slug = $1 for update", [tenant.slug]);
    await other.query(change);
    const answer = tenant.call("PUT", path, body);
    await eventually(async () => {
      const { rows } = await stack.sql.query(
        "select 1 from pg_stat_activity where wait_event_type = 'Lock' and query ~ 'assert_live'",
      );
      expect(rows).toHaveLength(1);
    });
    await other.query("commit");
    return await answer;
  } finally {
    other.release();
  }
}

test("an entry says what was replaced, also when somebody else has changed it since it was read", async () => {
  const tenant = await makeTenant(stack);
  const { org, project, member, key, alert, token } = await makeEdited(tenant);
  const edits: [change: string, path: string, body: object, data: object][] = [
    [
      `update organizations set throttle_rate = 3 where slug = '${tenant.slug}'`,
      org,
      { eventThrottleRate: 7 },
      { before: { throttleRate: 3 }, after: { throttleRate: 7 } },
    ],
    [
      "update teams set name = 'Theirs' where slug = 'core'",
      `/api/0/teams/${tenant.slug}/core/`,
      { slug: "core", name: "Ours" },
      { before: { name: "Theirs" }, after: { name: "Ours" } },
    ],
    [
      `update projects set name = 'Theirs' where id = ${tenant.projectId}`,
      project,
      { name: "Ours" },
      { before: { name: "Theirs" }, after: { name: "Ours" } },
    ],
    [
      `update project_keys set label = 'theirs' where id = '${key.id}'`,
      `${project}keys/${key.id}/`,
      { name: "ours" },
      { id: key.id, before: { label: "theirs" }, after: { label: "ours" } },
    ],
    [
      `update alert_rules set name = 'Theirs', quantity = 30 where id = ${alert.id}`,
      `${project}alerts/${alert.id}/`,
      { name: "Ours" },
      { id: alert.id, before: { name: "Theirs" }, after: { name: "Ours" } },
    ],
    [
      `update organization_members set role = 'admin' where id = ${member.id}`,
      `${org}members/${member.id}/`,
      { orgRole: "manager", teamRoles: ["core"] },
      { before: { role: "admin", teams: [] }, after: { role: "manager", teams: ["core"] } },
    ],
    [
      `update api_tokens set label = 'theirs' where id = ${token.id}`,
      `${org}org-auth-tokens/${token.id}/`,
      { name: "ours" },
      { before: { label: "theirs" }, after: { label: "ours" } },
    ],
  ];
  for (const [change, path, body, data] of edits) {
    const answer = await editAfter(tenant, change, path, body);
    expect([path, answer.ok, answer.status]).toEqual([path, true, expect.any(Number)]);
    const [newest] = await tenant.get<{ data: object }[]>(`${org}audit-logs/?limit=1`);
    expect([path, newest?.data]).toEqual([path, data]);
  }
});

test("what an edit does not mention stays as somebody else has set it since it was read", async () => {
  const tenant = await makeTenant(stack);
  const { org, project, member, alert } = await makeEdited(tenant);
  await editAfter(
    tenant,
    `update alert_rules set quantity = 30 where id = ${alert.id}`,
    `${project}alerts/${alert.id}/`,
    { name: "Ours" },
  );
  await editAfter(
    tenant,
    `update organization_members set role = 'admin' where id = ${member.id}`,
    `${org}members/${member.id}/`,
    { teamRoles: ["core"] },
  );
  const { rows } = await stack.sql.query(
    `select name, quantity, role from alert_rules, organization_members m
      where alert_rules.id = $1 and m.id = $2`,
    [alert.id, member.id],
  );
  expect(rows).toEqual([{ name: "Ours", quantity: 30, role: "admin" }]);
});

test("an organization's token that gets another name is in the audit log", async () => {
  const tenant = await makeTenant(stack);
  const { org, token } = await makeEdited(tenant);
  const path = `${org}org-auth-tokens/${token.id}/`;
  expect((await tenant.call("PUT", path, { name: "Deploys" })).status).toBe(204);
  const [newest] = await tenant.get<object[]>(`${org}audit-logs/?limit=1`);
  expect(newest).toMatchObject({
    event: "org-token.edit",
    target: "CI",
    data: { before: { label: "CI" }, after: { label: "Deploys" } },
  });
});
