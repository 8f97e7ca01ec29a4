import { randomUUID } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import { deliverTo, messageOf } from "../deliver";
import { eventEnvelope, makeMember, makeTenant, newToken, type Tenant, useStack } from "../harness";
import { changingNothing } from "../state";
import { finishJobs } from "./finish-jobs";

const stack = useStack();
let tenant: Tenant;

beforeEach(async () => {
  tenant = await makeTenant(stack);
});

const org = ({ slug } = tenant) => `/api/0/organizations/${slug}/`;
const errorOf = (type: string) =>
  eventEnvelope({ exception: { values: [{ type, value: "it broke" }] } });

/** Issues of these statuses, by their short numbers. */
const fill = (statuses: string[]) =>
  stack.sql.query(
    `with made as (
       insert into issues (org_id, project_id, short_number, level, first_seen_at, last_seen_at, status)
       select $1, $2, n, 4, now(), now(), status from unnest($3::text[]) with ordinality as x(status, n)
       returning id, project_id)
     insert into issue_details (issue_id, project_id, type, title, culprit, metadata, grouping, search_text)
     select id, project_id, 'error', 'E', '', '{}', '{}', 'E' from made`,
    [tenant.orgId, tenant.projectId, statuses],
  );
const statuses = async () => {
  const { rows } = await stack.sql.query(
    "select status from issues where project_id = $1 order by short_number",
    [tenant.projectId],
  );
  return rows.map(({ status }) => status);
};

type Changed = { undoId: string | null; changed?: number; status: string; job?: { id: string } };
const change = async (path: string, status: string) => {
  const answer = await tenant.call("PUT", path, { status });
  expect(answer.status).toBeOneOf([200, 202]);
  const changed = (await answer.json()) as Changed;
  if (!changed.job) return changed;
  await finishJobs(stack);
  const job = await tenant.get<{ changed: number }>(`${org()}issue-jobs/${changed.job.id}/`);
  return { ...changed, changed: job.changed };
};
const undo = async (undoId: string | null, bearer?: string, at = org()) => {
  const answer = await tenant.call("POST", `${at}issues/undo/`, { undoId }, bearer);
  return [answer.status, await answer.json()];
};

test("a change of one issue is taken back, once", async () => {
  await fill(["ignored"]);
  for (const path of ["/api/0/issues/SHOP-1/", `${org()}issues/shop-1/`]) {
    const { undoId, status } = await change(path, "resolved");
    expect(status).toBe("resolved");
    expect(await undo(undoId)).toEqual([200, { restored: 1, skipped: 0 }]);
    expect(await statuses()).toEqual(["ignored"]);
    expect(await undo(undoId)).toEqual([404, { detail: "Not Found" }]);
  }
});

test("a change of all that match is taken back, each issue to what it was", async () => {
  await fill(["unresolved", "ignored", "resolved", "unresolved"]);
  const changed = await change(`${org()}issues/?query=level:error`, "resolved");
  expect(changed).toEqual({ status: "resolved", changed: 3, undoId: expect.any(String) });
  expect(await statuses()).toEqual(Array(4).fill("resolved"));
  expect(await undo(changed.undoId)).toEqual([200, { restored: 3, skipped: 0 }]);
  expect(await statuses()).toEqual(["unresolved", "ignored", "resolved", "unresolved"]);
});

test("what changes nothing has nothing to be taken back", async () => {
  await fill(["resolved"]);
  const answers = await changingNothing(stack.sql, "the same status", async () => [
    await change(`${org()}issues/?query=level:error`, "resolved"),
    await change("/api/0/issues/SHOP-1/", "resolved"),
  ]);
  expect(answers.map(({ undoId }) => undoId)).toEqual([null, null]);
});

test("thousands of issues are changed and taken back in slices", async () => {
  await fill(Array.from({ length: 5000 }, (_, n) => (n % 3 ? "unresolved" : "ignored")));
  const before = await statuses();
  const { undoId, changed } = await change(`${org()}issues/?query=level:error`, "resolved");
  expect(changed).toBe(5000);
  const kept = await stack.sql.query(
    "select count(*)::int as n from status_change_slices where change_id = $1",
    [undoId],
  );
  expect(kept.rows[0].n).toBe(6);
  expect(await undo(undoId)).toEqual([200, { restored: 5000, skipped: 0 }]);
  expect(await statuses()).toEqual(before);
  const left = await stack.sql.query("select 1 from status_changes where id = $1", [undoId]);
  expect(left.rows).toEqual([]);
});

test("what somebody or an event changed since, and what is deleted, stays as it is", async () => {
  await deliverTo(stack, [
    messageOf(tenant, errorOf("First")),
    messageOf(tenant, errorOf("Second")),
    messageOf(tenant, errorOf("Third")),
    messageOf(tenant, errorOf("Fourth")),
    messageOf(tenant, errorOf("Fifth")),
  ]);
  const { undoId } = await change(`${org()}issues/?query=level:error`, "resolved");
  await change("/api/0/issues/SHOP-1/", "ignored");
  // Comes back, and is resolved once more.
  await deliverTo(stack, [
    messageOf(tenant, errorOf("Second")),
    messageOf(tenant, errorOf("Third")),
  ]);
  await change("/api/0/issues/SHOP-2/", "resolved");
  await tenant.call("DELETE", "/api/0/issues/SHOP-4/");
  expect(await undo(undoId)).toEqual([200, { restored: 1, skipped: 4 }]);
  expect(await statuses()).toEqual(["ignored", "resolved", "unresolved", "unresolved"]);
});

test("nobody takes back what is not theirs, too old or never was", async () => {
  await fill(["unresolved"]);
  const other = await makeTenant(stack);
  const reader = newToken();
  await tenant.addToken(reader, ["event:read"]);
  const { undoId } = await change("/api/0/issues/SHOP-1/", "resolved");
  const refused: [status: number, run: () => ReturnType<typeof undo>][] = [
    [404, () => undo(undoId, other.token)],
    [404, () => undo(undoId, other.token, org(other))],
    [403, () => undo(undoId, reader)],
    [404, () => undo(randomUUID())],
    [422, () => undo("x")],
    [422, () => undo(null)],
  ];
  for (const [status, run] of refused) {
    const [answered] = await changingNothing(stack.sql, String(status), run);
    expect(answered).toBe(status);
  }
  await stack.sql.query(
    "update status_changes set changed_at = changed_at - interval '25 hours' where id = $1",
    [undoId],
  );
  expect((await undo(undoId))[0]).toBe(404);
});

test("of an organization the newest changes are kept, so many and of so many issues", async () => {
  await fill(["unresolved"]);
  const insert = (count: number, issues: number, minutes: number) =>
    stack.sql.query(
      `insert into status_changes (id, org_id, status, changed_at, issues)
       select gen_random_uuid(), $1, 'resolved', now() - make_interval(mins => $4, secs => n), $3 from generate_series(1, $2::integer) n`,
      [tenant.orgId, count, issues, minutes],
    );
  const kept = async () => {
    const { rows } = await stack.sql.query(
      "select count(*)::int as n from status_changes where org_id = $1",
      [tenant.orgId],
    );
    return rows[0].n;
  };
  await insert(1200, 1, 1);
  await change("/api/0/issues/SHOP-1/", "resolved");
  expect(await kept()).toBe(1000);
  await insert(3, 700_000, 0);
  await change("/api/0/issues/SHOP-1/", "ignored");
  // The two that were made just now, and of the large ones as many as there is room for.
  expect(await kept()).toBe(4);
});

/** Who has the issues and how urgent they are said to be, by their short numbers. */
const fields = async () => {
  const { rows } = await stack.sql.query(
    `select i.priority, i.priority_locked_at is not null as locked, m.user_id as person, a.team_id as team
       from issues i left join issue_assignments a on a.issue_id = i.id
       left join organization_members m on m.id = a.member_id
      where i.project_id = $1 order by i.short_number`,
    [tenant.projectId],
  );
  return rows;
};
const put = async (query: string, change: object) => {
  const answer = await tenant.call("PUT", `${org()}issues/?${query}`, change);
  expect(answer.status).toBeOneOf([200, 202]);
  return (await answer.json()) as Changed;
};
const all = "query=level:error";

test("who had the issues has them again, whoever is there still", async () => {
  await fill(Array(5).fill("unresolved"));
  const { rows } = await stack.sql.query(
    "insert into teams (org_id, slug) values ($1, 'core') returning id",
    [tenant.orgId],
  );
  await stack.sql.query("insert into project_teams (project_id, team_id) values ($1, $2)", [
    tenant.projectId,
    rows[0].id,
  ]);
  const ben = await makeMember(stack, tenant, "member");
  const give = (number: number, assignedTo: string) =>
    tenant.call("PUT", `/api/0/issues/SHOP-${number}/`, { assignedTo });
  await give(1, "me");
  await give(2, "team:core");
  await give(3, `user:${ben.userId}`);
  const before = await fields();
  const taken = await put(all, { assignedTo: "" });
  expect(taken).toMatchObject({ changed: 3, undoId: expect.any(String) });
  expect(await undo(taken.undoId)).toEqual([200, { restored: 3, skipped: 0 }]);
  expect(await fields()).toEqual(before);
  const given = await put(all, { assignedTo: "me" });
  expect(given).toMatchObject({ changed: 4, undoId: expect.any(String) });
  // Somebody takes one meanwhile, and who had another one is gone.
  await give(5, "team:core");
  await stack.sql.query("delete from organization_members where org_id = $1 and user_id = $2", [
    tenant.orgId,
    ben.userId,
  ]);
  expect(await undo(given.undoId)).toEqual([200, { restored: 3, skipped: 1 }]);
  const nobody = { ...before[3], person: null, team: null };
  expect(await fields()).toEqual([before[0], before[1], nobody, nobody, before[1]]);
  expect((await undo(given.undoId))[0]).toBe(404);
  const { activity } = await tenant.get<{
    activity: { type: string; data: Record<string, unknown> }[];
  }>(`${org()}issues/SHOP-2/activities/`);
  expect(activity[0]).toMatchObject({
    type: "assigned",
    data: { assigneeType: "team", assigneeName: "core", undo: true },
  });
});

test("the priority of issues is as it was, said or not", async () => {
  await fill(Array(4).fill("unresolved"));
  await put("id=" + (await idOf(1)), { priority: "low" });
  const before = await fields();
  const said = await put(all, { priority: "medium" });
  await put("id=" + (await idOf(4)), { priority: "high" });
  const changed = await fields();
  expect(await undo(said.undoId)).toEqual([200, { restored: 3, skipped: 1 }]);
  expect(await fields()).toEqual([before[0], before[1], before[2], changed[3]]);
  const unsaid = await put("id=" + (await idOf(4)), { priority: null });
  expect(await undo(unsaid.undoId)).toEqual([200, { restored: 1, skipped: 0 }]);
  expect(await fields()).toEqual([before[0], before[1], before[2], changed[3]]);
});

const idOf = async (number: number): Promise<string> => {
  const { rows } = await stack.sql.query(
    "select id from issues where project_id = $1 and short_number = $2",
    [tenant.projectId, number],
  );
  return rows[0].id;
};

test("stars of several issues are taken back by whose they are, and a look at one is nothing to take back", async () => {
  await fill(Array(3).fill("unresolved"));
  const marks = async () => {
    const { rows } = await stack.sql.query(
      `select k.seen_at, k.is_bookmarked, k.is_subscribed, i.short_number from issue_marks k join issues i on i.id = k.issue_id
        where i.project_id = $1 order by i.short_number`,
      [tenant.projectId],
    );
    return rows;
  };
  const one = await put("id=" + (await idOf(1)), { hasSeen: true });
  await put("id=" + (await idOf(1)), { isSubscribed: false });
  expect(one).toMatchObject({ changed: 1, undoId: null });
  const before = await marks();
  const starred = await put(all, { isBookmarked: true, hasSeen: true });
  expect(starred.undoId).toEqual(expect.any(String));
  const ben = await makeMember(stack, tenant, "admin");
  expect(await undo(starred.undoId, ben.token)).toEqual([200, { restored: 0, skipped: 3 }]);
  const again = await put(all, { isBookmarked: false });
  expect(await undo(again.undoId)).toEqual([200, { restored: 3, skipped: 0 }]);
  expect((await marks()).map(({ is_bookmarked }) => is_bookmarked)).toEqual([true, true, true]);
  await stack.sql.query(
    "delete from issue_marks where issue_id in (select id from issues where project_id = $1 and short_number > 1)",
    [tenant.projectId],
  );
  await stack.sql.query("update issue_marks set is_bookmarked = false where issue_id = $1", [
    await idOf(1),
  ]);
  const first = await marks();
  const stars = await put(all, { isBookmarked: true });
  expect(await undo(stars.undoId)).toEqual([200, { restored: 3, skipped: 0 }]);
  expect(await marks()).toEqual(first);
  expect(first).toHaveLength(before.length);
});

test("what was changed at once is taken back at once, also of thousands", async () => {
  await fill(Array.from({ length: 2001 }, (_, n) => (n % 3 ? "unresolved" : "resolved")));
  const before = await fields();
  const beforeStatuses = await statuses();
  const changed = await put(all, { status: "resolved", assignedTo: "me", priority: "low" });
  await finishJobs(stack);
  expect(await statuses()).toEqual(Array(2001).fill("resolved"));
  expect(await undo(changed.undoId)).toEqual([200, { restored: 2001, skipped: 0 }]);
  expect(await fields()).toEqual(before);
  expect(await statuses()).toEqual(beforeStatuses);
  const left = await stack.sql.query("select 1 from change_slices where change_id = $1", [
    changed.undoId,
  ]);
  expect(left.rows).toEqual([]);
});
