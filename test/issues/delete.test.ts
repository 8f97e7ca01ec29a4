import { beforeEach, expect, inject, test } from "vitest";
import { removeDeletedIssues } from "../../src/issues/delete-issues";
import { openDatabase } from "../../src/platform/database";
import { deliverTo, messageOf } from "../deliver";
import {
  eventEnvelope,
  makeTenant,
  newToken,
  type Tenant,
  untilHandled,
  useStack,
} from "../harness";
import { changingNothing } from "../state";
import { finishJobs } from "./finish-jobs";

const stack = useStack();
let tenant: Tenant;

const errorOf = (type: string, fields: object = {}) =>
  eventEnvelope({ exception: { values: [{ type, value: "it broke" }] }, ...fields });

beforeEach(async () => {
  tenant = await makeTenant(stack);
  await deliverTo(stack, [
    messageOf(tenant, errorOf("First", { tags: { plan: "pro" }, user: { id: "1" } })),
    messageOf(tenant, errorOf("First")),
    messageOf(tenant, errorOf("Second", { level: "warning" })),
    messageOf(tenant, errorOf("Third")),
  ]);
});

const titles = async () => (await tenant.issues("?sort=first_seen")).map(({ title }) => title);
const idOf = async (title: string) =>
  (await tenant.issues()).find((issue) => issue.title.startsWith(title))?.id ?? "";
const org = () => `/api/0/organizations/${tenant.slug}/`;
const audit = async () => {
  const { rows } = await stack.sql.query(
    "select event, target, data from audit_log where org_id = $1 order by id",
    [tenant.orgId],
  );
  return rows;
};
/** Rows that are left of issues that are not there. */
const leftovers = async () => {
  const { rows } = await stack.sql.query(
    `select (select count(*)::int from events e where project_id = $1 and not exists (select 1 from issues where id = e.issue_id)) as events,
            (select count(*)::int from issue_tags t where project_id = $1 and not exists (select 1 from issues where id = t.issue_id)) as tags,
            (select count(*)::int from deleted_issues where project_id = $1) as noted`,
    [tenant.projectId],
  );
  return rows[0];
};
const depsOf = () => ({
  db: openDatabase(stack.databaseUrl, 10_000, inject("neonUrl")),
  now: () => new Date(),
});

test.each(["/api/0/issues/", "organization"])(
  "a deleted issue is gone at once from every list and look-up (%s)",
  async (where) => {
    const id = await idOf("First");
    const event = await tenant.get<{ id: string }>(`/api/0/issues/${id}/events/latest/`);
    const below = where === "organization" ? `${org()}issues/` : where;
    const answer = await tenant.call("DELETE", `${below}${id}/`);
    expect([answer.status, await answer.text()]).toEqual([204, ""]);
    expect(await titles()).toEqual(["Second: it broke", "Third: it broke"]);
    const events = await tenant.get<{ groupID: string }[]>(
      `/api/0/projects/${tenant.slug}/shop/events/`,
    );
    expect(events).toHaveLength(2);
    for (const path of [
      `/api/0/issues/${id}/`,
      `/api/0/issues/${id}/events/`,
      `/api/0/issues/${id}/tags/`,
      `${org()}shortids/SHOP-1/`,
      `${org()}eventids/${event.id}/`,
      `/api/0/projects/${tenant.slug}/shop/events/${event.id}/`,
    ]) {
      expect([path, (await tenant.call("GET", path)).status]).toEqual([path, 404]);
    }
    expect((await tenant.call("DELETE", `${below}${id}/`)).status).toBe(404);
    expect(await audit()).toEqual([{ event: "issue.delete", target: "SHOP-1", data: {} }]);
  },
);

test("the next event like those of a deleted issue makes a new one", async () => {
  const id = await idOf("First");
  await tenant.call("DELETE", `/api/0/issues/${id}/`);
  await deliverTo(stack, [messageOf(tenant, errorOf("First"))]);
  const made = (await tenant.issues()).find(({ title }) => title.startsWith("First"));
  expect(made).toMatchObject({ count: "1", shortId: "SHOP-4" });
  expect(made?.id).not.toBe(id);
});

test("all that a filter finds is deleted, with one entry that says how many", async () => {
  const answer = await tenant.call("DELETE", `${org()}issues/?query=level:error`);
  expect([answer.status, await answer.text()]).toEqual([204, ""]);
  expect(await titles()).toEqual(["Second: it broke"]);
  expect(await audit()).toEqual([
    { event: "issue.delete", target: "2 issues", data: { query: "level:error" } },
  ]);
  const rest = `/api/0/projects/${tenant.slug}/shop/issues/?id=${await idOf("Second")}`;
  expect((await tenant.call("DELETE", rest)).status).toBe(204);
  expect(await titles()).toEqual([]);
});

test("more than a thousand are deleted by a job, which may be done with the request", async () => {
  await stack.sql.query(
    `insert into issues (org_id, project_id, short_number, level, first_seen_at, last_seen_at)
     select $1, $2, 100 + n, 5, now(), now() from generate_series(1, 1203) n`,
    [tenant.orgId, tenant.projectId],
  );
  const answer = await tenant.call("DELETE", `${org()}issues/?query=level:fatal`);
  expect(answer.status).toBe(202);
  expect(await answer.json()).toMatchObject({ kind: "delete", total: 1203 });
  await finishJobs(stack);
  expect(await titles()).toHaveLength(3);
  expect((await audit()).map(({ target }) => target)).toEqual([
    "500 issues",
    "500 issues",
    "203 issues",
  ]);
});

test("what is left of deleted issues is removed in the background, and nothing else", async () => {
  await tenant.call("DELETE", `/api/0/issues/${await idOf("First")}/`);
  expect(await leftovers()).toMatchObject({ events: 2, noted: 1, tags: expect.any(Number) });
  await removeDeletedIssues(depsOf() as unknown as Parameters<typeof removeDeletedIssues>[0]);
  expect(await leftovers()).toEqual({ events: 0, tags: 0, noted: 0 });
  expect(await tenant.countEvents()).toBe(2);
  expect(await tenant.get(`/api/0/issues/${await idOf("Second")}/events/`)).toHaveLength(1);
});

test("a forgotten filter, a misspelt key, strangers and readers delete nothing", async () => {
  await untilHandled(stack, tenant);
  const other = await makeTenant(stack);
  const reader = newToken();
  await tenant.addToken(reader, ["event:read", "event:write"]);
  const id = await idOf("First");
  const refusals: [path: string, status: number, bearer?: string][] = [
    [`${org()}issues/`, 400],
    [`${org()}issues/?query=`, 400],
    [`${org()}issues/?statsPeriod=24h`, 400],
    [`/api/0/projects/${tenant.slug}/shop/issues/`, 400],
    [`${org()}issues/?query=levle:error`, 400],
    [`${org()}issues/?query=level:error&limit=1`, 422],
    [`${org()}issues/?id=${id}`, 403, reader],
    [`/api/0/issues/${id}/`, 403, reader],
    [`/api/0/issues/${id}/`, 404, other.token],
    [`${org()}issues/?id=${id}`, 404, other.token],
    [`/api/0/organizations/${other.slug}/issues/?id=${id}`, 204, other.token],
    ["/api/0/issues/SHOP-99/", 404],
  ];
  for (const [path, status, bearer] of refusals) {
    const answer = await changingNothing(stack.sql, path, () =>
      tenant.call("DELETE", path, undefined, bearer),
    );
    expect([path, answer.status]).toEqual([path, status]);
  }
});
