import { expect, test } from "vitest";
import { deliverTo, messageOf } from "../deliver";
import { eventEnvelope, eventually, makeTenant, type Tenant, useStack } from "../harness";
import { changingNothing } from "../state";

const stack = useStack();

const org = ({ slug }: Tenant) => `/api/0/organizations/${slug}/`;
const project = ({ slug }: Tenant, name = "shop") => `/api/0/projects/${slug}/${name}/`;

const extrasOf = async (tenant: Tenant) =>
  (await tenant.get<{ context: object }[]>(`${project(tenant)}events/?full=true`)).map(
    ({ context }) => context,
  );
const versionOf = async (tenant: Tenant, slug = "shop"): Promise<number> =>
  (
    await stack.sql.query("select rules_version from projects where org_id = $1 and slug = $2", [
      tenant.orgId,
      slug,
    ])
  ).rows[0].rules_version;

test("fields of the organization and of the project are replaced, safe ones stay", async () => {
  const tenant = await makeTenant(stack);
  expect((await tenant.call("PUT", org(tenant), { sensitiveFields: ["tenant_no"] })).status).toBe(
    200,
  );
  expect(await versionOf(tenant)).toBe(1);
  const own = { sensitiveFields: ["plate", "plate"], safeFields: ["extra.token"] };
  expect((await tenant.call("PUT", project(tenant), own)).status).toBe(200);
  expect(await tenant.get(project(tenant))).toMatchObject({
    sensitiveFields: ["plate"],
    safeFields: ["extra.token"],
  });
  expect(await tenant.get(org(tenant))).toMatchObject({
    sensitiveFields: ["tenant_no"],
    safeFields: [],
  });
  const extra = { tenantNo: "1", plate: "2", token: "3", deep: { token: "4" } };
  const rulesVersion = await versionOf(tenant);
  expect(rulesVersion).toBe(2);
  await deliverTo(stack, [messageOf(tenant, eventEnvelope({ extra }), { rulesVersion })]);
  await eventually(async () =>
    expect(await extrasOf(tenant)).toEqual([
      { tenantNo: "[Filtered]", plate: "[Filtered]", token: "3", deep: { token: "[Filtered]" } },
    ]),
  );
});

test("a new project follows its organization from its first event on", async () => {
  const tenant = await makeTenant(stack);
  await tenant.call("PUT", org(tenant), { safeFields: ["token"] });
  const team = await tenant.call("POST", `${org(tenant)}teams/`, { slug: "core" });
  expect(team.status).toBe(201);
  const made = await tenant.call("POST", `/api/0/teams/${tenant.slug}/core/projects/`, {
    name: "Later",
  });
  expect(made.status).toBe(201);
  expect(await versionOf(tenant, "later")).toBe(1);
});

test("what is no name and no way is refused and changes nothing", async () => {
  const tenant = await makeTenant(stack);
  for (const [path, body] of [
    [project(tenant), { name: "Other", sensitiveFields: ["tenant_no", "x"] }],
    [project(tenant), { safeFields: ["$string && a"] }],
    [org(tenant), { sensitiveFields: Array.from({ length: 101 }, (_, n) => `field_${n}x`) }],
  ] as const) {
    const answer = await changingNothing(stack.sql, path, () => tenant.call("PUT", path, body));
    expect(answer.status).toBe(422);
  }
});

test("settings are tried against an event, and nothing is stored", async () => {
  const tenant = await makeTenant(stack);
  await tenant.call("PUT", project(tenant), { sensitiveFields: ["plate"] });
  const event = { extra: { plate: "1", tenant_no: "2", password: "3" } };
  const preview = async (more: object) => {
    const at = `${project(tenant)}scrubbing-preview/`;
    const answer = await changingNothing(stack.sql, at, () =>
      tenant.call("POST", at, { event, ...more }),
    );
    expect(answer.status).toBe(200);
    const { event: kept, removed } = (await answer.json()) as {
      event: { extra: object };
      removed: { path: string; rules: string[] }[];
    };
    return [kept.extra, removed.map(({ path }) => path)];
  };
  const gone = "[Filtered]";
  expect(await preview({})).toEqual([
    { plate: gone, tenant_no: "2", password: gone },
    ["extra.plate", "extra.password"],
  ]);
  expect(await preview({ sensitiveFields: ["tenant_no"], dataScrubberDefaults: false })).toEqual([
    { plate: "1", tenant_no: gone, password: "3" },
    ["extra.tenant_no"],
  ]);
});
