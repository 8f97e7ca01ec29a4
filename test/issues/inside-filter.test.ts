import { beforeAll, expect, test } from "vitest";
import { hashToken } from "../../src/access/token";
import { deliverTo, messageOf } from "../deliver";
import { eventEnvelope, makeTenant, newToken, type Tenant, useStack } from "../harness";
import { noteSecret } from "../secrets";

const stack = useStack();
let tenant: Tenant;
let sentryToken: string;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
// In the middle of an hour, so that none of the events is at an edge.
const now = Math.floor(Date.now() / hourMs) * hourMs - hourMs / 2;

type Sent = { type: string; hoursAgo: number; environment: string; user: string };
/**
 * Grown: once before the last day, 30 times on it. Steady: 20 times on both days. Moved: staging long ago, production now.
 */
const sent: Sent[] = [
  { type: "Grown", hoursAgo: 40, environment: "production", user: "a" },
  ...Array.from({ length: 30 }, (_, n) => ({
    type: "Grown",
    hoursAgo: 1 + (n % 10),
    environment: n % 3 === 0 ? "staging" : "production",
    user: `u${n % 4}`,
  })),
  ...Array.from({ length: 40 }, (_, n) => ({
    type: "Steady",
    hoursAgo: 2 + n,
    environment: "production",
    user: `s${n % 7}`,
  })),
  { type: "Moved", hoursAgo: 20 * 24, environment: "staging", user: "a" },
  { type: "Moved", hoursAgo: 1, environment: "production", user: "b" },
];

beforeAll(async () => {
  tenant = await makeTenant(stack);
  sentryToken = `sntryu_${newToken()}`;
  noteSecret(sentryToken);
  await stack.sql.query(
    `insert into api_tokens (token_hash, user_id, scopes)
     select $1, user_id, scopes from api_tokens where token_hash = $2`,
    [hashToken(sentryToken), hashToken(tenant.token)],
  );
  const messages = sent.map(({ type, hoursAgo, environment, user }) =>
    messageOf(
      tenant,
      eventEnvelope({
        exception: { values: [{ type, value: "x" }] },
        environment,
        user: { id: user },
      }),
      { receivedAt: now - hoursAgo * hourMs },
    ),
  );
  await deliverTo(stack, messages);
});

type Numbers = { count: string; userCount: number; firstSeen: string; lastSeen: string };
type Row = Numbers & {
  title: string;
  stats: Record<string, [number, number][]>;
  lifetime?: Numbers;
  filtered?: Numbers | null;
  isEstimate?: boolean;
};
const typeOf = ({ title }: { title: string }) => title.split(":")[0] ?? "";
const list = async (query: string, bearer = tenant.token): Promise<Row[]> => {
  const answer = await tenant.call(
    "GET",
    `/api/0/organizations/${tenant.slug}/issues/${query}`,
    undefined,
    bearer,
  );
  expect([query, answer.status]).toEqual([query, 200]);
  return (await answer.json()) as Row[];
};
const only = async (type: string, query: string, bearer?: string) => {
  const found = (await list(query, bearer)).filter((row) => typeOf(row) === type);
  return found[0];
};

/** What a look at every event comes to. */
function recount(type: string, holds: (event: Sent) => boolean) {
  const events = sent.filter((event) => event.type === type && holds(event));
  const times = events.map(({ hoursAgo }) => now - hoursAgo * hourMs);
  return {
    count: String(events.length),
    userCount: new Set(events.map(({ user }) => user)).size,
    firstSeen: new Date(Math.min(...times)).toISOString().replace(".000Z", "Z"),
    lastSeen: new Date(Math.max(...times)).toISOString().replace(".000Z", "Z"),
  };
}
const numbersOf = ({ count, userCount, firstSeen, lastSeen }: Numbers) => ({
  count,
  userCount,
  firstSeen,
  lastSeen,
});

test.each([
  ["environment=staging", (event: Sent) => event.environment === "staging"],
  ["statsPeriod=24h", (event: Sent) => now - event.hoursAgo * hourMs >= Date.now() - dayMs],
  [
    "environment=production&statsPeriod=5h",
    (event: Sent) =>
      event.environment === "production" &&
      now - event.hoursAgo * hourMs >= Date.now() - 5 * hourMs,
  ],
  [
    "environment=staging&environment=production&start=now-9h&end=now-3h",
    (event: Sent) =>
      now - event.hoursAgo * hourMs >= Date.now() - 9 * hourMs &&
      now - event.hoursAgo * hourMs <= Date.now() - 3 * hourMs,
  ],
])("a row counts what is inside %s, and beside it all there ever was", async (filter, holds) => {
  for (const type of ["Grown", "Steady"]) {
    const expected = sent.some((event) => event.type === type && holds(event))
      ? recount(type, holds)
      : undefined;
    const row = await only(type, `?${filter}`);
    expect([type, row && numbersOf(row)]).toEqual([type, expected]);
    if (!row) continue;
    expect(numbersOf(row.lifetime ?? row)).toEqual(recount(type, () => true));
    expect(row.isEstimate).toBe(false);
    const sentry = await only(type, `?query=&${filter}`, sentryToken);
    expect(sentry?.filtered && numbersOf(sentry.filtered)).toEqual(expected);
    expect(sentry?.lifetime && numbersOf(sentry.lifetime)).toEqual(recount(type, () => true));
  }
});

test("the hours of a row are those of its environments", async () => {
  const row = await only("Grown", "?environment=staging");
  const sum = row?.stats["24h"]?.reduce((all, [, count]) => all + count, 0);
  expect(sum).toBe(10);
});

test("an issue that was in an environment long ago and is elsewhere now is not of both", async () => {
  const types = async (query: string) => (await list(query)).map(typeOf).toSorted();
  expect(await types("?environment=staging")).toEqual(["Grown", "Moved"]);
  expect(await types("?environment=staging&statsPeriod=24h")).toEqual(["Grown"]);
  expect(await types("?environment=staging&end=now-10d")).toEqual(["Moved"]);
  expect(await types("?environment=production&statsPeriod=24h")).toEqual([
    "Grown",
    "Moved",
    "Steady",
  ]);
});

test("without a filter, or where nobody wants them counted, a row has the numbers of the whole issue", async () => {
  const whole = recount("Grown", () => true);
  const plain = await only("Grown", "");
  expect(plain && [numbersOf(plain), plain.lifetime, plain.filtered]).toEqual([
    whole,
    undefined,
    undefined,
  ]);
  const quick = await only("Grown", "?environment=staging&collapse=stats");
  expect(quick && [numbersOf(quick), quick.lifetime]).toEqual([whole, undefined]);
  const sentry = await only("Grown", "?statsPeriod=24h&collapse=filtered", sentryToken);
  expect(sentry && ["filtered" in sentry, "lifetime" in sentry]).toEqual([false, true]);
});

test("what grew comes first, in both spellings, and page after page", async () => {
  const byGrowth = ["Grown", "Moved", "Steady"];
  expect((await list("?sort=-trend")).map(typeOf)).toEqual(byGrowth);
  expect((await list("?sort=trends")).map(typeOf)).toEqual(byGrowth);
  expect((await list("?sort=trend")).map(typeOf)).toEqual(byGrowth.toReversed());
  const walked: string[] = [];
  let path: string | undefined =
    `/api/0/organizations/${tenant.slug}/issues/?sort=trends&limit=1&statsPeriod=48h`;
  for (let pages = 0; path && pages < 5; pages++) {
    const answer: Response = await tenant.call("GET", path);
    walked.push(...((await answer.json()) as Row[]).map(typeOf));
    expect(answer.headers.get("x-hits")).toBe("3");
    const next = /<([^>]*)>; rel="next"; results="true"/.exec(answer.headers.get("link") ?? "");
    path = next?.[1] && new URL(next[1]).pathname + new URL(next[1]).search;
  }
  expect(walked).toEqual((await list("?sort=trends&statsPeriod=48h")).map(typeOf));
});

test("sorted by events a list goes by the number that it shows", async () => {
  expect((await list("?sort=-count")).map(typeOf)).toEqual(["Steady", "Grown", "Moved"]);
  for (const filter of ["statsPeriod=12h", "environment=staging", "environment=production"]) {
    const counts = (await list(`?sort=freq&${filter}`)).map(({ count }) => Number(count));
    expect([filter, counts]).toEqual([filter, counts.toSorted((a, b) => b - a)]);
  }
  expect((await list("?sort=freq&statsPeriod=12h")).map(typeOf)[0]).toBe("Grown");
});

test("more events than are looked at one by one are estimated by the weekly counts, and the row says so", async () => {
  const crowded = await makeTenant(stack);
  const bodies = Array.from({ length: 1300 }, (_, n) =>
    messageOf(
      crowded,
      eventEnvelope({
        exception: { values: [{ type: "Crowd", value: "x" }] },
        environment: n < 200 ? "staging" : "production",
      }),
      // Of one week: the newest are of production alone.
      { receivedAt: now - (1300 - n) * 1000 },
    ),
  );
  await deliverTo(stack, bodies);
  const read = async (query: string) =>
    (await crowded.issues(query)).map(({ count, isEstimate }) => [count, isEstimate]);
  expect(await read("?environment=production")).toEqual([["1100", true]]);
  expect(await read("?environment=staging")).toEqual([["200", true]]);
  // All of it is inside: the issue itself knows, and nothing is an estimate.
  expect(await read("?statsPeriod=2d")).toEqual([["1300", false]]);
  const [{ id } = { id: "" }] = await crowded.issues("");
  const stats = (query: string) =>
    crowded.get<object[]>(
      `/api/0/organizations/${crowded.slug}/issues-stats/?groups=${id}&${query}`,
    );
  expect(await stats("statsPeriod=2d")).toMatchObject([
    { count: "1300", isCapped: false, isCountCapped: false },
  ]);
  expect(await stats("environment=production")).toMatchObject([
    { count: "1100", isCapped: true, isCountCapped: true },
  ]);
});

test("Sentry's clients that give no query get what is open, others everything", async () => {
  const resolved = await tenant.call(
    "PUT",
    `/api/0/organizations/${tenant.slug}/issues/?query=Steady`,
    { status: "resolved" },
  );
  expect(resolved.status).toBe(200);
  const types = async (query: string, bearer?: string) =>
    (await list(query, bearer)).map(typeOf).toSorted();
  expect(await types("", sentryToken)).toEqual(["Grown", "Moved"]);
  expect(await types("?query=", sentryToken)).toEqual(["Grown", "Moved", "Steady"]);
  expect(await types("?status=resolved", sentryToken)).toEqual(["Steady"]);
  expect(await types("")).toEqual(["Grown", "Moved", "Steady"]);
});

test("one tag of an issue, and the values of a tag in a project", async () => {
  const [issue] = await tenant.issues("?query=Grown");
  const tag = await tenant.get<{ key: string; totalValues: number; topValues: object[] }>(
    `/api/0/organizations/${tenant.slug}/issues/${issue?.id}/tags/environment/`,
  );
  expect(tag).toMatchObject({
    key: "environment",
    totalValues: 31,
    uniqueValues: 2,
    topValues: [
      { key: "environment", name: "production", value: "production", count: 21 },
      { value: "staging", count: 10 },
    ],
  });
  expect(await tenant.get(`/api/0/issues/${issue?.id}/tags/environment/`)).toEqual(tag);
  const missing = await tenant.call("GET", `/api/0/issues/${issue?.id}/tags/nothing/`);
  expect(missing.status).toBe(404);
  const values = await tenant.get<{ name: string }[]>(
    `/api/0/projects/${tenant.slug}/shop/tags/environment/values/?query=st`,
  );
  expect(values.map(({ name }) => name)).toEqual(["staging"]);
});

test("release:latest is the highest version of each project, and nothing where there is none", async () => {
  const found = await makeTenant(stack);
  const types = async (query: string) =>
    (await found.issues(`?query=${encodeURIComponent(query)}`)).map(typeOf).toSorted();
  expect(await types("release:latest")).toEqual([]);
  const sentWith = (type: string, release: string) =>
    messageOf(found, eventEnvelope({ release, exception: { values: [{ type, value: "x" }] } }));
  await deliverTo(stack, [sentWith("Old", "shop@1.9.0"), sentWith("Both", "shop@1.9.0")]);
  await deliverTo(stack, [sentWith("New", "shop@1.10.0"), sentWith("Both", "shop@1.10.0")]);
  // A fix of the old one comes later and is not the latest.
  await deliverTo(stack, [sentWith("Fixed", "shop@1.9.1")]);
  expect(await types("release:latest")).toEqual(["Both", "New"]);
  expect(await types("!release:latest")).toEqual(["Fixed", "Old"]);
  expect(await types("release:[latest, shop@1.9.1]")).toEqual(["Both", "Fixed", "New"]);
  const [both] = await found.issues("?query=Both");
  const refused = await found.call("GET", `/api/0/issues/${both?.id}/events/?query=release:latest`);
  expect(refused.status).toBe(400);
});

test("a tag that holds numbers is compared as one, in lists and among the events of an issue", async () => {
  const found = await makeTenant(stack);
  await deliverTo(
    stack,
    [
      ["Slow", "1200.5"],
      ["Quick", "30"],
      ["Odd", "300 ms"],
      ["Quick", "-4"],
    ].map(([type, ms]) =>
      messageOf(
        found,
        eventEnvelope({ tags: { ms }, exception: { values: [{ type, value: "x" }] } }),
      ),
    ),
  );
  const types = async (query: string) =>
    (await found.issues(`?query=${encodeURIComponent(query)}`)).map(typeOf).toSorted();
  expect(await types("tags[ms,number]:>250")).toEqual(["Slow"]);
  expect(await types("!tags[ms,number]:>250")).toEqual(["Odd", "Quick"]);
  expect(await types("tags[ms,number]:<=30")).toEqual(["Quick"]);
  expect(await types("tags[ms,number]:1200.5")).toEqual(["Slow"]);
  const [quick] = await found.issues("?query=Quick");
  const among = async (query: string) =>
    (
      await found.get<object[]>(
        `/api/0/issues/${quick?.id}/events/?query=${encodeURIComponent(query)}`,
      )
    ).length;
  expect([await among("tags[ms,number]:>0"), await among("!tags[ms,number]:>0")]).toEqual([1, 1]);
  const refused = await found.call(
    "GET",
    `/api/0/organizations/${found.slug}/issues/?query=${encodeURIComponent("tags[ms,number]:>many")}`,
  );
  expect([refused.status, await refused.json()]).toMatchObject([400, { position: 0, length: 21 }]);
});
