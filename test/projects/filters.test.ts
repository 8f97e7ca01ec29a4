import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { scopes } from "../../src/access/schemas";
import { deliverTo, messageOf } from "../deliver";
import { eventEnvelope, eventually, makeTenant, type Tenant, useStack } from "../harness";
import { changingNothing } from "../state";

const stack = useStack();

const path = ({ slug }: Tenant) => `/api/0/projects/${slug}/shop/`;
type Filters = { id: string; active: boolean | string[] }[];
const activeOf = async (tenant: Tenant) =>
  Object.fromEntries(
    (await tenant.get<Filters>(`${path(tenant)}filters/`)).map(({ id, active }) => [id, active]),
  );
const optionsOf = async (tenant: Tenant) =>
  (await tenant.get<{ options: Record<string, unknown> }>(path(tenant))).options;
const off = {
  "browser-extensions": false,
  localhost: false,
  "filtered-transaction": false,
  "legacy-browsers": false,
  "web-crawlers": false,
};

async function sentryToken(tenant: Tenant): Promise<string> {
  const token = `sntryu_${randomBytes(32).toString("hex")}`;
  await tenant.addToken(token, scopes);
  return token;
}

test("filters are switched one by one, browsers by their ids, in both dialects", async () => {
  const tenant = await makeTenant(stack);
  const token = await sentryToken(tenant);
  expect(await activeOf(tenant)).toEqual(off);
  const put = async (id: string, body: object) =>
    (await tenant.call("PUT", `${path(tenant)}filters/${id}/`, body, token)).status;
  expect(await put("web-crawlers", { active: true })).toBe(204);
  expect(await put("localhost", { active: "true" })).toBe(204);
  expect(await put("legacy-browser", { subfilters: ["ie", "ie9", "ie"] })).toBe(204);
  const on = {
    ...off,
    "web-crawlers": true,
    localhost: true,
    "legacy-browsers": ["ie", "ie9"],
  };
  expect(await activeOf(tenant)).toEqual(on);
  const asSentry = await tenant.call("GET", `${path(tenant)}filters/`, undefined, token);
  expect(await asSentry.json()).toEqual(Object.entries(on).map(([id, active]) => ({ id, active })));
  expect(await put("legacy-browsers", { active: true })).toBe(204);
  expect(await put("localhost", { active: false })).toBe(204);
  expect(await activeOf(tenant)).toEqual({
    ...on,
    localhost: false,
    "legacy-browsers": true,
  });
  expect(await put("legacy-browsers", { subfilters: [] })).toBe(204);
  expect((await activeOf(tenant))["legacy-browsers"]).toBe(false);
});

test("options are texts of lines; those that are left out stay, and the log says what changed", async () => {
  const tenant = await makeTenant(stack);
  const token = await sentryToken(tenant);
  const edit = async (options: object) =>
    (await tenant.call("PUT", path(tenant), { options }, token)).status;
  expect(await edit({ "filters:error_messages": " *Timeout*\n\nDisk * \n" })).toBe(200);
  expect(
    await edit({ "filters:blacklisted_ips": "10.0.0.0/8", "filters:chunk-load-error": true }),
  ).toBe(200);
  expect(await optionsOf(tenant)).toEqual({
    "filters:blacklisted_ips": "10.0.0.0/8",
    "filters:releases": "",
    "filters:error_messages": "*Timeout*\nDisk *",
    "filters:error_types": "",
    "filters:user_agents": "",
    "filters:countries": "",
    "filters:chunk-load-error": true,
    "filters:react-hydration-errors": false,
  });
  const org = `/api/0/organizations/${tenant.slug}/`;
  const [newest] = await tenant.get<{ event: string; data: object }[]>(`${org}audit-logs/?limit=1`);
  expect(newest?.data).toEqual({
    before: { "filters:blacklisted_ips": false, "filters:chunk-load-error": false },
    after: { "filters:blacklisted_ips": ["10.0.0.0/8"], "filters:chunk-load-error": true },
  });
});

describe("what cannot be followed is refused with words and changes nothing", () => {
  test.each<[string, object, number, string]>([
    ["", { options: { "filters:blacklisted_ips": "10.0.0.0/8\n10.0.0.0/99" } }, 422, "line 2"],
    ["", { options: { "filters:error_messages": "ok\n\n{a" } }, 422, "line 3 has a {"],
    ["", { options: { "filters:releases": "a".repeat(501) } }, 422, "line 1 is longer than 500"],
    ["", { options: { "filters:releases": "a\n".repeat(201) } }, 422, "more than 200 lines"],
    ["", { options: { "filters:releases": "a".repeat(4001) } }, 422, "4000"],
    ["", { options: { "filters:countries": "Peru" } }, 422, "two letters"],
    ["", { options: { "filters:nothing": "x" } }, 422, "filters:nothing"],
    ["", { name: "Renamed", options: { "filters:chunk-load-error": "perhaps" } }, 422, "boolean"],
    ["filters/nothing/", { active: true }, 404, ""],
    ["filters/constructor/", { active: true }, 404, ""],
    ["filters/localhost/", { subfilters: ["ie"] }, 422, "localhost has none"],
    ["filters/legacy-browsers/", { subfilters: ["netscape"] }, 422, "subfilters"],
    ["filters/localhost/", {}, 422, "active or subfilters"],
    ["filters/legacy-browsers/", { active: true, subfilters: [] }, 422, "active or subfilters"],
  ])("%s %j", async (below, body, status, words) => {
    const tenant = await makeTenant(stack);
    const answer = await changingNothing(stack.sql, below, () =>
      tenant.call("PUT", `${path(tenant)}${below}`, body),
    );
    expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining(words)]);
  });
});

const failure = (type: string, more: object = {}) =>
  eventEnvelope({ exception: { values: [{ type, value: "x" }] }, ...more });

test("what filters drop is answered 200, counted once with its reason, and is no issue", async () => {
  const tenant = await makeTenant(stack);
  const options = { "filters:error_types": "Boring*", "filters:releases": "0.*" };
  expect((await tenant.call("PUT", path(tenant), { options })).status).toBe(200);
  for (const body of [failure("BoringError"), failure("E", { release: "0.9" }), failure("Kept")]) {
    expect((await tenant.send(body)).status).toBe(200);
  }
  await eventually(async () =>
    expect(await tenant.outcomes()).toEqual({
      "error accepted": 1,
      "error filtered error-type": 1,
      "error filtered release-version": 1,
    }),
  );
  expect((await tenant.issues()).map(({ title }) => title)).toEqual(["Kept: x"]);
  expect(await tenant.countEvents()).toBe(1);
});

test("a message follows rules that are at least as new as it says, is counted once at every delivery, and those of others are theirs", async () => {
  const [tenant, other] = [await makeTenant(stack), await makeTenant(stack)];
  const edit = (options: object) => tenant.call("PUT", path(tenant), { options });
  const versionOf = async ({ projectId }: Tenant) =>
    (await stack.sql.query("select rules_version as v from projects where id = $1", [projectId]))
      .rows[0].v;
  const deliver = async (messages: Uint8Array[]) => {
    const { outcome, retryMessages } = await deliverTo(stack, messages);
    expect([outcome, retryMessages]).toEqual(["ok", []]);
  };
  await edit({ "filters:error_types": "A" });
  expect([await versionOf(tenant), await versionOf(other)]).toEqual([1, 0]);
  const first = messageOf(tenant, failure("A"), { rulesVersion: 1 });
  await deliver([first, messageOf(tenant, failure("B"), { rulesVersion: 1 })]);
  await deliver([first]);
  await edit({ "filters:error_types": "B" });
  await deliver([messageOf(tenant, failure("B"), { rulesVersion: 2 })]);
  await deliver([messageOf(other, failure("B"))]);
  // Such as a copy of the database brings, which is older than what is on the queue.
  await deliver([messageOf(tenant, failure("B"), { rulesVersion: 99 })]);
  expect(await tenant.outcomes()).toEqual({
    "error accepted": 1,
    "error filtered error-type": 3,
  });
  expect(await other.outcomes()).toEqual({ "error accepted": 1 });
});
