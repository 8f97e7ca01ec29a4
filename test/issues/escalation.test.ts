import { beforeEach, describe, expect, test } from "vitest";
import { eventsMin, hoursLookedAt, limitsOf } from "../../src/issues/escalation";
import { hourOf } from "../../src/protocol/durations";
import { consumerOf, newHashes, preparedEvent } from "../digest/prepared-events";
import { makeTenant, type Tenant, useStack } from "../harness";

const old = 1000;
const every = (count: number) => Array.from({ length: hoursLookedAt }, () => count);

test("what is expected, and from which number of events on an issue escalates", () => {
  const daily = Array.from({ length: hoursLookedAt }, (_, hour) => (hour % 24 === 0 ? 100 : 0));
  const table: [what: string, hours: number[], age: number, threshold: number][] = [
    ["in its first day never", every(1), 23, Infinity],
    ["a silent week", every(0), old, 10],
    ["in its first week ten times its busiest hour", every(3), 48, 30],
    ["a rare one", [...every(0).slice(1), 1], old, 10],
    ["twenty an hour", every(20), old, 100],
    // Six hours of twenty are 120; with 100 in the last five it takes 140 for twice as many.
    ["forty an hour, with the hours before", every(40), old, 200],
    ["a run of a hundred a day", daily, old, 400],
  ];
  for (const [what, hours, age, threshold] of table) {
    expect([what, limitsOf(hours, age).threshold]).toEqual([what, threshold]);
  }
  expect(limitsOf(every(20), old).forecast).toBe(20);
  expect(limitsOf(daily, old).forecast).toBeGreaterThan(30);
});

test("after a burst the hours before count too: twice its six hours are enough", () => {
  const hours = every(1).with(-100, 100);
  const { hour, threshold } = limitsOf(hours, old);
  expect([hour, threshold]).toEqual([250, 2 * 105 - 5]);
});

/** Numbers from 0 to 1, the same ones each time. */
function numbers(seed: number) {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}
function poisson(mean: number, random: () => number): number {
  const least = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > least; count++) product *= random();
  return count;
}

test("a constant rate does not escalate in four weeks, and twenty times as much does within the hour", () => {
  for (const mean of [0.02, 0.2, 1, 5, 20, 100]) {
    const random = numbers(7 + mean * 100);
    const hours = Array.from({ length: hoursLookedAt + 4 * 168 }, () => poisson(mean, random));
    let escalated = 0;
    for (let at = hoursLookedAt; at < hours.length; at++) {
      const { threshold } = limitsOf(hours.slice(at - hoursLookedAt, at), old);
      const count = hours[at] ?? 0;
      if (count >= eventsMin && count >= threshold) escalated++;
    }
    expect([mean, escalated]).toEqual([mean, 0]);
    const { threshold } = limitsOf(hours.slice(-hoursLookedAt), old);
    if (mean >= 1) expect([mean, poisson(20 * mean, random) >= threshold]).toEqual([mean, true]);
  }
});

describe("an issue with more events than it should have", () => {
  const stack = useStack();
  let tenant: Tenant;
  let deliver: (count: number) => Promise<void>;

  beforeEach(async () => {
    tenant = await makeTenant(stack);
    const [digested, hash] = [consumerOf(stack), newHashes()];
    deliver = (count) =>
      digested(Array.from({ length: count }, () => preparedEvent(tenant, { g2: [hash("a")] })));
    await deliver(1);
  });

  const issue = () => `/api/0/organizations/${tenant.slug}/issues/SHOP-1/`;
  const put = async (body: object) =>
    expect((await tenant.call("PUT", issue(), body)).status).toBe(200);
  const state = async () => {
    const read = await tenant.get<{ status: string; substatus: string }>(issue());
    return [read.status, read.substatus];
  };
  /** It is a month old, and had so many events in each hour of two weeks. */
  const grown = (count: number) =>
    stack.sql.query(
      `with old as (
         update issues set first_seen_at = now() - interval '30 days' where project_id = $1 returning id)
       insert into issue_hours (hour, issue_id, count)
       select $2::timestamptz - n * interval '1 hour', id, $3 from old, generate_series(1, 336) n`,
      [tenant.projectId, new Date(hourOf(Date.now())), count],
    );
  const found = async (query: string) => (await tenant.issues(`?query=${query}`)).length;

  test("comes back where it was archived until it escalates, and is found by that", async () => {
    await grown(1);
    await put({ status: "ignored", substatus: "archived_until_escalating" });
    await deliver(8);
    expect(await state()).toEqual(["ignored", "archived_until_escalating"]);
    await deliver(30);
    expect(await state()).toEqual(["unresolved", "escalating"]);
    const { activity } = await tenant.get<{ activity: object[] }>(`${issue()}activities/`);
    expect(activity.slice(0, 2)).toMatchObject([
      { type: "set_escalating", user: null, data: { forecast: 1, event_id: expect.any(String) } },
      { type: "set_ignored", data: { ignoreUntilEscalating: true } },
    ]);
    const changes = await stack.sql.query(
      "select change from issue_changes c join issues i on i.id = c.issue_id where project_id = $1 order by c.id",
      [tenant.projectId],
    );
    expect(changes.rows.map(({ change }) => change)).toEqual(["created", "escalating"]);
    expect([await found("is:escalating"), await found("is:for_review")]).toEqual([1, 1]);
    expect([await found("is:ongoing"), await found("is:ignored")]).toEqual([0, 0]);
  });

  test("is said of an open one too, once; of one that is done with or young it is not", async () => {
    await deliver(50);
    expect(await state()).toEqual(["unresolved", "new"]);
    await grown(1);
    await put({ status: "ignored" });
    await deliver(50);
    expect(await state()).toEqual(["ignored", "archived_forever"]);
  });

  test("is so until a quiet day is over", async () => {
    await grown(1);
    await deliver(40);
    expect(await state()).toEqual(["unresolved", "escalating"]);
    const backdate = (sql: string) => stack.sql.query(sql, [tenant.projectId]);
    await backdate(
      `with i as (update issues set status_changed_at = status_changed_at - interval '25 hours' where project_id = $1 returning id)
       update issue_states s set since = since - interval '25 hours' from i where s.issue_id = i.id`,
    );
    await stack.control.runCron("17 * * * *");
    expect(await state()).toEqual(["unresolved", "escalating"]);
    await backdate(
      `update issue_hours h set count = 1 from issues i where i.id = h.issue_id and i.project_id = $1`,
    );
    await stack.control.runCron("17 * * * *");
    expect(await state()).toEqual(["unresolved", "ongoing"]);
    const { activity } = await tenant.get<{ activity: object[] }>(`${issue()}activities/`);
    expect(activity[0]).toMatchObject({ type: "auto_set_ongoing", data: { after_days: 1 } });
  });
});
