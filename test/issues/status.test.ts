import { randomBytes } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { scopes } from "../../src/access/schemas";
import { deliverTo, messageOf } from "../deliver";
import { consumerOf, newHashes, preparedEvent } from "../digest/prepared-events";
import { eventEnvelope, makeTenant, type Tenant, untilHandled, useStack } from "../harness";
import { changingNothing } from "../state";

const stack = useStack();
let tenant: Tenant;

beforeEach(async () => {
  tenant = await makeTenant(stack);
});

type Event = Record<string, unknown>;
const broke = (type: string, event: Event = {}) =>
  eventEnvelope({ exception: { values: [{ type, value: "it broke" }] }, ...event });
/** One batch of events of an error. */
const seen = (type: string, ...events: Event[]) =>
  deliverTo(
    stack,
    (events.length > 0 ? events : [{}]).map((event) => messageOf(tenant, broke(type, event))),
  );
const inRelease = (type: string, ...releases: string[]) =>
  seen(type, ...releases.map((release) => ({ release })));

type Answer = {
  status: string;
  substatus: string | null;
  statusDetails: Record<string, unknown>;
  undoId: string | null;
};
const org = () => `/api/0/organizations/${tenant.slug}/`;
const put = async (path: string, body: object, bearer?: string): Promise<Answer> => {
  const answer = await tenant.call("PUT", path, body, bearer);
  expect([answer.status, body]).toEqual([200, body]);
  return (await answer.json()) as Answer;
};
const change = (body: object, issue = "SHOP-1") => put(`${org()}issues/${issue}/`, body);
const read = (issue = "SHOP-1") => tenant.get<Answer>(`${org()}issues/${issue}/`);
const stateOf = async (issue?: string) => {
  const { status, substatus, statusDetails } = await read(issue);
  const { actor: _, ...details } = statusDetails;
  return [status, substatus, details];
};
const activity = async () => {
  const { activity: items } = await tenant.get<{ activity: { type: string; data: object }[] }>(
    `${org()}issues/SHOP-1/activities/`,
  );
  return items.map(({ type, data }) => ({ type, ...data }));
};
const undo = async (undoId: string | null) => {
  const answer = await tenant.call("POST", `${org()}issues/undo/`, { undoId });
  return [answer.status, await answer.json()];
};
const me = () => ({ id: String(tenant.userId), name: "Ada", email: `${tenant.slug}@example.com` });

describe("an issue that is resolved in a release", () => {
  test("comes back by a later one only, with and without a package", async () => {
    for (const at of ["", "shop@"]) {
      tenant = await makeTenant(stack);
      await inRelease("E", `${at}1.4.0`);
      expect(await change({ status: "resolvedInNextRelease" })).toMatchObject({
        status: "resolved",
        statusDetails: { inNextRelease: true, currentRelease: `${at}1.4.0`, actor: me() },
      });
      await inRelease("E", `${at}1.3.9`, `${at}1.4.0`, `${at}1.4.0+7`, `${at}1.4.0-rc.1`);
      expect((await read()).status).toBe("resolved");
      await inRelease("E", `${at}1.4.1`);
      expect(await stateOf()).toEqual(["unresolved", "regressed", {}]);
      await change({ status: "resolved", statusDetails: { inNextRelease: true } });
      await inRelease("E", `${at}1.4.1`);
      expect((await read()).status).toBe("resolved");
      await inRelease("E", `${at}2.0.0`);
      expect((await read()).status).toBe("unresolved");
    }
  });

  test("stays resolved with a hotfix of an older version that was made later", async () => {
    await inRelease("E", "10.24.0");
    await change({ status: "resolved", statusDetails: { inRelease: "10.24.0" } });
    await inRelease("E", "10.18.7");
    expect(await stateOf()).toEqual(["resolved", null, { inRelease: "10.24.0" }]);
  });

  test("comes back by that release where it was not seen in it before, and not where it was", async () => {
    await inRelease("Other", "2.0");
    await inRelease("E", "1.0");
    await change({ status: "resolved", statusDetails: { inRelease: "2.0" } }, "SHOP-2");
    await change({ status: "resolved", statusDetails: { inRelease: "2.0" } }, "SHOP-1");
    await inRelease("E", "2.0");
    await inRelease("Other", "2.0");
    expect((await read("SHOP-2")).status).toBe("unresolved");
    expect((await read("SHOP-1")).status).toBe("resolved");
  });

  test("goes by first sight where releases are no versions", async () => {
    await inRelease("Other", "abc");
    await inRelease("E", "def");
    await change({ status: "resolved", statusDetails: { inRelease: "latest" } }, "SHOP-2");
    expect(await stateOf("SHOP-2")).toEqual(["resolved", null, { inRelease: "def" }]);
    await inRelease("E", "abc", "def");
    await seen("E", {});
    expect((await read("SHOP-2")).status).toBe("resolved");
    await inRelease("E", "ghi");
    expect((await read("SHOP-2")).status).toBe("unresolved");
  });

  test("tells by which event and release it came back, and in which order they are", async () => {
    await inRelease("E", "shop@1.0");
    await change({ status: "resolved", statusDetails: { inNextRelease: true } });
    await inRelease("E", "shop@0.9", "shop@1.1");
    const [event] = await tenant.get<{ id: string }[]>(
      `${org()}issues/SHOP-1/events/?query=release:shop@1.1`,
    );
    expect(await activity()).toEqual([
      {
        type: "set_regression",
        event_id: event?.id,
        version: "shop@1.1",
        resolved_in_version: "shop@1.0",
        follows_semver: true,
      },
      { type: "set_resolved_in_release", version: "", current_release_version: "shop@1.0" },
      { type: "first_seen" },
    ]);
  });
});

test("an issue that is resolved in a commit says so, and comes back like any other", async () => {
  await seen("E");
  const inCommit = { commit: "abc123", repository: "acme/shop" };
  await change({ status: "resolved", statusDetails: { inCommit } });
  expect(await stateOf()).toEqual(["resolved", null, { inCommit }]);
  expect((await activity())[0]).toEqual({ type: "set_resolved_in_commit", ...inCommit });
  await seen("E");
  expect(await stateOf()).toEqual(["unresolved", "regressed", {}]);
});

test("an event that happened before an issue was resolved does not bring it back", async () => {
  await seen("E");
  await change({ status: "resolved" });
  await seen("E", { timestamp: Date.now() / 1000 - 120 });
  expect(await read()).toMatchObject({ status: "resolved", count: "2" });
  await seen("E", { timestamp: Date.now() / 1000 - 120 }, {});
  expect(await read()).toMatchObject({ status: "unresolved", count: "4" });
});

test("a resolved issue comes back by an event that finds it by a secondary hash", async () => {
  tenant = await makeTenant(stack, { groupingVersion: "g2" });
  const [digested, hash] = [consumerOf(stack), newHashes()];
  const of = (...g2: string[]) => preparedEvent(tenant, { g2: g2.map(hash) });
  await digested([of("a", "s")]);
  await change({ status: "resolved" });
  await digested([of("b", "s")]);
  expect(await tenant.issues()).toMatchObject([{ status: "unresolved", count: "2" }]);
});

describe("what cannot be resolved so", () => {
  const sentry = () => `sntryu_${randomBytes(32).toString("hex")}`;
  const status = async (path: string, body: object, bearer?: string) => {
    const answer = await tenant.call("PUT", path, body, bearer);
    return [answer.status, ((await answer.json()) as { detail?: unknown }).detail];
  };

  test("is refused and changes nothing", async () => {
    await seen("E");
    await stack.sql.query(
      "insert into projects (org_id, name, slug, platform) values ($1, 'Web', 'web', 'node')",
      [tenant.orgId],
    );
    const { rows } = await stack.sql.query(
      "select id from projects where org_id = $1 and slug = 'web'",
      [tenant.orgId],
    );
    await deliverTo(stack, [
      messageOf({ ...tenant, projectId: Number(rows[0].id) }, broke("E", { release: "1.0" })),
    ]);
    await untilHandled(stack, tenant);
    const token = sentry();
    await tenant.addToken(token, scopes);
    const one = `${org()}issues/SHOP-1/`;
    const all = `${org()}issues/?query=level:error`;
    const table: [path: string, body: object, words: RegExp, bearer?: string][] = [
      [one, { status: "resolved", statusDetails: { inRelease: "9.9" } }, /no release 9\.9/],
      [one, { status: "resolved", statusDetails: { inRelease: "latest" } }, /no release yet/],
      [one, { status: "resolvedInNextRelease" }, /no release yet/, token],
      [all, { status: "resolved", inRelease: "1.0" }, /several projects/],
      [all, { status: "resolvedInNextRelease" }, /several projects/],
      [one, { status: "resolved", inRelease: "1.0", inNextRelease: true }, /one release/],
      [one, { status: "ignored", statusDetails: { inRelease: "1.0" } }, /need the status resolved/],
      [one, { inNextRelease: true }, /need the status resolved/],
      [one, { status: "resolved", ignoreCount: 1 }, /need the status ignored/],
      [one, { status: "ignored", ignoreCount: 1, ignoreDuration: 5 }, /one condition/],
      [one, { status: "ignored", ignoreUntilNext: true, ignoreUserCount: 5 }, /one condition/],
      [one, { status: "ignored", statusDetails: { ignoreWindow: 5 } }, /needs its count/],
      [one, { status: "ignored", ignoreCount: 10_001, ignoreWindow: 5 }, /at most 10000/],
      [one, { status: "ignored", ignoreCount: 1, statusDetails: { ignoreCount: 2 } }, /said twice/],
      [one, { status: "ignored", statusDetails: { ignoreUntil: "2020-01-01T00:00:00Z" } }, /over/],
      [one, { status: "ignored", substatus: "archived_until_condition_met" }, /needs its/],
      [one, { status: "ignored", substatus: "archived_forever", ignoreCount: 1 }, /does not go/],
      [one, { status: "resolved", substatus: "archived_forever" }, /does not go/],
      [one, { status: "ignored", substatus: "ongoing" }, /does not go/],
      [one, { substatus: "archived_forever" }, /does not go/],
    ];
    for (const [path, body, words, bearer] of table) {
      const [code, detail] = await changingNothing(stack.sql, JSON.stringify(body), () =>
        status(path, body, bearer),
      );
      expect([body, code, detail]).toEqual([body, 400, expect.stringMatching(words)]);
    }
    for (const body of [
      { status: "ignored", ignoreCount: 0 },
      { status: "ignored", ignoreWindow: 10_081, ignoreCount: 1 },
      { status: "ignored", statusDetails: { ignoreCont: 1 } },
    ]) {
      const [code] = await changingNothing(stack.sql, "a number", () => status(one, body));
      expect([body, code]).toEqual([body, 422]);
    }
  });

  test("in GlitchTip's dialect the next release of a project without any is now", async () => {
    await seen("E");
    await change({ status: "resolvedInNextRelease" });
    expect(await stateOf()).toEqual(["resolved", null, {}]);
  });
});

describe("an issue that is ignored", () => {
  test("until more events comes back with the last of them", async () => {
    await seen("E", {}, {}, {});
    await change({ status: "ignored", statusDetails: { ignoreCount: 3 } });
    await seen("E", {}, {});
    expect(await stateOf()).toEqual([
      "ignored",
      "archived_until_condition_met",
      { ignoreCount: 3, eventsSince: 2 },
    ]);
    await seen("E");
    expect(await stateOf()).toEqual(["unresolved", "escalating", {}]);
    expect((await activity()).slice(0, 2)).toEqual([
      { type: "set_escalating", event_id: expect.any(String), ignoreCount: 3 },
      { type: "set_ignored", ignoreCount: 3 },
    ]);
  });

  test("until the next event comes back with it, as with a count of one", async () => {
    for (const condition of [{ ignoreUntilNext: true }, { ignoreCount: 1 }]) {
      await seen("E");
      await change({ status: "ignored", ...condition });
      await seen("Other");
      expect(await read()).toMatchObject({ status: "ignored", statusDetails: condition });
      await seen("E");
      expect((await read()).status).toBe("unresolved");
    }
  });

  test("until five events in ten minutes comes back by these, not by five in eleven", async () => {
    const minute = 60_000;
    const now = Date.now() + minute;
    const at = (minutes: number[]) =>
      deliverTo(
        stack,
        minutes.map((each) => messageOf(tenant, broke("E"), { receivedAt: now + each * minute })),
      );
    await seen("E");
    await change({ status: "ignored", ignoreCount: 5, ignoreWindow: 10 });
    await at([0, 1]);
    await at([2, 3, 11]);
    expect(await stateOf()).toEqual([
      "ignored",
      "archived_until_condition_met",
      { ignoreCount: 5, ignoreWindow: 10 },
    ]);
    // Between the others: what is within ten minutes is so whenever it is digested.
    await at([8, 9]);
    expect(await stateOf()).toEqual(["unresolved", "escalating", {}]);
  });

  test("until more people comes back by them, whoever was there before", async () => {
    const by = (...ids: string[]) => seen("E", ...ids.map((id) => ({ user: { id } })));
    await by("a", "b");
    await change({ status: "ignored", ignoreUserCount: 2 });
    await by("a", "a");
    expect(await stateOf()).toEqual([
      "ignored",
      "archived_until_condition_met",
      { ignoreUserCount: 2 },
    ]);
    await by("c");
    expect((await read()).status).toBe("unresolved");
  });

  test("for a time is open again with the next run of the schedule after it, and not before", async () => {
    await seen("E");
    await seen("Other");
    await change({ status: "ignored", ignoreDuration: 30 }, "SHOP-1");
    const later = new Date(Date.now() + 3_600_000).toISOString();
    await change({ status: "ignored", statusDetails: { ignoreUntil: later } }, "SHOP-2");
    const isOver = (number: number) =>
      stack.sql.query(
        `update issue_states s set until = now() - interval '1 second' from issues i
          where i.id = s.issue_id and i.project_id = $1 and i.short_number = $2`,
        [tenant.projectId, number],
      );
    await stack.control.runCron("* * * * *");
    expect(await stateOf("SHOP-2")).toEqual([
      "ignored",
      "archived_until_condition_met",
      { ignoreUntil: later },
    ]);
    expect((await read()).status).toBe("ignored");
    await isOver(1);
    // Somebody was faster.
    await isOver(2);
    await change({ status: "resolved" }, "SHOP-2");
    await stack.control.runCron("* * * * *");
    expect(await stateOf()).toEqual(["unresolved", "ongoing", {}]);
    expect(await stateOf("SHOP-2")).toEqual(["resolved", null, {}]);
    expect(await activity()).toMatchObject([
      { type: "set_unresolved", ignoreUntil: expect.any(String) },
      { type: "set_ignored", ignoreUntil: expect.any(String) },
      { type: "first_seen" },
    ]);
  });

  test("forever stays so, whoever wrote it how", async () => {
    for (const body of [
      { status: "muted" },
      { status: "ignored", snoozeDuration: null },
      { status: "ignored", substatus: "archived_forever" },
      { status: "ignored", statusDetails: {} },
    ]) {
      await seen("E");
      await change({ status: "unresolved" });
      await change(body);
      await seen("E", {}, {});
      expect([body, await stateOf()]).toEqual([body, ["ignored", "archived_forever", {}]]);
    }
  });
});

test("the same is said in the details and beside the status, by one issue and by many", async () => {
  await seen("E");
  const table: [body: object, details: object][] = [
    [
      { ignoreCount: 7, ignoreWindow: 60 },
      { ignoreCount: 7, ignoreWindow: 60 },
    ],
    [{ ignoreUserCount: 7 }, { ignoreUserCount: 7 }],
    [{ ignoreDuration: 30 }, { ignoreUntil: expect.any(String) }],
    [{ substatus: "archived_until_escalating" }, { ignoreUntilEscalating: true }],
  ];
  for (const [condition, details] of table) {
    const { substatus, ...rest } = condition as { substatus?: string };
    const bodies = [
      { status: "ignored", ...condition },
      { status: "ignored", statusDetails: rest, ...(substatus && { substatus }) },
    ];
    for (const body of bodies) {
      await change({ status: "unresolved" });
      await change(body);
      expect((await stateOf())[2]).toMatchObject(details);
      await change({ status: "unresolved" });
      const bulk = await put(`${org()}issues/?query=level:error`, body);
      expect(bulk).toMatchObject({ status: "ignored", statusDetails: details });
      expect((await stateOf())[2]).toMatchObject(details);
    }
  }
});

test("what an issue has already is nothing new, and another condition is", async () => {
  await seen("E");
  await untilHandled(stack, tenant);
  const bodies = [
    { status: "ignored", ignoreCount: 5 },
    { status: "ignored" },
    { status: "ignored", substatus: "archived_until_escalating" },
    { status: "resolved" },
    { status: "resolved", inCommit: "abc" },
    { status: "unresolved" },
  ];
  const bulk = `${org()}issues/?query=level:error`;
  for (const body of bodies) {
    expect([body, (await change(body)).undoId]).toEqual([body, expect.any(String)]);
    await changingNothing(stack.sql, JSON.stringify(body), async () => {
      expect((await change(body)).undoId).toBeNull();
      expect(await put(bulk, body)).toMatchObject({ changed: 0, undoId: null });
    });
  }
  for (const body of bodies) expect(await put(bulk, body)).toMatchObject({ changed: 1 });
});

test("an open issue that somebody reviewed is ongoing; one that is done with stays so", async () => {
  await seen("A");
  await seen("B");
  await change({ status: "resolved" }, "SHOP-2");
  const found = async (query: string) => (await tenant.issues(`?query=${query}`)).length;
  expect([await found("is:for_review"), await found("is:new")]).toEqual([1, 1]);
  const bulk = `${org()}issues/?query=level:error`;
  expect(await put(bulk, { inbox: false })).toMatchObject({ changed: 1 });
  expect([await stateOf("SHOP-1"), await stateOf("SHOP-2")]).toEqual([
    ["unresolved", "ongoing", {}],
    ["resolved", null, {}],
  ]);
  expect([await found("is:for_review"), await found("is:ongoing")]).toEqual([0, 1]);
  expect((await activity())[0]).toEqual({ type: "mark_reviewed" });
  await untilHandled(stack, tenant);
  await changingNothing(stack.sql, "reviewed", async () => {
    expect(await put(bulk, { inbox: true })).toMatchObject({ changed: 0, undoId: null });
    expect((await change({ inbox: false }, "SHOP-2")).status).toBe("resolved");
  });
  // What comes back is to be reviewed again.
  await change({ status: "resolved" });
  await seen("A");
  expect(await found("is:for_review")).toBe(1);
});

test("a change that is taken back gives the details back, to each issue its own", async () => {
  await inRelease("A", "1.0");
  await inRelease("B", "1.0");
  await inRelease("C", "1.0");
  await change({ status: "resolved", inRelease: "1.0" }, "SHOP-1");
  await change({ status: "ignored", ignoreCount: 9 }, "SHOP-2");
  const before = await Promise.all(["SHOP-1", "SHOP-2", "SHOP-3"].map(read));
  const { undoId } = await put(`${org()}issues/?query=level:error`, { status: "resolved" });
  for (const id of ["SHOP-1", "SHOP-2", "SHOP-3"]) {
    expect(await stateOf(id)).toEqual(["resolved", null, {}]);
  }
  expect(await undo(undoId)).toEqual([200, { restored: 3, skipped: 0 }]);
  expect(await Promise.all(["SHOP-1", "SHOP-2", "SHOP-3"].map(read))).toEqual(before);
  // What ends it works as before.
  await inRelease("A", "1.0");
  expect((await read()).status).toBe("resolved");
  await inRelease("A", "1.1");
  expect((await read()).status).toBe("unresolved");
});

test("a person who is gone is nobody's actor, and what they did can be taken back", async () => {
  await seen("E");
  await change({ status: "ignored", ignoreCount: 9 });
  const { undoId } = await change({ status: "resolved" });
  await stack.sql.query(
    "update status_change_slices set states = jsonb_set(states, '{0,user_id}', '0') where change_id = $1",
    [undoId],
  );
  expect(await undo(undoId)).toEqual([200, { restored: 1, skipped: 0 }]);
  expect((await read()).statusDetails).toEqual({ ignoreCount: 9, eventsSince: 0 });
});
