import { expect, test } from "vitest";
import { planIssues } from "../../src/issues/plan";
import { firstTagOf, lastTagOf, tagOf } from "../../src/issues/tag-queries";
import { newSegment } from "../../src/platform/segment";
import { deliverTo, messageOf } from "../deliver";
import { eventEnvelope, makeTenant, randomId, type Tenant, useStack } from "../harness";

const stack = useStack({
  bindings: {
    NEW_ISSUES_PER_HOUR: "3",
    NEW_RELEASES_PER_DAY: "2",
    NEW_ENVIRONMENTS_PER_DAY: "2",
  },
});
const unlimited = useStack({
  bindings: { NEW_ISSUES_PER_HOUR: "0", NEW_RELEASES_PER_DAY: "0", NEW_ENVIRONMENTS_PER_DAY: "0" },
});
const overflowTitle = "More new issues than this project may have in an hour";

const failure = (tenant: Tenant, type: string, more: Record<string, unknown> = {}) =>
  messageOf(tenant, eventEnvelope({ exception: { values: [{ type, value: "x" }] }, ...more }));
const deliver = async (messages: Uint8Array[]) => {
  const { outcome, retryMessages } = await deliverTo(stack, messages);
  expect([outcome, retryMessages]).toEqual(["ok", []]);
};
const countsOf = async (tenant: Tenant) =>
  (await tenant.issues()).map(({ title, count }) => [title, count]).toSorted();
const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);
/** As if the hour and the day of the project's counts were over. */
const nextDay = async ({ projectId }: Tenant) => {
  await stack.sql.query(
    "update issue_sequences set hour = hour - interval '1 hour' where project_id = $1",
    [projectId],
  );
  await stack.sql.query(
    "update sighting_counts set day = day - interval '1 day' where project_id = $1",
    [projectId],
  );
};

test("new issues beyond the limit of an hour share one overflow issue, are counted, and get their own later", async () => {
  const tenant = await makeTenant(stack);
  const messages = numbers(1, 5).map((n) => failure(tenant, `Kind${n}`));
  await deliver(messages);
  // Nothing of it changes when it comes again.
  await deliver(messages);
  await deliver([failure(tenant, "Kind1"), failure(tenant, "Kind6")]);
  expect(await countsOf(tenant)).toEqual([
    ["Kind1: x", "2"],
    ["Kind2: x", "1"],
    ["Kind3: x", "1"],
    [overflowTitle, "3"],
  ]);
  expect(await tenant.outcomes()).toEqual({
    "error accepted": 7,
    "issue filtered new_issues_limit": 3,
  });
  expect(await tenant.countEvents()).toBe(7);
  expect((await tenant.issues()).map(({ shortId }) => shortId).toSorted()).toEqual([
    "SHOP-1",
    "SHOP-2",
    "SHOP-3",
    "SHOP-4",
  ]);

  await nextDay(tenant);
  await deliver([failure(tenant, "Kind4"), failure(tenant, "Kind6")]);
  expect(await countsOf(tenant)).toEqual([
    ["Kind1: x", "2"],
    ["Kind2: x", "1"],
    ["Kind3: x", "1"],
    ["Kind4: x", "1"],
    ["Kind6: x", "1"],
    [overflowTitle, "3"],
  ]);
});

test("the overflow issue comes back when it was resolved, shows its events and says what it is", async () => {
  const tenant = await makeTenant(stack);
  await deliver(numbers(1, 4).map((n) => failure(tenant, `Kind${n}`, { tags: { n } })));
  const [overflow] = (await tenant.issues()).filter(({ title }) => title === overflowTitle);
  await tenant.call("PUT", `/api/0/issues/${overflow?.id}/`, { status: "resolved" });
  await deliver([failure(tenant, "Kind9", { user: { id: "1" } })]);
  expect(await tenant.get(`/api/0/issues/${overflow?.id}/`)).toMatchObject({
    status: "unresolved",
    count: "2",
    userCount: 1,
    level: "warning",
    type: "default",
    metadata: { title: overflowTitle, value: expect.stringContaining("next hour") },
  });
  const events = await tenant.get<{ title: string }[]>(`/api/0/issues/${overflow?.id}/events/`);
  expect(events.map(({ title }) => title)).toEqual(["Kind9: x", "Kind4: x"]);
  const { rows } = await stack.sql.query(
    "select change from issue_changes where issue_id = $1 order by id",
    [overflow?.id],
  );
  expect(rows.map(({ change }) => change)).toEqual(["created", "regressed"]);
});

test("many consumers at once make no issue more than the limit and one overflow issue", async () => {
  const tenant = await makeTenant(stack, { groupingVersion: "g2" });
  await Promise.all(
    numbers(0, 7).map((batch) =>
      deliver(numbers(1, 4).map((n) => failure(tenant, `Kind${batch}-${n}`))),
    ),
  );
  const counts = (await tenant.issues()).map(({ count }) => Number(count)).toSorted();
  expect(counts).toEqual([1, 1, 1, 29]);
  expect(await tenant.outcomes()).toEqual({
    "error accepted": 32,
    "issue filtered new_issues_limit": 29,
  });
  const { rows } = await stack.sql.query(
    "select count(*)::int as n from issue_hashes where project_id = $1",
    [tenant.projectId],
  );
  expect(rows).toEqual([{ n: 4 }]);
});

test("a project at its limit costs no other project its new issues", async () => {
  const [loud, quiet] = [await makeTenant(stack), await makeTenant(stack)];
  await deliver([
    ...numbers(1, 6).map((n) => failure(loud, `Kind${n}`)),
    ...numbers(1, 3).map((n) => failure(quiet, `Kind${n}`)),
  ]);
  expect(await quiet.issues()).toHaveLength(3);
  expect(await loud.issues()).toHaveLength(4);
});

test("releases and environments beyond the limit of a day stay on their events and are counted", async () => {
  const tenant = await makeTenant(stack);
  const message = (n: number) =>
    failure(tenant, "E", { release: `shop@${n}`, environment: `env-${n}` });
  await deliver(numbers(1, 4).map(message));
  await deliver([message(1), message(4)]);
  const versions = async () => {
    const { rows } = await stack.sql.query(
      `select r.version from releases r join release_projects p on p.release_id = r.id
        where p.project_id = $1 order by 1`,
      [tenant.projectId],
    );
    return rows.map(({ version }) => version);
  };
  const environments = async () =>
    (await tenant.get<{ name: string }[]>(`/api/0/projects/${tenant.slug}/shop/environments/`)).map(
      ({ name }) => name,
    );
  expect(await versions()).toEqual(["shop@1", "shop@2"]);
  expect(await environments()).toEqual(["env-1", "env-2"]);
  expect(await tenant.outcomes()).toEqual({
    "error accepted": 6,
    "release filtered new_releases_limit": 3,
    "environment filtered new_environments_limit": 3,
  });
  expect(await tenant.issues(`?query=${encodeURIComponent("release:shop@4")}`)).toHaveLength(1);

  await nextDay(tenant);
  await deliver([message(4)]);
  expect(await versions()).toEqual(["shop@1", "shop@2", "shop@4"]);
});

test("a release that another project of the organization has counts for each project that has it", async () => {
  const tenant = await makeTenant(stack);
  const { rows } = await stack.sql.query(
    "insert into projects (org_id, name, slug) values ($1, 'Web', 'web') returning id",
    [tenant.orgId],
  );
  const web = { ...tenant, projectId: Number(rows[0].id) };
  const release = (n: number) => ({ release: `r@${n}` });
  await deliver([1, 2].map((n) => failure(tenant, "E", release(n))));
  await deliver([1, 2, 3].map((n) => failure(web, "E", release(n))));
  await deliver([failure(tenant, "E", release(3))]);
  const links = await stack.sql.query(
    `select p.project_id::int as project, r.version from releases r join release_projects p on p.release_id = r.id
      where r.org_id = $1 order by 1, 2`,
    [tenant.orgId],
  );
  expect(links.rows).toEqual([
    { project: tenant.projectId, version: "r@1" },
    { project: tenant.projectId, version: "r@2" },
    { project: web.projectId, version: "r@1" },
    { project: web.projectId, version: "r@2" },
  ]);
});

test("0 means no limit", async () => {
  const tenant = await makeTenant(unlimited);
  await deliverTo(
    unlimited,
    numbers(1, 6).map((n) =>
      failure(tenant, `Kind${n}`, { release: `r@${n}`, environment: `e${n}` }),
    ),
  );
  expect(await tenant.issues()).toHaveLength(6);
  expect(await tenant.outcomes()).toEqual({ "error accepted": 6 });
});

// Found by trying: 40 bits of their MD5 are the same.
const [one, other] = ["v36245", "v721538"];

test("two values of a tag that share a number are one row, in one batch and in several", async () => {
  expect(tagOf("k", one)).toBe(tagOf("k", other));
  const tenant = await makeTenant(stack);
  await deliver([one, other, one].map((k) => failure(tenant, "E", { tags: { k } })));
  await deliver([failure(tenant, "E", { tags: { k: other } })]);
  const { rows } = await stack.sql.query(
    "select value, count from issue_tags where project_id = $1 and key = 'k'",
    [tenant.projectId],
  );
  expect(rows).toEqual([{ value: one, count: 4 }]);
});

test("two groups of one batch that find the same issue and bring values of one number are stored", async () => {
  const tenant = await makeTenant(stack);
  await deliver([failure(tenant, "A"), failure(tenant, "B")]);
  await stack.sql.query(
    `update issue_hashes set issue_id = (select min(issue_id) from issue_hashes where project_id = $1)
      where project_id = $1`,
    [tenant.projectId],
  );
  await deliver([
    failure(tenant, "A", { tags: { k: one } }),
    failure(tenant, "B", { tags: { k: other } }),
  ]);
  const { rows } = await stack.sql.query(
    "select count from issue_tags where project_id = $1 and key = 'k'",
    [tenant.projectId],
  );
  expect(rows).toEqual([{ count: 2 }]);
});

test("the number of a tag is what a migration makes of it in SQL, whatever is in it", async () => {
  const tags = [
    ["environment", "production"],
    ["k", ""],
    ["ключ", "значение"],
    ["k", '"\\{},\n'],
    ["k", "😀".repeat(50)],
  ] as const;
  for (const [key, value] of tags) {
    const { rows } = await stack.sql.query(
      "select (('x' || substr(md5($1), 1, 6) || substr(md5($2), 1, 10))::bit(64)::bigint)::text as tag",
      [key, value],
    );
    const tag = BigInt(tagOf(key, value));
    expect(rows[0].tag).toBe(String(tag));
    expect(tag >= BigInt(firstTagOf(key)) && tag <= BigInt(lastTagOf(key))).toBe(true);
  }
});

test("an issue counts a hundred keys of tags a week, and a hundred values of each, however they come", async () => {
  const tenant = await makeTenant(stack);
  const keysOf = (from: number) =>
    Object.fromEntries(numbers(from, from + 29).map((n) => [`key-${n}`, "x"]));
  const counted = async (condition: string) => {
    const { rows } = await stack.sql.query(
      `select count(distinct key)::int as keys, count(*)::int as rows from issue_tags where project_id = $1 and ${condition}`,
      [tenant.projectId],
    );
    return rows[0];
  };
  for (const from of [0, 30]) await deliver([failure(tenant, "E", { tags: keysOf(from) })]);
  await deliver(numbers(2, 9).map((n) => failure(tenant, "E", { tags: keysOf(n * 30) })));
  expect((await counted("true")).keys).toBe(100);
  // Ours have room beside those of the sender.
  await deliver([failure(tenant, "E", { tags: { ...keysOf(900), release: "late@1" } })]);
  expect(await counted("key = 'release'")).toEqual({ keys: 1, rows: 1 });
  expect((await counted("true")).keys).toBe(101);
  const { rows } = await stack.sql.query(
    "select key, value from issue_tags where project_id = $1 and key like 'key-%' limit 1",
    [tenant.projectId],
  );
  // What is counted goes on being counted, with new values too.
  const { key } = rows[0];
  await deliver([failure(tenant, "E", { tags: { [key]: "x" } })]);
  await deliver(numbers(1, 120).map((n) => failure(tenant, "E", { tags: { [key]: `v${n}` } })));
  expect(await counted(`key = '${key}'`)).toEqual({ keys: 1, rows: 100 });
  const known = await stack.sql.query(
    "select count from issue_tags where project_id = $1 and key = $2 and value = 'x'",
    [tenant.projectId, key],
  );
  expect(known.rows).toEqual([{ count: 2 }]);
  expect(await tenant.countEvents()).toBe(132);
});

test("a new issue of one batch alone is bounded in the same way", () => {
  const event = (n: number) => ({
    orgId: 1,
    projectId: 1,
    eventId: randomId(),
    receivedAt: Date.UTC(2026, 0, 1),
    happenedAt: Date.now(),
    groupings: { g2: { primary: "a1", secondary: [], explanation: {} as never } },
    summary: {
      type: "error" as const,
      title: "",
      culprit: "",
      metadata: {},
      level: "error" as const,
      platform: "node",
      searchText: "",
      tags: [
        ["same", `v${n}`],
        ["user.id", `${n}`],
        ...numbers(1, 20).map((k): [string, string] => [`k${n}-${k}`, "x"]),
      ] as [string, string][],
    },
    lines: [],
    payload: new Uint8Array(0),
  });
  const events = numbers(1, 150).map(event);
  const segment = newSegment("s");
  const { tags } = planIssues(events, segment, {
    knownHashes: new Map(),
    projectsOnG1: new Set(),
  });
  expect(new Set(tags.map(({ key }) => key)).size).toBe(100);
  expect(tags.filter(({ key }) => key === "same")).toHaveLength(100);
  expect(tags.filter(({ key }) => key === "user.id")).toHaveLength(20);
});

test("people of an issue are counted exactly up to ten thousand, and then no more rows are made", async () => {
  const tenant = await makeTenant(stack);
  await deliver([failure(tenant, "E", { user: { id: "a" } })]);
  const [issue] = await tenant.issues();
  await stack.sql.query("update issues set user_count = 10000 where id = $1", [issue?.id]);
  await deliver([failure(tenant, "E", { user: { id: "b" } })]);
  const { rows } = await stack.sql.query(
    "select count(*)::int as n from issue_users where issue_id = $1",
    [issue?.id],
  );
  expect(rows).toEqual([{ n: 1 }]);
  expect(await tenant.issues()).toMatchObject([{ count: "2", userCount: 10_000 }]);
});

test("an issue is led to by a hundred hashes at most, and is still found by those it has", async () => {
  const tenant = await makeTenant(stack, { groupingVersion: "g2" });
  const frames = (inApp: number) =>
    numbers(0, 9).map((n) => ({
      filename: `/app/step_${n}.js`,
      function: `step_${n}`,
      in_app: ((inApp >> n) & 1) === 1,
    }));
  const event = (inApp: number) =>
    messageOf(
      tenant,
      eventEnvelope({
        exception: {
          values: [{ type: "CartError", value: "x", stacktrace: { frames: frames(inApp) } }],
        },
      }),
    );
  await deliver([event(1)]);
  for (const first of [2, 72]) await deliver(numbers(first, first + 69).map(event));
  const { rows } = await stack.sql.query(
    "select count(*)::int as n from issue_hashes where project_id = $1",
    [tenant.projectId],
  );
  // Two of the first, and seventy of each batch that found room.
  expect(rows).toEqual([{ n: 142 }]);
  await deliver(numbers(142, 211).map(event));
  const after = await stack.sql.query(
    "select count(*)::int as n from issue_hashes where project_id = $1",
    [tenant.projectId],
  );
  expect(after.rows).toEqual(rows);
  expect(await tenant.issues()).toMatchObject([{ count: "211" }]);
});
