import { beforeAll, expect, test } from "vitest";
import { stepOf } from "../../src/issues/issue-numbers";
import { deliverTo, messageOf } from "../deliver";
import { eventEnvelope, makeTenant, type Tenant, useStack } from "../harness";

const stack = useStack();
let tenant: Tenant;
const hour = 3_600_000;
const now = Date.now();

type Numbers = {
  id: string;
  count: string;
  userCount: number;
  firstSeen: string | null;
  lastSeen: string | null;
  isCapped: boolean;
  intervalSeconds: number;
  series: [number, number][];
  people: [number, number][];
  lifetime: object;
};
const sum = (series: [number, number][]) => series.reduce((all, [, count]) => all + count, 0);
const micros = (ms: number) =>
  new Date(ms)
    .toISOString()
    .replace(/(\.\d{3})Z/, "$1000Z")
    .replace(".000000", "");
const org = () => `/api/0/organizations/${tenant.slug}/`;

/** Of the first issue an event every two hours, of three people by turns, every third of staging; one of the second. */
beforeAll(async () => {
  tenant = await makeTenant(stack);
  const messages = Array.from({ length: 12 }, (_, n) =>
    messageOf(
      tenant,
      eventEnvelope({
        exception: {
          values: [{ type: "First", value: "x", mechanism: { type: "m", handled: false } }],
        },
        user: { id: `u${n % 3}` },
        environment: n % 3 === 0 ? "staging" : "production",
      }),
      { receivedAt: now - n * 2 * hour },
    ),
  );
  const other = eventEnvelope({ exception: { values: [{ type: "Second", value: "x" }] } });
  await deliverTo(stack, [...messages, messageOf(tenant, other, { receivedAt: now - hour })]);
});

test("events and people of an issue over time obey period and environment", async () => {
  const ask = async (query: string) => {
    const found = await tenant.get<Numbers>(`/api/0/issues/SHOP-1/stats/?${query}`);
    expect(new Set(found.series.map(([at]) => at % found.intervalSeconds))).toEqual(new Set([0]));
    return [
      Number(found.count),
      found.userCount,
      sum(found.series),
      found.series.length,
      found.intervalSeconds,
    ];
  };
  // As many in SQL.
  const { rows } = await stack.sql.query(
    `select count(*)::int as count, count(distinct user_hash)::int as people from events e join issues i on i.id = e.issue_id
      where i.project_id = $1 and i.short_number = 1 and e.environment = (
        select tag from issue_tags t where t.project_id = $1 and key = 'environment' and value = 'production' limit 1)`,
    [tenant.projectId],
  );
  expect(await ask("environment=production")).toEqual([
    rows[0].count,
    rows[0].people,
    8,
    57,
    21_600,
  ]);
  expect(await ask("environment=staging")).toEqual([4, 1, 4, 57, 21_600]);
  expect(await ask("environment=staging&environment=production&statsPeriod=5d")).toEqual([
    12, 3, 12, 121, 3600,
  ]);
  expect(await ask("statsPeriod=90d")).toEqual([12, 3, 12, 91, 86_400]);
  expect((await ask("statsPeriod=3h")).slice(0, 3)).toEqual([2, 2, 2]);
  expect(
    (await ask(`start=${new Date(now - 9 * hour).toISOString()}&end=now-3h`)).slice(0, 2),
  ).toEqual([3, 3]);
  const people = await tenant.get<Numbers>("/api/0/issues/SHOP-1/stats/?statsPeriod=3h");
  expect(sum(people.people)).toBe(2);
});

test("numbers of several issues come at once, inside the filter and in all", async () => {
  const ids = (await tenant.issues("?sort=first_seen")).map(({ id }) => id);
  const [first = "", second = ""] = ids;
  const found = await tenant.get<Numbers[]>(
    `${org()}issues-stats/?groups=${second}&groups=${first}&groups=999999&statsPeriod=5h&environment=production`,
  );
  expect(found).toMatchObject([
    { id: second, count: "0", userCount: 0, firstSeen: null, lastSeen: null },
    {
      id: first,
      count: "2",
      userCount: 2,
      firstSeen: micros(now - 4 * hour),
      lastSeen: micros(now - 2 * hour),
      isCapped: false,
      lifetime: { count: "12", userCount: 3 },
    },
  ]);
  const other = await makeTenant(stack);
  expect(
    await other.get(`/api/0/organizations/${other.slug}/issues-stats/?groups=${first}`),
  ).toEqual([]);
});

test("a long or a backward period, an unnamed environment, too many issues and strangers are refused", async () => {
  const other = await makeTenant(stack);
  const refused: [path: string, status: number, bearer?: string][] = [
    ["/api/0/issues/SHOP-1/stats/?start=2001-01-01", 422],
    ["/api/0/issues/SHOP-1/stats/?start=now-1h&end=now-2h", 422],
    ["/api/0/issues/SHOP-1/stats/?environment=", 400],
    ["/api/0/issues/SHOP-9/stats/", 404],
    ["/api/0/issues/SHOP-1/stats/", 404, other.token],
    [
      `${org()}issues-stats/?${Array.from({ length: 101 }, (_, n) => `groups=${n + 1}`).join("&")}`,
      422,
    ],
    [`${org()}issues-stats/?groups=1`, 404, other.token],
  ];
  for (const [path, status, bearer] of refused) {
    expect([path, (await tenant.call("GET", path, undefined, bearer)).status]).toEqual([
      path,
      status,
    ]);
  }
});

test("a period has some hundred steps at most", () => {
  for (const days of [0, 0.01, 0.25, 1, 7, 8, 31, 32, 90, 400]) {
    const steps = (days * 86_400) / stepOf(new Date(0), new Date(days * 86_400_000));
    expect([days, steps <= 400]).toEqual([days, true]);
  }
});

test("a row of the list says who caught it, where it was seen, what state it is in, and its days", async () => {
  const read = async (query = "") =>
    (await tenant.issues(`?sort=first_seen${query}`)).map(
      ({ isUnhandled, substatus, environments }) => [isUnhandled, substatus, environments],
    );
  expect(await read()).toEqual([
    [true, "new", ["production", "staging"]],
    [false, "new", []],
  ]);
  const [first] = await tenant.issues("?sort=first_seen&groupStatsPeriod=14d");
  const stats = first?.stats as Record<string, [number, number][]>;
  expect([stats["24h"]?.length, stats["14d"]?.length, sum(stats["14d"] ?? [])]).toEqual([
    24, 14, 12,
  ]);
  await tenant.call("PUT", "/api/0/issues/SHOP-1/", { status: "resolved" });
  expect((await read())[0]?.[1]).toBeNull();
  const again = eventEnvelope({ exception: { values: [{ type: "First", value: "x" }] } });
  await deliverTo(stack, [messageOf(tenant, again, { receivedAt: now })]);
  expect((await read())[0]?.[1]).toBe("regressed");
  await tenant.call("PUT", "/api/0/issues/SHOP-1/", { status: "ignored" });
  await tenant.call("PUT", "/api/0/issues/SHOP-1/", { status: "unresolved" });
  expect((await read())[0]?.[1]).toBe("new");
});
