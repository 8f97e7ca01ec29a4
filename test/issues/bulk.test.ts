import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { scopes } from "../../src/access/schemas";
import { changeIssues } from "../../src/issues/change-issues";
import { workOnJobs } from "../../src/issues/jobs";
import { makeTenant, type Tenant, useStack } from "../harness";
import { changingNothing } from "../state";
import { depsWith, finishJobs } from "./finish-jobs";

const stack = useStack();

const fill = ({ orgId, projectId }: Tenant, count: number) =>
  stack.sql.query(
    `insert into issues (org_id, project_id, short_number, level, first_seen_at, last_seen_at, status)
     select $1, $2, n, 4, now(), now(), case when n % 100 = 0 then 'resolved' else 'unresolved' end
       from generate_series(1, $3::integer) n`,
    [orgId, projectId, count],
  );
const statuses = async ({ orgId }: Tenant) => {
  const { rows } = await stack.sql.query(
    `select status, status_changed_at is not null as changed, count(*)::integer
       from issues where org_id = $1 group by 1, 2 order by 1, 2`,
    [orgId],
  );
  return rows.map(({ status, changed, count }) => [status, changed, count]);
};
const path = ({ slug }: Tenant) => `/api/0/organizations/${slug}/`;

test("a change of more than a thousand issues is a job, which ends at the number that it began with", async () => {
  const [tenant, other] = [await makeTenant(stack), await makeTenant(stack)];
  await fill(tenant, 6000);
  await fill(other, 200);
  const answer = await tenant.call("PUT", `${path(tenant)}issues/?query=level:error`, {
    status: "resolved",
  });
  const begun = (await answer.json()) as { undoId: string; job: { id: string } };
  expect([answer.status, begun]).toMatchObject([
    202,
    { status: "resolved", undoId: expect.any(String), job: { kind: "change", total: 5940 } },
  ]);
  await finishJobs(stack);
  expect(await tenant.get(`${path(tenant)}issue-jobs/${begun.job.id}/`)).toMatchObject({
    state: "done",
    done: 5940,
    total: 5940,
    changed: 5940,
    undoId: begun.undoId,
  });
  // What had the status already is not touched, and nothing of others.
  expect(await statuses(tenant)).toEqual([
    ["resolved", false, 60],
    ["resolved", true, 5940],
  ]);
  expect(await statuses(other)).toEqual([
    ["resolved", false, 2],
    ["unresolved", false, 198],
  ]);
  const undone = await tenant.call("POST", `${path(tenant)}issues/undo/`, { undoId: begun.undoId });
  expect(await undone.json()).toEqual({ restored: 5940, skipped: 0 });
  expect(await statuses(tenant)).toMatchObject([
    ["resolved", false, 60],
    ["unresolved", true, 5940],
  ]);
});

test("a thousand are changed at once", async () => {
  const tenant = await makeTenant(stack);
  await fill(tenant, 1000);
  const answer = await tenant.call("PUT", `${path(tenant)}issues/?query=level:error`, {
    status: "ignored",
  });
  expect([answer.status, await answer.json()]).toMatchObject([200, { changed: 1000 }]);
  expect(await tenant.get(`${path(tenant)}issue-jobs/`)).toEqual([]);
});

/** A job that nobody has worked on yet: the clock leaps a minute whenever somebody looks. */
async function begunJob(tenant: Tenant) {
  let at = Date.now();
  const deps = depsWith(stack, () => (at += 60_000));
  const asked = {
    query: "level:error",
    issueIds: [],
    projectIds: [],
    environments: [],
    mayBeShortId: false,
  };
  const change = { state: { status: "resolved" as const, substatus: null, rule: null } };
  const by = { user: null, orgs: [] } as unknown as Parameters<typeof changeIssues>[4];
  const org = { id: tenant.orgId, goneProjectIds: [] };
  const { job, undoId } = await changeIssues(deps, org, asked, change, by);
  if (!job) throw new Error("there is no job");
  return { id: job.id, undoId, later: depsWith(stack, () => at + 3_600_000) };
}

test("two who work on the same job do nothing twice", async () => {
  const tenant = await makeTenant(stack);
  await fill(tenant, 5000);
  const { id, later } = await begunJob(tenant);
  expect(await statuses(tenant)).toContainEqual(["unresolved", false, 4950]);
  await Promise.all([workOnJobs(later), workOnJobs(later)]);
  await workOnJobs(later);
  expect(await tenant.get(`${path(tenant)}issue-jobs/${id}/`)).toMatchObject({
    state: "done",
    done: 4950,
    changed: 4950,
  });
});

test("a job that is ended goes no further, and is not taken back while it is at work", async () => {
  const tenant = await makeTenant(stack);
  await fill(tenant, 3000);
  const { id, undoId, later } = await begunJob(tenant);
  const undo = await tenant.call("POST", `${path(tenant)}issues/undo/`, { undoId });
  expect([undo.status, await undo.json()]).toEqual([
    409,
    { detail: expect.stringContaining(`${path(tenant)}issue-jobs/${id}/`) },
  ]);
  const address = `${path(tenant)}issue-jobs/${id}/`;
  const ended = await tenant.call("DELETE", address);
  expect([ended.status, await ended.json()]).toMatchObject([200, { state: "cancelled", done: 0 }]);
  await workOnJobs(later);
  expect(await tenant.get(address)).toMatchObject({ state: "cancelled", done: 0, total: 2970 });
  expect(await statuses(tenant)).toContainEqual(["unresolved", false, 2970]);
  // It has ended, and stays so.
  expect((await tenant.call("DELETE", address)).status).toBe(200);
});

test("a job that fails time and again is given up, says why, and changes nothing", async () => {
  const tenant = await makeTenant(stack);
  await fill(tenant, 3);
  const { rows } = await stack.sql.query(
    `with job as (
       insert into issue_jobs (id, org_id, kind, issue_ids, task, at, total, created_at, leased_until)
       values (gen_random_uuid(), $1, 'delete', '{}', '{"actor": {}}', '{}', 3, now(), now()) returning id
     )
     insert into issue_job_slices (job_id, slice, issue_ids)
     select id, 0, array(select id from issues where org_id = $1) from job returning job_id`,
    [tenant.orgId],
  );
  const address = `${path(tenant)}issue-jobs/${rows[0].job_id}/`;
  for (let hour = 1; hour <= 20; hour++) {
    await workOnJobs(depsWith(stack, () => Date.now() + hour * 2 * 3_600_000));
  }
  expect(await tenant.get(address)).toMatchObject({
    state: "failed",
    done: 0,
    total: 3,
    error: expect.stringContaining("null"),
  });
  expect(await statuses(tenant)).toEqual([["unresolved", false, 3]]);
});

test("a change that finds no issue is 204 to Sentry's clients, one that finds it so already is not", async () => {
  const tenant = await makeTenant(stack);
  const sentry = `sntryu_${randomBytes(32).toString("hex")}`;
  await tenant.addToken(sentry, scopes);
  const put = async (query: string, bearer?: string) => {
    const path = `/api/0/organizations/${tenant.slug}/issues/?${query}`;
    const answer = await tenant.call("PUT", path, { status: "resolved" }, bearer);
    return [answer.status, await answer.text()];
  };
  for (const query of ["query=is:linked", "id=999999999", "query=level:fatal"]) {
    await changingNothing(stack.sql, query, async () => {
      expect([query, await put(query, sentry)]).toEqual([query, [204, ""]]);
      const [status, text] = await put(query);
      expect([status, JSON.parse(String(text))]).toEqual([
        200,
        { status: "resolved", changed: 0, undoId: null },
      ]);
    });
  }
  await fill(tenant, 1);
  expect((await put("query=level:error", sentry))[0]).toBe(200);
  expect((await put("query=level:error", sentry))[0]).toBe(200);
});
