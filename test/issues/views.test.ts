import { beforeEach, describe, expect, test } from "vitest";
import { deliverTo, messageOf } from "../deliver";
import { eventEnvelope, makeMember, makeTenant, type Tenant, useStack } from "../harness";
import { changingNothing } from "../state";

const stack = useStack();
let tenant: Tenant;
type Member = Awaited<ReturnType<typeof makeMember>>;
let member: Member;
let manager: Member;

type View = {
  id: string;
  name: string;
  query: string;
  isDefault: boolean;
  [more: string]: unknown;
};

beforeEach(async () => {
  tenant = await makeTenant(stack);
  member = await makeMember(stack, tenant, "member");
  manager = await makeMember(stack, tenant, "manager");
});

const ask = async <T = View>(
  method: string,
  path: string,
  body?: unknown,
  bearer = tenant.token,
): Promise<{ status: number; body: T }> => {
  const answer = await tenant.call(
    method,
    `/api/0/organizations/${tenant.slug}/${path}`,
    body,
    bearer,
  );
  const text = await answer.text();
  return { status: answer.status, body: (text === "" ? undefined : JSON.parse(text)) as T };
};
const views = "group-search-views/";
const add = async (body: object, bearer?: string) => {
  const { status, body: view } = await ask("POST", views, body, bearer);
  expect([status, view]).toEqual([201, view]);
  return view;
};
const named = async (path: string, bearer?: string) =>
  (await ask<View[]>("GET", path, undefined, bearer)).body.map(({ name }) => name);

test("a view keeps search, order, filters and columns, and gives them back", async () => {
  const given = {
    name: "Checkout",
    query: "is:unresolved level:error",
    querySort: "freq",
    columns: ["events", "seen"],
    projects: [tenant.projectId],
    environments: ["production"],
    timeFilters: { period: "24h" },
  };
  const made = await add(given);
  expect(made).toMatchObject({
    ...given,
    timeFilters: { period: "24h", start: null, end: null, utc: null },
    isAllProjects: false,
    visibility: "owner",
    starred: true,
    isDefault: false,
    stars: 1,
    mayChange: true,
    createdBy: { id: String(tenant.userId), name: "Ada" },
    lastVisited: null,
  });
  const renamed = await ask("PUT", `${views}${made.id}/`, { name: "Cart", columns: null });
  expect(renamed.body).toMatchObject({
    ...made,
    name: "Cart",
    columns: null,
    dateUpdated: expect.any(String),
  });
  expect((await ask("GET", `${views}${made.id}/`)).body).toEqual(renamed.body);
  expect(await named(`${views}?query=CAR`)).toEqual(["Cart"]);
  expect(await named(`${views}?query=nothing`)).toEqual([]);
  expect((await ask("POST", `${views}${made.id}/visit/`)).status).toBe(204);
  expect((await ask("GET", `${views}${made.id}/`)).body["lastVisited"]).toEqual(expect.any(String));
  expect((await ask("DELETE", `${views}${made.id}/`)).status).toBe(204);
  expect((await ask("GET", `${views}${made.id}/`)).status).toBe(404);
});

test("a private view is one's own, one of the organization is everybody's, and strangers see neither", async () => {
  const mine = await add({ name: "Mine" });
  const ours = await add({ name: "Ours", visibility: "organization" });
  expect(await named(views)).toEqual(["Mine", "Ours"]);
  expect(await named(views, member.token)).toEqual(["Ours"]);
  const hidden = await ask("GET", `${views}${mine.id}/`, undefined, member.token);
  expect([hidden.status, hidden.body]).toEqual([404, { detail: "Not Found" }]);
  const other = await makeTenant(stack);
  const strange = await other.call("GET", `/api/0/organizations/${other.slug}/${views}${ours.id}/`);
  expect(strange.status).toBe(404);
  const refused = (method: string, id: string, body?: object, bearer = member.token) =>
    changingNothing(stack.sql, "a view", () => ask(method, `${views}${id}/`, body, bearer));
  expect((await refused("PUT", ours.id, { name: "Taken" })).status).toBe(403);
  expect((await refused("DELETE", ours.id)).status).toBe(403);
  expect((await refused("PUT", mine.id, { name: "Taken" })).status).toBe(404);
  expect((await refused("PUT", ours.id, { visibility: "owner" }, manager.token)).status).toBe(403);
  expect((await ask("PUT", `${views}${ours.id}/`, { name: "All" }, manager.token)).status).toBe(
    200,
  );
});

test("what somebody else keeps from now on is no tab and no beginning of mine any longer", async () => {
  const ours = await add({ name: "Ours", visibility: "organization" });
  await ask("POST", `${views}${ours.id}/starred/`, { starred: true }, member.token);
  await ask("POST", `${views}${ours.id}/default/`, { isDefault: true }, member.token);
  expect(await named(`${views}starred/`, member.token)).toEqual(["Ours"]);
  await ask("PUT", `${views}${ours.id}/`, { visibility: "owner" });
  expect(await named(`${views}starred/`, member.token)).toEqual([]);
  expect(await named("searches/", member.token)).toEqual([]);
});

test("tabs have an order of each person's own", async () => {
  const [a, b, c] = [await add({ name: "A" }), await add({ name: "B" }), await add({ name: "C" })];
  expect(await named(`${views}starred/`)).toEqual(["A", "B", "C"]);
  await ask("PUT", `${views}starred-order/`, { viewIds: [c.id, a.id] });
  expect(await named(`${views}starred/`)).toEqual(["C", "A"]);
  await ask("POST", `${views}${b.id}/starred/`, { starred: true });
  await ask("POST", `${views}${a.id}/starred/`, { starred: false });
  expect(await named(`${views}starred/`)).toEqual(["C", "B"]);
  await ask("POST", `${views}${c.id}/starred/`, { starred: true });
  expect(await named(`${views}starred/`)).toEqual(["C", "B"]);
});

test("one view at a time is what a person begins with", async () => {
  const [a, b] = [await add({ name: "A" }), await add({ name: "B" })];
  await ask("POST", `${views}${a.id}/default/`, { isDefault: true });
  await ask("POST", `${views}${b.id}/default/`, { isDefault: true });
  const all = async () =>
    (await ask<View[]>("GET", views)).body.map(({ name, isDefault, starred }) => [
      name,
      isDefault,
      starred,
    ]);
  expect(await all()).toEqual([
    ["A", false, true],
    ["B", true, true],
  ]);
  await ask("POST", `${views}${b.id}/default/`, { isDefault: false });
  expect(await all()).toEqual([
    ["A", false, true],
    ["B", false, true],
  ]);
});

test("who leaves takes private views along; those of the organization stay, and nobody made them", async () => {
  await add({ name: "Private" }, member.token);
  const shared = await add({ name: "Shared", visibility: "organization" }, member.token);
  await ask("DELETE", `members/${member.memberId}/`);
  const { rows } = await stack.sql.query("select name from saved_views where org_id = $1", [
    tenant.orgId,
  ]);
  expect(rows).toEqual([{ name: "Shared" }]);
  expect((await ask("GET", `${views}${shared.id}/`)).body["createdBy"]).toBeNull();
});

describe("what nobody could open is not kept", () => {
  test.each([
    [{ name: "X", query: "!nosuchkey:1" }, 400, { position: 1, length: 11 }],
    [{ name: "X", query: "is:banana" }, 400, { position: 0, length: 9 }],
    [{ name: "X", querySort: "loudness" }, 400, { detail: "Unknown sort" }],
    [{ name: "X", projects: [999_999_999] }, 400, {}],
    [{ name: "X", timeFilters: { period: "soon" } }, 422, {}],
    [{ name: " " }, 422, {}],
    [{ query: "" }, 422, {}],
    [{ name: "X", visibility: "world" }, 422, {}],
  ])("%j", async (body, status, words) => {
    const refused = await changingNothing(stack.sql, "a view", () => ask("POST", views, body));
    expect([refused.status, refused.body]).toMatchObject([status, words]);
  });
});

test("the list takes what it is not asked from a view", async () => {
  const sent = [
    ["production", "One"],
    ["staging", "Two"],
    ["production", "Three"],
  ].map(([environment, type]) =>
    messageOf(
      tenant,
      eventEnvelope({ environment, exception: { values: [{ type, value: "x" }] } }),
    ),
  );
  await deliverTo(stack, sent);
  const view = await add({ name: "V", query: "!Three", environments: ["production"] });
  const titles = async (query: string) =>
    (await tenant.issues(`?${query}`)).map(({ title }) => title.split(":")[0]).toSorted();
  expect(await titles(`viewId=${view.id}`)).toEqual(["One"]);
  expect(await titles(`viewId=${view.id}&environment=staging`)).toEqual(["Two"]);
  expect(await titles(`viewId=${view.id}&query=`)).toEqual(["One", "Three", "Two"]);
  const missing = await ask("GET", "issues/?viewId=999999");
  expect(missing.status).toBe(404);
});

test("Sentry's older clients keep, pin and list searches", async () => {
  const kept = await ask("POST", "searches/", {
    type: 0,
    name: "Old",
    query: "is:new",
    sort: "freq",
  });
  expect([kept.status, kept.body]).toMatchObject([
    200,
    { name: "Old", query: "is:new", sort: "freq", type: 0, visibility: "owner", isPinned: false },
  ]);
  const pinned = await ask("PUT", "pinned-searches/", {
    type: 0,
    query: "level:error",
    sort: "new",
  });
  expect([pinned.status, pinned.body]).toMatchObject([
    201,
    { query: "level:error", sort: "new", visibility: "owner_pinned", isPinned: true },
  ]);
  const again = await ask("PUT", "pinned-searches/", { query: "level:fatal" });
  expect([again.body.id, again.body.query]).toEqual([pinned.body.id, "level:fatal"]);
  expect(await named("searches/")).toEqual(["My default", "Old"]);
  expect((await ask("DELETE", "pinned-searches/")).status).toBe(204);
  const { body: all } = await ask<View[]>("GET", "searches/");
  expect(all.map(({ isPinned }) => isPinned)).toEqual([false, false]);
  const renamed = await ask("PUT", `searches/${kept.body.id}/`, { name: "New" });
  expect(renamed.body.name).toBe("New");
  expect((await ask("DELETE", `searches/${kept.body.id}/`)).status).toBe(204);
});

describe("what was searched for lately", () => {
  const recent = async (query = "", bearer?: string) =>
    (await ask<{ query: string }[]>("GET", `recent-searches/${query}`, undefined, bearer)).body.map(
      (each) => each.query,
    );
  const search = (query: string) => ask("POST", "recent-searches/", { type: 0, query });

  test("comes each text once, the latest first, and is nobody else's", async () => {
    for (const query of ["one", "two", "one", "three", "four"]) await search(query);
    expect(await recent()).toEqual(["four", "three", "one"]);
    expect(await recent("?limit=10")).toEqual(["four", "three", "one", "two"]);
    expect(await recent("?query=T&limit=10")).toEqual(["three", "two"]);
    expect(await recent("", member.token)).toEqual([]);
  });

  test("is kept thirty searches long", async () => {
    await stack.sql.query(
      `insert into recent_searches (member_id, hash, query, searched_at)
       select id, n::text, 'q' || n, now() - make_interval(mins => n)
         from organization_members, generate_series(1, 40) n where org_id = $1 and user_id = $2`,
      [tenant.orgId, tenant.userId],
    );
    await search("latest");
    const kept = await recent("?limit=99");
    expect([kept.length, kept[0], kept.at(-1)]).toEqual([30, "latest", "q29"]);
  });

  test("needs a text and a person", async () => {
    const refused = await changingNothing(stack.sql, "a view", () => search("  "));
    expect(refused.status).toBe(422);
  });
});

test("a token of no person keeps views for the organization only, and has no tabs", async () => {
  const made = await ask<{ token: string }>("POST", "org-auth-tokens/", {
    name: "CI",
    scopes: ["event:read", "event:write"],
  });
  const { token } = made.body;
  const refused = await changingNothing(stack.sql, "a view", () =>
    ask("POST", views, { name: "X" }, token),
  );
  expect(refused.status).toBe(400);
  const view = await add({ name: "Ours", visibility: "organization" }, token);
  expect(view).toMatchObject({ createdBy: null, starred: false, mayChange: false });
  expect(await named(`${views}starred/`, token)).toEqual([]);
  for (const path of [`${views}${view.id}/starred/`, `${views}${view.id}/default/`]) {
    const body = path.includes("starred") ? { starred: true } : { isDefault: true };
    const answer = await changingNothing(stack.sql, "a view", () => ask("POST", path, body, token));
    expect([path, answer.status]).toEqual([path, 403]);
  }
});
