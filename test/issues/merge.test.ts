import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { workOnJobs } from "../../src/issues/jobs";
import { mergeIssues } from "../../src/issues/merge";
import { deliverTo, messageOf } from "../deliver";
import { makeTenant, newToken, type Tenant, untilHandled, useStack } from "../harness";
import { changingNothing } from "../state";
import { depsWith } from "./finish-jobs";
import { errorOf, momentOf, numbersIn, recount, type Sent, shown } from "./recount";

const stack = useStack();
let tenant: Tenant;

const deliver = (sent: Sent[]) =>
  deliverTo(
    stack,
    sent.map((each) => messageOf(tenant, errorOf(each), { receivedAt: momentOf(each) })),
  );

const numbers = () => numbersIn(stack, tenant);
const org = () => `/api/0/organizations/${tenant.slug}/`;
const idOf = async (type: string) =>
  (await tenant.issues("?sort=first_seen")).find(({ title }) => title.startsWith(type))?.id ?? "";
const merge = (ids: string[], body: object = { merge: 1 }, bearer?: string) =>
  tenant.call("PUT", `${org()}issues/?${ids.map((id) => `id=${id}`).join("&")}`, body, bearer);

beforeEach(async () => {
  tenant = await makeTenant(stack);
});

const some: Sent[] = [
  { type: "Old", hoursAgo: 30, user: "1", plan: "pro", environment: "staging" },
  { type: "Old", hoursAgo: 3, user: "2", plan: "free" },
  { type: "Young", hoursAgo: 20, user: "2", plan: "free" },
  { type: "Young", hoursAgo: 2, user: "3", plan: "team", environment: "production" },
  { type: "Other", hoursAgo: 1, user: "9" },
];

describe("issues that are merged", () => {
  test("are one, whose numbers are those of all their events", async () => {
    await deliver(some);
    const [old, young] = [await idOf("Old"), await idOf("Young")];
    const answer = await merge([young, old]);
    expect([answer.status, await answer.json()]).toEqual([
      200,
      {
        merge: { parent: old, children: [young] },
        changed: 1,
        undoId: expect.any(String),
        job: expect.objectContaining({ kind: "merge", state: "done", done: 2, total: 2 }),
      },
    ]);
    expect(await numbers()).toEqual({
      [old]: recount(some.slice(0, 4)),
      [await idOf("Other")]: recount(some.slice(4)),
    });
    const issue = await tenant.get<Record<string, unknown>>(`/api/0/issues/${old}/`);
    // It is called by its newest event.
    expect(issue).toMatchObject({
      id: old,
      shortId: "SHOP-1",
      title: "Young: it broke",
      count: "4",
      userCount: 3,
      environments: ["production", "staging"],
    });
    expect(await tenant.get(`${org()}issues/?query=Old`)).toMatchObject([{ id: old }]);
    expect(await tenant.get(`${org()}issues/?query=plan:team`)).toMatchObject([{ id: old }]);
  });

  test("are found by every id, short id and hash that they had, and are in no list", async () => {
    await deliver(some);
    const [old, young] = [await idOf("Old"), await idOf("Young")];
    const event = await tenant.get<{ id: string }>(`/api/0/issues/${young}/events/latest/`);
    await merge([old, young]);
    for (const path of [
      `/api/0/issues/${young}/`,
      `${org()}issues/${young}/`,
      `${org()}issues/SHOP-2/`,
    ]) {
      expect([path, await tenant.get(path)]).toEqual([path, expect.objectContaining({ id: old })]);
    }
    expect(await tenant.get(`${org()}shortids/SHOP-2/`)).toMatchObject({ groupId: old });
    expect(await tenant.get(`${org()}eventids/${event.id}/`)).toMatchObject({ groupId: old });
    expect(await tenant.get(`${org()}search/?query=SHOP-2`)).toMatchObject({
      issues: [{ id: old }],
    });
    expect(await tenant.get(`/api/0/issues/${young}/events/`)).toHaveLength(4);
    expect(await tenant.get(`/api/0/issues/${young}/stats/`)).toMatchObject({ count: "4" });
    expect((await tenant.issues()).map(({ id }) => id)).toEqual([await idOf("Other"), old]);
    await deliver([{ type: "Young" }, { type: "Old" }]);
    expect(await tenant.get(`/api/0/issues/${old}/`)).toMatchObject({ count: "6" });
    expect(await tenant.issues()).toHaveLength(2);
  });

  test("stay under the one that was named, with the comments of all and a note of who was merged", async () => {
    await deliver(some);
    const [old, young] = [await idOf("Old"), await idOf("Young")];
    await tenant.call("POST", `/api/0/issues/${old}/comments/`, { data: { text: "Seen" } });
    const answer = await merge([old, young], { merge: true, mergeInto: young });
    expect(await answer.json()).toMatchObject({ merge: { parent: young, children: [old] } });
    expect(await tenant.get(`/api/0/issues/${old}/`)).toMatchObject({
      id: young,
      shortId: "SHOP-2",
      numComments: 1,
      firstSeen: shown(30),
    });
    const { activity } = await tenant.get<{ activity: unknown[] }>(
      `${org()}issues/${young}/activities/`,
    );
    expect(activity).toMatchObject([
      {
        type: "merge",
        user: { id: String(tenant.userId) },
        data: { issues: [{ id: old, shortId: "SHOP-1", title: "Old: it broke" }] },
      },
      { type: "note", data: { text: "Seen" } },
      { type: "first_seen" },
    ]);
  });

  test("name their hashes, each with its events and the issue that it led to", async () => {
    await deliver(some);
    const [old, young] = [await idOf("Old"), await idOf("Young")];
    await merge([old, young]);
    type Row = { count: number; latestEvent: { title: string } | null; formerIssue: unknown };
    const rows = await tenant.get<Row[]>(`/api/0/issues/${old}/hashes/`);
    const counted = rows.filter(({ count }) => count > 0);
    expect(
      counted.toSorted((a, b) => (a.formerIssue ? 1 : 0) - (b.formerIssue ? 1 : 0)),
    ).toMatchObject([
      { count: 2, isCapped: false, latestEvent: { title: "Old: it broke" }, formerIssue: null },
      {
        count: 2,
        firstSeen: shown(20),
        lastSeen: shown(2),
        latestEvent: { title: "Young: it broke", groupID: old },
        formerIssue: { id: young, shortId: "SHOP-2", title: "Young: it broke" },
        mergedBySeer: false,
        seerMatchDistance: null,
      },
    ]);
    const answer = await tenant.call("GET", `${org()}issues/${old}/hashes/?limit=1&full=false`);
    expect(await answer.json()).toHaveLength(1);
    expect(answer.headers.get("link")).toContain('rel="next"; results="true"');
  });

  test("bring no events for which an ignored one waits", async () => {
    await deliver(some);
    const [old, young] = [await idOf("Old"), await idOf("Young")];
    const ignored = { status: "ignored", statusDetails: { ignoreCount: 2 } };
    await tenant.call("PUT", `/api/0/issues/${old}/`, ignored);
    await merge([old, young]);
    const comes = (type: string) => deliverTo(stack, [messageOf(tenant, errorOf({ type }))]);
    await comes("Young");
    const statusNow = async () =>
      (await tenant.get<{ status: string; count: string }>(`/api/0/issues/${old}/`)).status;
    expect(await statusNow()).toBe("ignored");
    await comes("Old");
    expect(await statusNow()).toBe("unresolved");
  });

  test("go together, and an old id deletes nothing", async () => {
    await deliver(some);
    const [old, young] = [await idOf("Old"), await idOf("Young")];
    await merge([old, young]);
    for (const name of [young, "SHOP-2"]) {
      expect((await tenant.call("DELETE", `/api/0/issues/${name}/`)).status).toBe(404);
    }
    expect((await tenant.call("DELETE", `/api/0/issues/${old}/`)).status).toBe(204);
    expect((await tenant.call("GET", `/api/0/issues/${young}/`)).status).toBe(404);
    const { rows } = await stack.sql.query(
      "select issue_id from deleted_issues where project_id = $1 order by 1",
      [tenant.projectId],
    );
    expect(rows.map(({ issue_id }) => issue_id)).toEqual([old, young]);
  });
});

test("a merge that is not meant, of other projects or by whoever may not, changes nothing", async () => {
  await deliver(some);
  await untilHandled(stack, tenant);
  const other = await makeTenant(stack);
  await deliverTo(stack, [messageOf(other, errorOf({ type: "Foreign" }))]);
  await untilHandled(stack, tenant);
  const [old, young] = [await idOf("Old"), await idOf("Young")];
  const foreign = (await other.issues())[0]?.id ?? "";
  const reader = newToken();
  await tenant.addToken(reader, ["event:read"]);
  const refusals: [ids: string[], body: object, status: number, bearer?: string][] = [
    [[], { merge: 1 }, 400],
    [[old], { merge: 1 }, 400],
    [[old, old], { merge: 1 }, 400],
    [[old, foreign], { merge: 1 }, 400],
    [[old, young], { merge: 1, mergeInto: foreign }, 400],
    [[old, young], { merge: 1, status: "resolved" }, 400],
    [[old, young], { merge: 1, hasSeen: true }, 400],
    [[old, young], { merge: 1, isBookmarked: false }, 400],
    [[old, young], { merge: 1, substatus: "ongoing" }, 400],
    [[old, young], { merge: 1, statusDetails: {} }, 400],
    [[old, young], { mergeInto: old }, 400],
    [[old, young], { merge: "yes" }, 422],
    [[old, young], { merge: 1 }, 403, reader],
    [[old, young], { merge: 1 }, 404, other.token],
  ];
  await changingNothing(stack.sql, "merging", async () => {
    for (const [ids, body, status, bearer] of refusals) {
      expect([ids, body, (await merge(ids, body, bearer)).status]).toEqual([ids, body, status]);
    }
    const single = await tenant.call("PUT", `/api/0/issues/${old}/`, { merge: 1 });
    expect(single.status).toBe(422);
  });
});

describe("a merge of many events", () => {
  // Workers have it, Node does not; nobody waits for anybody here.
  beforeAll(() => void vi.stubGlobal("scheduler", { wait: async () => undefined }));
  afterAll(() => void vi.unstubAllGlobals());
  const many = 9000;
  let [old, young] = ["", ""];
  const ended = (clock: () => number) => {
    const asked = { issueIds: [Number(old), Number(young)] };
    return mergeIssues(
      depsWith(stack, clock),
      { id: tenant.orgId, slug: tenant.slug },
      asked,
      null,
    );
  };
  const numbersOfAll = async () => Object.values(await numbers()) as Record<string, number>[];

  beforeEach(async () => {
    await deliver([
      { type: "Old", hoursAgo: 2 },
      { type: "Young", hoursAgo: 1 },
    ]);
    [old, young] = [await idOf("Old"), await idOf("Young")];
    await stack.sql.query(
      `insert into events (received_at, project_id, issue_id, event_id, segment_id, segment_offset, segment_length, user_hash)
       select now(), $1, $2, gen_random_uuid(), gen_random_uuid(), 0, 1, n % 3000 from generate_series(1, $3::integer) n`,
      [tenant.projectId, young, many],
    );
    await stack.sql.query("update issues set event_count = event_count + $2 where id = $1", [
      young,
      many,
    ]);
    await stack.sql.query(
      "insert into issue_users (issue_id, user_hash) select $1, n from generate_series(0, 2999) n",
      [young],
    );
    await stack.sql.query("update issues set user_count = 3000 where id = $1", [young]);
  });

  // The clock leaps a minute whenever somebody looks: who began has no time left.
  test("goes on where it was ended, counts nothing twice, and refuses a second one meanwhile", async () => {
    let at = Date.now();
    const leaping = () => (at += 60_000);
    const { job } = await ended(leaping);
    expect(job).toMatchObject({ state: "running", total: many + 1 });
    const [halfway] = await numbersOfAll();
    expect(halfway?.events).toBe(halfway?.stored);
    expect(halfway?.events).toBeLessThan(many);
    const refused = await merge([old, young]);
    expect(refused.status).toBe(400);
    await deliver([{ type: "Third" }]);
    const second = await merge([old, await idOf("Third")]);
    expect([second.status, await second.json()]).toEqual([
      409,
      {
        detail: expect.stringContaining(
          `/api/0/organizations/${tenant.slug}/issue-jobs/${job.id}/`,
        ),
      },
    ]);
    const later = () => at + 600_000;
    // Events arrive meanwhile, of both.
    await Promise.all([
      workOnJobs(depsWith(stack, later)),
      workOnJobs(depsWith(stack, later)),
      deliver([{ type: "Young" }, { type: "Old", user: "a" }]),
      deliver([{ type: "Young", user: "a" }]),
    ]);
    await workOnJobs(depsWith(stack, later));
    expect(await tenant.get(`${org()}issue-jobs/${job.id}/`)).toMatchObject({
      state: "done",
      done: many + 1,
      total: many + 1,
      error: null,
    });
    const [merged] = await numbersOfAll();
    expect(merged).toMatchObject({ events: many + 5, stored: many + 5, users: 3001 });
    expect(await tenant.get(`${org()}issue-jobs/`)).toMatchObject([{ id: job.id, kind: "merge" }]);
  });

  test("ends when the issue is deleted meanwhile", async () => {
    let at = Date.now();
    const { job } = await ended(() => (at += 60_000));
    expect((await tenant.call("DELETE", `/api/0/issues/${old}/`)).status).toBe(204);
    await workOnJobs(depsWith(stack, () => at + 600_000));
    expect(await tenant.get(`${org()}issue-jobs/${job.id}/`)).toMatchObject({ state: "done" });
    expect(await numbersOfAll()).toHaveLength(0);
  });

  test("is nobody else's to see", async () => {
    const { job } = await ended(Date.now);
    const other = await makeTenant(stack);
    for (const path of [`${org()}issue-jobs/`, `${org()}issue-jobs/${job.id}/`]) {
      expect((await other.call("GET", path)).status).toBe(404);
    }
    const theirs = `/api/0/organizations/${other.slug}/issue-jobs/`;
    expect(await other.get(theirs)).toEqual([]);
    expect((await other.call("GET", `${theirs}${job.id}/`)).status).toBe(404);
    expect((await other.call("GET", `${theirs}1/`)).status).toBe(404);
  });
});
