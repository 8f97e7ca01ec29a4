import { describe, expect, test } from "vitest";
import { bucketsOf } from "../src/stats/series";
import { makeTenant, type Tenant, useStack } from "./harness";

const stack = useStack();

const insert = (
  tenant: Tenant,
  hour: string,
  quantity: number,
  more: Partial<Record<string, string>> = {},
) =>
  stack.sql.query(
    `insert into outcome_hours (hour, project_id, category, outcome, reason, quantity)
     values ($1, $2, $3, $4, $5, $6)`,
    [
      hour,
      tenant.projectId,
      more.category ?? "error",
      more.outcome ?? "accepted",
      more.reason ?? "",
      quantity,
    ],
  );
type Stats = {
  intervals: string[];
  groups: { by: object; totals: Record<string, number>; series: Record<string, number[]> }[];
};
const field = "sum(quantity)";
const read = (tenant: Tenant, query: string) =>
  tenant.get<Stats>(`/api/0/organizations/${tenant.slug}/stats_v2/?field=${field}&${query}`);

describe("buckets", () => {
  test("begin at the full hour and go on to the hour after the end", () => {
    const [start, end] = [new Date("2026-01-01T10:20:00Z"), new Date("2026-01-01T12:20:00Z")];
    const hours = bucketsOf(start, end, "1h").map((ms) => new Date(ms).toISOString().slice(11, 16));
    expect(hours).toEqual(["10:00", "11:00", "12:00", "13:00"]);
    expect(bucketsOf(start, end, "1d")).toHaveLength(1);
    expect(bucketsOf(start, end, "1m")).toHaveLength(181);
  });
});

describe("series", () => {
  test("hours with zeros where nothing was sent, in GlitchTip's shape", async () => {
    const tenant = await makeTenant(stack);
    await insert(tenant, "2026-11-02T10:00:00Z", 3);
    await insert(tenant, "2026-11-02T12:00:00Z", 4);
    await insert(tenant, "2026-11-02T12:00:00Z", 9, {
      outcome: "rate_limited",
      reason: "quota_exceeded",
    });
    const stats = await read(
      tenant,
      "category=error&start=2026-11-02T10:00:00Z&end=2026-11-02T12:00:00Z",
    );
    expect(stats.intervals).toEqual(
      [10, 11, 12, 13].map((hour) => `2026-11-02T${hour}:00:00+00:00`),
    );
    expect(stats.groups).toEqual([
      { by: {}, totals: { [field]: 7 }, series: { [field]: [3, 0, 4, 0] } },
    ]);
  });

  test("a day counts all its hours", async () => {
    const tenant = await makeTenant(stack);
    for (const hour of ["00", "07", "23"]) await insert(tenant, `2026-11-02T${hour}:00:00Z`, 5);
    await insert(tenant, "2026-11-03T00:00:00Z", 1);
    const stats = await read(
      tenant,
      "category=error&interval=1d&start=2026-11-02T00:00:00Z&end=2026-11-03T00:00:00Z",
    );
    expect(stats.groups[0]?.series[field]).toEqual([15, 1]);
  });

  test("by outcome, category, reason and project, with totals; -1 means all projects", async () => {
    const tenant = await makeTenant(stack);
    await insert(tenant, "2026-11-02T10:00:00Z", 3);
    await insert(tenant, "2026-11-02T10:00:00Z", 4, {
      outcome: "rate_limited",
      reason: "throttled",
    });
    await insert(tenant, "2026-11-02T10:00:00Z", 5, {
      category: "transaction",
      outcome: "filtered",
      reason: "not_supported",
    });
    const range = "start=2026-11-02T10:00:00Z&end=2026-11-02T10:00:00Z";
    const totals = async (query: string) =>
      (await read(tenant, `${range}&${query}`)).groups.map(({ by, totals: sums }) => [
        by,
        sums[field],
      ]);
    expect(await totals("groupBy=outcome&project=-1")).toEqual([
      [{ outcome: "accepted" }, 3],
      [{ outcome: "filtered" }, 5],
      [{ outcome: "rate_limited" }, 4],
    ]);
    expect(await totals("groupBy=outcome&groupBy=reason&category=error")).toEqual([
      [{ outcome: "accepted", reason: "" }, 3],
      [{ outcome: "rate_limited", reason: "throttled" }, 4],
    ]);
    expect(await totals(`groupBy=project&project=${tenant.projectId}`)).toEqual([
      [{ project: tenant.projectId }, 12],
    ]);
    expect(await totals("outcome=rate_limited")).toEqual([[{}, 4]]);
    expect(await totals("groupBy=outcome&reason=throttled&reason=none")).toEqual([
      [{ outcome: "rate_limited" }, 4],
    ]);
  });

  test("too many groups or points are refused with words that help, and just enough are answered", async () => {
    const tenant = await makeTenant(stack);
    await stack.sql.query(
      `insert into outcome_hours (hour, project_id, category, outcome, reason, quantity)
       select '2026-11-02T10:00:00Z', $1, 'c' || n, 'accepted', '', 1 from generate_series(1, 1001) n`,
      [tenant.projectId],
    );
    const ask = (query: string) =>
      tenant.call(
        "GET",
        `/api/0/organizations/${tenant.slug}/stats_v2/?field=${field}&start=2026-11-02T00:00:00Z&${query}`,
      );
    const refused = await ask("end=2026-11-02T10:00:00Z&interval=1d&groupBy=category");
    expect([refused.status, await refused.json()]).toEqual([
      422,
      { detail: expect.stringMatching(/1000 groups .* interval=1d/) },
    ]);
    await stack.sql.query("delete from outcome_hours where project_id = $1 and category = 'c1'", [
      tenant.projectId,
    ]);
    const days = await ask("end=2026-11-02T10:00:00Z&interval=1d&groupBy=category");
    expect(days.status).toBe(200);
    const hours = await ask("end=2026-11-02T10:00:00Z&groupBy=category");
    expect(hours.status).toBe(422);
    expect((await ask("end=2026-11-02T10:00:00Z")).status).toBe(200);
  });

  test("nothing of another organization; unknown projects are 404; what does not fit is 422", async () => {
    const [mine, theirs] = [await makeTenant(stack), await makeTenant(stack)];
    await insert(theirs, "2026-11-02T10:00:00Z", 3);
    const range = "start=2026-11-02T10:00:00Z&end=2026-11-02T10:00:00Z";
    expect((await read(mine, `${range}&category=error`)).groups[0]?.totals[field]).toBe(0);
    const statusOf = async (query: string) =>
      (await mine.call("GET", `/api/0/organizations/${mine.slug}/stats_v2/?${query}`)).status;
    expect(await statusOf(`field=${field}&${range}&project=${theirs.projectId}`)).toBe(404);
    for (const bad of [
      range,
      `field=${field}`,
      "field=avg(x)&statsPeriod=1d",
      `field=${field}&start=x&end=y`,
      `field=${field}&start=2026-01-01&end=2026-12-31`,
      `field=${field}&statsPeriod=tomorrow`,
    ]) {
      expect([bad, await statusOf(bad)]).toEqual([bad, 422]);
    }
  });
});
