import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { csvCell } from "../../src/issues/event-csv";
import { deliverTo, messageOf } from "../deliver";
import { eventEnvelope, makeTenant, type Tenant, useStack } from "../harness";

const stack = useStack();
let tenant: Tenant;
const hourMs = 3_600_000;
const now = Date.now();

/** One issue with an event an hour; every third is of staging, of one person and of the plan pro. */
beforeAll(async () => {
  tenant = await makeTenant(stack);
  const messages = Array.from({ length: 12 }, (_, n) =>
    messageOf(
      tenant,
      eventEnvelope({
        exception: { values: [{ type: "Broken", value: "x" }] },
        user: { id: n % 3 === 0 ? "only" : `u${n}`, username: "=1+1" },
        environment: n % 3 === 0 ? "staging" : "production",
        tags: { plan: n % 3 === 0 ? "pro" : `free ${n % 2}`, ...(n === 6 && { lane: "fast" }) },
      }),
      { receivedAt: now - n * hourMs },
    ),
  );
  await deliverTo(stack, messages);
});

const issue = "/api/0/issues/SHOP-1/";
type Issue = {
  count: string;
  userCount: number;
  firstSeen: string;
  lastSeen: string;
  stats: Record<string, [number, number][]>;
};
type Tag = {
  key: string;
  totalValues: number;
  uniqueValues: number;
  topValues: { value: string; count: number }[];
};

test("numbers and moments of an issue are those of the environments that are asked for", async () => {
  const read = async (query: string) => {
    const { count, userCount, firstSeen, lastSeen, stats } = await tenant.get<Issue>(issue + query);
    const ofDay = (stats["24h"] ?? []).reduce((sum, [, one]) => sum + one, 0);
    return [Number(count), userCount, ofDay, +new Date(firstSeen), +new Date(lastSeen)];
  };
  const { rows } = await stack.sql.query(
    `select count(*)::int as count, count(distinct user_hash)::int as people,
            extract(epoch from min(received_at)) * 1000 as first, extract(epoch from max(received_at)) * 1000 as last
       from events e join issues i on i.id = e.issue_id
      where i.project_id = $1 and e.environment = (
        select tag from issue_tags where project_id = $1 and key = 'environment' and value = 'staging' limit 1)`,
    [tenant.projectId],
  );
  const [{ count, people, first, last }] = rows;
  expect([count, people]).toEqual([4, 1]);
  expect(await read("?environment=staging")).toEqual([
    4,
    1,
    4,
    Math.floor(first),
    Math.floor(last),
  ]);
  expect((await read("")).slice(0, 3)).toEqual([12, 9, 12]);
  expect((await read("?environment=staging&environment=production")).slice(0, 3)).toEqual([
    12, 9, 12,
  ]);
  expect((await read("?environment=nowhere")).slice(0, 3)).toEqual([0, 0, 0]);
  expect((await tenant.call("GET", `${issue}?environment=`)).status).toBe(400);
});

test("tags of an issue and their values are counted in the environments that are asked for", async () => {
  const plans = async (query: string) => {
    const tags = await tenant.get<Tag[]>(`${issue}tags/?key=plan&${query}`);
    return tags.map(({ totalValues, uniqueValues, topValues }) => [
      totalValues,
      uniqueValues,
      topValues.map(({ value, count }) => `${value} ${count}`),
    ]);
  };
  expect(await plans("environment=staging")).toEqual([[4, 1, ["pro 4"]]]);
  expect(await plans("environment=production")).toEqual([[8, 2, ["free 0 4", "free 1 4"]]]);
  expect(await plans("environment=staging&environment=production")).toEqual([
    [12, 3, ["free 0 4", "free 1 4", "pro 4"]],
  ]);
  expect(await plans("environment=nowhere")).toEqual([]);
  const keys = (await tenant.get<Tag[]>(`${issue}tags/?environment=staging`)).map(({ key }) => key);
  expect(keys).toEqual([...keys].toSorted());
  expect(keys).toContain("environment");

  type Value = { value: string; count: number; lastSeen: string };
  const values = async (query: string) =>
    (await tenant.get<Value[]>(`${issue}tags/plan/values/?${query}`)).map(
      ({ value, count }) => `${value} ${count}`,
    );
  expect((await values("")).toSorted()).toEqual(["free 0 4", "free 1 4", "pro 4"]);
  expect((await values("query=FREE")).toSorted()).toEqual(["free 0 4", "free 1 4"]);
  expect(await values("query=%25")).toEqual([]);
  expect(await values("environment=production&query=1")).toEqual(["free 1 4"]);
  const [pro] = await tenant.get<Value[]>(`${issue}tags/plan/values/?environment=staging`);
  expect(+new Date(pro?.lastSeen ?? 0)).toBe(now);
  expect((await tenant.call("GET", `${issue}tags/?environment=`)).status).toBe(400);
});

test("of a few events those with a text in them are counted", async () => {
  type Place = {
    position: number | null;
    total: number | null;
    previousEventID: string | null;
    nextEventID: string | null;
  };
  const latest = (query: string) =>
    tenant.get<Place & { eventID: string }>(
      `${issue}events/latest/?query=${encodeURIComponent(query)}`,
    );
  expect(await latest("lane:fast")).toMatchObject({
    position: 1,
    total: 1,
    previousEventID: null,
    nextEventID: null,
  });
  const newest = await latest("plan:pro");
  expect(newest).toMatchObject({ position: 1, total: 4, nextEventID: null });
  const second = await tenant.get<Place>(
    `${issue}events/${newest.previousEventID}/?query=plan:pro`,
  );
  expect(second).toMatchObject({ position: 2, total: 4, nextEventID: newest.eventID });
  // Which event is looked at need not be one that is asked for.
  const other = await tenant.get<Place>(`${issue}events/${newest.eventID}/?query=plan:free*`);
  expect(other).toMatchObject({ position: null, total: 8, nextEventID: null });
  expect(other.previousEventID).not.toBeNull();
});

test("events are a table that a spreadsheet cannot run, inside the filter", async () => {
  const answer = await tenant.call("GET", `${issue}events/csv/?environment=staging`);
  expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8");
  expect(answer.headers.get("content-disposition")).toContain("attachment");
  const lines = (await answer.text()).split("\r\n");
  expect(lines[0]).toMatch(/^"id","time","received","title","message"/);
  expect(lines).toHaveLength(4 + 2);
  expect(lines.at(-1)).toBe("");
  const broken = lines.find((line) => line.includes("1+1")) ?? "";
  expect(broken).toContain(`"'=1+1"`);
  expect(broken).toContain(`"staging"`);
  expect(broken).toContain(`"only"`);
  expect((await tenant.call("GET", `${issue}events/csv/?query=is:resolved`)).status).toBe(400);
  const none = await tenant.call("GET", `${issue}events/csv/?environment=nowhere`);
  expect((await none.text()).trimEnd().split("\r\n")).toHaveLength(1);
});

describe("a cell of a table", () => {
  test.each([
    ["plain", `"plain"`],
    [`say "x"`, `"say ""x"""`],
    ["a,b\nc", `"a,b\nc"`],
    ["=1+1", `"'=1+1"`],
    ["  +1", `"'  +1"`],
    ["\u200b@SUM(A1)", `"'\u200b@SUM(A1)"`],
    ["\t=1", `"'\t=1"`],
    ["＝1", `"'＝1"`],
    ["a=1", `"a=1"`],
    ["", `""`],
  ])("%j is %s", (text, expected) => {
    expect(csvCell(text)).toBe(expected);
  });

  test("never begins like a formula and never ends before its quote, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 50 }), (text) => {
        const cell = csvCell(text);
        const inside = cell.slice(1, -1);
        expect(inside.replaceAll('""', "").includes('"')).toBe(false);
        expect(/^[=+\-@\t\r]/.test(inside)).toBe(false);
      }),
    );
  });
});
