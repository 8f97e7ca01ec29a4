import { beforeAll, expect, test } from "vitest";
import { eventEnvelope, eventually, makeTenant, randomId, type Tenant, useStack } from "../harness";

const stack = useStack();
let tenant: Tenant;
let issue: string;
/** The newest first. The odd ones are of staging, every third is of the plan pro, the last two are a day old. */
const ids = Array.from({ length: 12 }, () => randomId());

beforeAll(async () => {
  tenant = await makeTenant(stack);
  for (const [index, event_id] of ids.entries()) {
    const fields = {
      environment: index % 2 ? "staging" : "production",
      tags: { plan: index % 3 ? "free" : "pro" },
      user: { id: `u${index % 2}` },
      release: "shop@1",
      ...(index === 7 && { breadcrumbs: { values: [{ message: "paid" }] } }),
    };
    await (await tenant.send(eventEnvelope(fields, { event_id }))).arrayBuffer();
  }
  await eventually(async () => expect(await tenant.countEvents()).toBe(ids.length));
  issue = (await tenant.issues())[0]?.id ?? "";
  for (const [index, id] of ids.entries()) {
    const seconds = index < 10 ? index * 60 : index * 60 + 86_400;
    await stack.sql.query(
      "update events set received_at = date_trunc('hour', now()) - make_interval(secs => $2) where event_id = $1::uuid",
      [id, seconds],
    );
  }
});

type Row = { id: string; environment?: string | null; [name: string]: unknown };
const path = (rest = "") => `/api/0/issues/${issue}/events/${rest}`;
const places = (found: Row[]) => found.map(({ id }) => ids.indexOf(id));

test("events are found by environment, time and what they carry, in any mix", async () => {
  const cases: [query: string, expected: number[]][] = [
    ["environment=staging", [1, 3, 5, 7, 9, 11]],
    ["environment=staging&environment=production&statsPeriod=20h", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ["environment=nowhere", []],
    ["environment=staging&statsPeriod=20h", [1, 3, 5, 7, 9]],
    ["query=plan:pro", [0, 3, 6, 9]],
    ["query=plan:pro&environment=staging", [3, 9]],
    ["query=!plan:pro user:id:u1", [1, 5, 7, 11]],
    ["query=environment:production plan:pro", [0, 6]],
    ["query=it broke", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
    ["query=nothing like it", []],
    [`query=id:[${ids[3]},${ids[4]}] plan:pro`, [3]],
    [`query=id:[${ids[3]},${ids[4]}]&environment=production`, [4]],
  ];
  for (const list of [path(), `/api/0/projects/${tenant.slug}/shop/events/`]) {
    for (const [query, expected] of cases) {
      expect([query, places(await tenant.get<Row[]>(`${list}?${query}`))]).toEqual([
        query,
        expected,
      ]);
    }
  }
});

test("pages of what is looked into hold each event once, both ways", async () => {
  const walk = async (start: string, rel: string) => {
    const seen: Row[][] = [];
    let last = start;
    for (let next: string | undefined = start; next && seen.length < 20; ) {
      const answer = await tenant.call("GET", next);
      seen.push((await answer.json()) as Row[]);
      last = next;
      const [, url = "", results] =
        new RegExp(`<([^>]+)>; rel="${rel}"; results="(\\w+)"`).exec(
          answer.headers.get("link") ?? "",
        ) ?? [];
      next = results === "true" ? new URL(url).pathname + new URL(url).search : undefined;
    }
    return { seen: seen.map(places), last };
  };
  for (const query of ["query=plan:free&limit=3", "environment=staging&limit=2"]) {
    const whole = places(
      await tenant.get<Row[]>(path(`?${query}&limit=100`.replace(/limit=\d&/, ""))),
    );
    const forward = await walk(path(`?${query}`), "next");
    expect([query, forward.seen.flat()]).toEqual([query, whole]);
    expect(forward.seen.length).toBeGreaterThan(2);
    const backward = await walk(forward.last, "previous");
    expect([query, backward.seen.toReversed().flat()]).toEqual([query, whole]);
  }
});

test("rows of a list are thin where that is asked for", async () => {
  const [row] = await tenant.get<Row[]>(path("?full=false&limit=1"));
  expect(row).toEqual({
    id: ids[0],
    eventID: ids[0],
    groupID: issue,
    dateCreated: expect.any(String),
    dateReceived: expect.any(String),
    title: "Error: it broke",
    message: "Error: it broke",
    culprit: "pay(/app/shop.js)",
    type: "error",
    platform: "node",
    user: { id: "u0" },
    tags: expect.arrayContaining([{ key: "plan", value: "pro" }]),
    dist: null,
    release: "shop@1",
    environment: "production",
  });
});

test("neighbours, position and total obey the filter", async () => {
  const at = async (which: string, query = "") => {
    const event = await tenant.get<Row>(path(`${which}/?${query}`));
    const placeOf = (id: unknown) => (id === null ? null : ids.indexOf(String(id)));
    return [
      placeOf(event.id),
      placeOf(event.nextEventID),
      placeOf(event.previousEventID),
      event.position,
      event.total,
    ];
  };
  const staging = "environment=staging";
  expect(await at("latest")).toEqual([0, null, 1, 1, 12]);
  expect(await at("oldest")).toEqual([11, 10, null, 12, 12]);
  expect(await at(ids[4] ?? "")).toEqual([4, 3, 5, 5, 12]);
  expect(await at("latest", staging)).toEqual([1, null, 3, 1, 6]);
  expect(await at("oldest", `${staging}&statsPeriod=20h`)).toEqual([9, 7, null, 5, 5]);
  expect(await at(ids[5] ?? "", staging)).toEqual([5, 3, 7, 3, 6]);
  // One that is not asked for still has its neighbours.
  expect(await at(ids[4] ?? "", staging)).toEqual([4, 3, 5, null, 6]);
  expect(await at("latest", "query=plan:pro")).toEqual([0, null, 3, 1, 4]);
  expect(await at("oldest", "query=plan:pro")).toEqual([9, 6, null, 4, 4]);
  expect(await at(ids[6] ?? "", "query=plan:pro")).toEqual([6, 3, 9, 3, 4]);
  expect(await at("recommended")).toEqual([7, 6, 8, 8, 12]);
  expect(await at("recommended", "environment=production")).toEqual([0, null, 2, 1, 6]);
  for (const nobody of ["latest", "oldest", "recommended"]) {
    const answer = await tenant.call("GET", path(`${nobody}/?environment=nowhere`));
    expect([nobody, answer.status]).toEqual([nobody, 404]);
  }
});

test("where an environment is rare, a page ends early and the next one goes on", async () => {
  const other = await makeTenant(stack);
  await (await other.send(eventEnvelope({ environment: "rare" }))).arrayBuffer();
  await eventually(async () => expect(await other.countEvents()).toBe(1));
  const found = (await other.issues())[0]?.id;
  await stack.sql.query(
    `insert into events (received_at, project_id, issue_id, event_id, segment_id, segment_offset, segment_length)
     select now() + n * interval '1 millisecond', $1, $2, gen_random_uuid(), gen_random_uuid(), 0, 0
       from generate_series(1, 5000) n`,
    [other.projectId, found],
  );
  const list = `/api/0/issues/${found}/events/?environment=rare`;
  const first = await other.call("GET", list);
  const link = first.headers.get("link") ?? "";
  const [, next = "", results] = /<([^>]+)>; rel="next"; results="(\w+)"/.exec(link) ?? [];
  expect([await first.json(), results]).toEqual([[], "true"]);
  const second = await other.get<Row[]>(new URL(next).pathname + new URL(next).search);
  expect(second).toHaveLength(1);
  const latest = await other.get<Row>(`/api/0/issues/${found}/events/${second[0]?.id}/`);
  expect([latest.position, latest.total, latest.isTotalCapped]).toEqual([null, 5000, true]);
});
