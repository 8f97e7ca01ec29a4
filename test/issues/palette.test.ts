import { expect, test } from "vitest";
import {
  eventEnvelope,
  eventually,
  makeMember,
  makeTenant,
  newToken,
  type Tenant,
  useStack,
} from "../harness";

const stack = useStack();
type Found = Record<"projects" | "teams" | "members" | "issues", Record<string, string>[]>;

const search = (tenant: Tenant, query: string) =>
  tenant.get<Found>(
    `/api/0/organizations/${tenant.slug}/search/?query=${encodeURIComponent(query)}`,
  );
const errorOf = (value: string) =>
  eventEnvelope({
    exception: {
      values: [{ type: "CartError", value, stacktrace: { frames: [{ function: value }] } }],
    },
  });

test("projects, teams, members and issues are found by a part of what they are called", async () => {
  const [tenant, neighbour] = [await makeTenant(stack), await makeTenant(stack)];
  for (const each of [tenant, neighbour]) {
    await stack.sql.query(
      "insert into teams (org_id, slug, name) values ($1, 'shopkeepers', 'The Keepers')",
      [each.orgId],
    );
  }
  const member = await makeMember(stack, tenant, "member");
  await stack.sql.query("update users set name = 'Grace Shopper' where id = $1", [member.userId]);
  await tenant.send(errorOf("the shopping cart is 100% empty"));
  await eventually(async () => expect(await tenant.issues()).toHaveLength(1));
  const [issue] = await tenant.issues();

  expect(await search(tenant, "SHOP")).toEqual({
    projects: [{ id: String(tenant.projectId), slug: "shop", name: "Shop", platform: "node" }],
    teams: [{ id: expect.any(String), slug: "shopkeepers", name: "The Keepers" }],
    members: [{ id: member.memberId, name: "Grace Shopper", email: member.email }],
    issues: [
      {
        id: issue?.id,
        shortId: "SHOP-1",
        title: "CartError: the shopping cart is 100% empty",
        status: "unresolved",
        level: "error",
        projectSlug: "shop",
      },
    ],
  });
  expect((await search(tenant, "100%")).issues).toHaveLength(1);
  const nothing = { projects: [], teams: [], members: [], issues: [] };
  for (const text of ["%%", "_", "1000", "nothing here"]) {
    expect([text, await search(tenant, text)]).toEqual([text, nothing]);
  }
  expect((await search(neighbour, "cart")).issues).toEqual([]);
});

test("a short id leads to its issue first, in any case, and only in its organization", async () => {
  const [tenant, neighbour] = [await makeTenant(stack), await makeTenant(stack)];
  for (let n = 0; n < 7; n++) {
    await tenant.send(errorOf(`${"abcdefg"[n]} mentions shop-3`));
    await eventually(async () => expect(await tenant.issues()).toHaveLength(n + 1));
  }
  const { issues } = await search(tenant, "shop-3");
  expect([issues.length, issues[0]?.shortId]).toEqual([5, "SHOP-3"]);
  expect(new Set(issues.map(({ id }) => id)).size).toBe(5);
  expect((await search(neighbour, "SHOP-3")).issues).toEqual([]);
});

test("what the token may not read is not found", async () => {
  const tenant = await makeTenant(stack);
  await tenant.send(errorOf("the shopping cart is empty"));
  await eventually(async () => expect(await tenant.issues()).toHaveLength(1));
  await stack.sql.query("update users set name = 'Grace Shopper' where id = $1", [tenant.userId]);
  expect((await search(tenant, "shop")).members).toHaveLength(1);
  const token = newToken();
  await tenant.addToken(token, ["org:read", "event:read"]);
  const path = `/api/0/organizations/${tenant.slug}/search/?query=shop`;
  const found = (await (await tenant.call("GET", path, undefined, token)).json()) as Found;
  expect([found.projects, found.members, found.issues.length]).toEqual([[], [], 1]);
  for (const query of ["", "%20", "x".repeat(201)]) {
    const refused = await tenant.call("GET", path.replace("query=shop", `query=${query}`));
    expect([query, refused.status]).toEqual([query, 422]);
  }
});
