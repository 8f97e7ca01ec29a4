import { beforeAll, expect, test } from "vitest";
import { eventEnvelope, eventually, makeTenant, randomId, type Tenant, useStack } from "./harness";
import { changingNothing } from "./state";

/** What clients ask lists for is answered or refused with words: never left out without one. */
const stack = useStack();
let tenant: Tenant;
let org: string;
let issue: string;
const ids = [randomId(), randomId(), randomId()];

beforeAll(async () => {
  tenant = await makeTenant(stack);
  org = `/api/0/organizations/${tenant.slug}/`;
  for (const [index, event_id] of ids.entries()) {
    await tenant.send(eventEnvelope({ environment: "production", release: "a@1" }, { event_id }));
    await eventually(async () => expect(await tenant.countEvents()).toBe(index + 1));
  }
  issue = (await tenant.issues())[0]?.id ?? "";
  // One a day, the first one yesterday.
  for (const [index, id] of ids.entries()) {
    await stack.sql.query(
      "update events set received_at = date_trunc('hour', now()) - make_interval(days => $2) where event_id = $1::uuid",
      [id, index + 1],
    );
  }
});

const eventLists = () => [
  `/api/0/issues/${issue}/events/`,
  `${org}issues/${issue}/events/`,
  `/api/0/projects/${tenant.slug}/shop/events/`,
];
const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString();

test("events are found by id and by time", async () => {
  const [first = "", second = "", third = ""] = ids;
  const cases: [query: string, expected: string[]][] = [
    ["", [first, second, third]],
    [`query=${second}`, [second]],
    [`query=id:${second.toUpperCase()}`, [second]],
    [`query=id:[${third},${first}]`, [first, third]],
    [`query=${randomId()}`, []],
    ["statsPeriod=47h", [first]],
    [`start=${day(2.5)}&end=${day(1.5)}`, [second]],
    [`end=${day(1.5)}&query=id:[${third},${first}]`, [third]],
    ["query=&sort=-timestamp&sample=false&full=true", [first, second, third]],
  ];
  for (const path of eventLists()) {
    for (const [query, expected] of cases) {
      const found = await tenant.get<{ id: string }[]>(`${path}?${query}`);
      expect([query, found.map(({ id }) => id)]).toEqual([query, expected]);
    }
  }
  const other = await makeTenant(stack);
  const path = `/api/0/projects/${other.slug}/shop/events/?query=${first}`;
  expect(await other.get(path)).toEqual([]);
});

test("what is of the issue tells no event from another, and says so", async () => {
  const refused: [query: string, status: number][] = [
    ["query=is:unresolved", 400],
    ["query=firstSeen:-24h", 400],
    ["query=!id:x", 400],
    ["query=id:x", 400],
    ["query=error.handled:maybe", 400],
    ["environment=", 400],
    ["sort=timestamp", 422],
    ["sample=true", 422],
    ["start=yesterday", 422],
  ];
  for (const path of eventLists()) {
    for (const [query, status] of refused) {
      const answer = await tenant.call("GET", `${path}?${query}`);
      expect([path, query, answer.status]).toEqual([path, query, status]);
      expect(JSON.stringify(await answer.json())).toMatch(
        /id|newest|ISO|is of the issue|true|name/,
      );
    }
  }
});

test("doors that count answer for the environments that they are asked for", async () => {
  const at = `/api/0/issues/${issue}/`;
  for (const [query, count] of [
    ["", 3],
    ["?environment=production", 3],
    ["?environment=elsewhere", 0],
  ] as const) {
    const found = await tenant.get<{ count: string }>(`${at}${query}`);
    expect([query, Number(found.count)]).toEqual([query, count]);
    const tags = await tenant.get<{ totalValues: number }[]>(`${at}tags/${query}`);
    expect([query, Math.max(0, ...tags.map(({ totalValues }) => totalValues))]).toEqual([
      query,
      count,
    ]);
  }
});

test("several keys of tags are all answered", async () => {
  const keysOf = async (query: string) =>
    (await tenant.get<{ key: string }[]>(`/api/0/issues/${issue}/tags/?${query}`)).map(
      ({ key }) => key,
    );
  expect(await keysOf("key=environment")).toEqual(["environment"]);
  const all = await keysOf("");
  expect(all.length).toBeGreaterThan(1);
  expect(await keysOf(all.map((key) => `key=${key}`).join("&"))).toEqual(all);
});

test("a change has no pages: one that names a part is refused and changes nothing", async () => {
  for (const path of [`${org}issues/`, `/api/0/projects/${tenant.slug}/shop/issues/`]) {
    for (const query of ["limit=1", "per_page=1", "cursor=x", "viewId=7", "hashes=a"]) {
      const refused = await changingNothing(stack.sql, query, () =>
        tenant.call("PUT", `${path}?query=level:error&${query}`, { status: "resolved" }),
      );
      expect([query, refused.status]).toEqual([query, 422]);
    }
  }
});

test("a status beside the search narrows a list and a change, and an unknown one is 400", async () => {
  for (const path of [`${org}issues/`, `/api/0/projects/${tenant.slug}/shop/issues/`]) {
    const numberOf = async (query: string) => (await tenant.get<object[]>(path + query)).length;
    expect(await numberOf("?status=unresolved")).toBe(1);
    expect(await numberOf("?status=resolved&query=level:error")).toBe(0);
    expect((await tenant.call("GET", `${path}?status=open`)).status).toBe(400);
    const change = (query: string, status: string) => tenant.call("PUT", path + query, { status });
    const untouched = await changingNothing(stack.sql, path, () =>
      change("?status=resolved", "ignored"),
    );
    expect(untouched.status).toBe(200);
    expect((await change("?status=open", "ignored")).status).toBe(400);
    // By itself it says which ones.
    expect((await change("?status=unresolved", "ignored")).status).toBe(200);
    expect(await numberOf("?status=muted")).toBe(1);
    expect((await change("?status=ignored&query=level:error", "unresolved")).status).toBe(200);
    expect(await numberOf("?status=unresolved")).toBe(1);
  }
});

test("lists of things with names are searched by words, and refuse keys that they do not know", async () => {
  const second = await makeTenant(stack);
  await stack.sql.query("update organizations set name = 'Zebra 100% Ltd' where id = $1", [
    second.orgId,
  ]);
  // One person in two organizations, an owner of one of them.
  await stack.sql.query(
    "insert into organization_members (org_id, user_id, role) values ($1, $2, 'member')",
    [second.orgId, tenant.userId],
  );
  await stack.sql.query("insert into teams (org_id, slug) values ($1, 'core'), ($1, 'web')", [
    tenant.orgId,
  ]);
  await stack.sql.query(
    "insert into organization_members (org_id, role, email) values ($1, 'member', 'guest@example.com')",
    [tenant.orgId],
  );
  await stack.sql.query(
    `insert into project_teams (project_id, team_id)
     select $1, id from teams where org_id = $2 and slug = 'core'`,
    [tenant.projectId, tenant.orgId],
  );
  const call = async (path: string) => {
    const answer = await tenant.call("GET", path);
    const body = (await answer.json()) as Record<string, string>[];
    return answer.status === 200 ? body.map((each) => each.slug ?? each.email) : answer.status;
  };
  const lists: [path: string, query: string, expected: unknown][] = [
    ["/api/0/organizations/", "query=zebra", [second.slug]],
    ["/api/0/organizations/", "query=100%25%20LTD", [second.slug]],
    ["/api/0/organizations/", "query=zebra%20nobody", []],
    ["/api/0/organizations/", "query=%25", [second.slug]],
    ["/api/0/organizations/", "query=&owner=&sortBy=", [tenant.slug, second.slug]],
    ["/api/0/organizations/", "owner=1", [tenant.slug]],
    ["/api/0/organizations/", "owner=false", [tenant.slug, second.slug]],
    ["/api/0/organizations/", "sortBy=members", 422],
    ["/api/0/organizations/", "query=status:active", 400],
    [`${org}projects/`, "query=SHO", ["shop"]],
    [`${org}projects/`, "query=team:core%20shop", ["shop"]],
    [`${org}projects/`, "query=team:core%20other", []],
    [`${org}projects/`, "query=platform:python", 400],
    [`/api/0/teams/${tenant.slug}/core/projects/`, "query=nothing", []],
    ["/api/0/projects/", "query=shop", ["shop", "shop"]],
    ["/api/0/projects/", "query=nothing", []],
    [`${org}teams/`, "query=or", ["core"]],
    [`${org}teams/`, "query=slug:core", 400],
    [`/api/0/projects/${tenant.slug}/shop/teams/`, "query=web", []],
    [`${org}members/`, "query=guest", ["guest@example.com"]],
    [`${org}members/`, "query=role:owner", 400],
    [`/api/0/teams/${tenant.slug}/core/members/`, "query=guest", []],
    [`${org}audit-logs/`, "statsPeriod=1d", 422],
  ];
  for (const [path, query, expected] of lists) {
    expect([path, query, await call(`${path}?${query}`)]).toEqual([path, query, expected]);
  }
});
