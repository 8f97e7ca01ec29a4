import { randomUUID } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import { deliverTo, messageOf } from "../deliver";
import { eventEnvelope, makeTenant, newToken, type Tenant, useStack } from "../harness";
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
