import { expect, inject, test } from "vitest";
import type { Deps } from "../../src/deps";
import { changeIssue, changeIssues } from "../../src/issues/change-issues";
import type { Asked } from "../../src/issues/filter";
import { findEventAnywhere, scopeOfIssue } from "../../src/issues/find-event";
import { findIssues } from "../../src/issues/find-issues";
import { readIssue, readIssueTags } from "../../src/issues/read-issue";
import { wantedState } from "../../src/issues/status-details";
import { openDatabase } from "../../src/platform/database";
import { openRedis } from "../../src/platform/redis";
import { makeTenant, randomId, type Tenant, useStack } from "../harness";
import { changingNothing } from "../state";

const stack = useStack();

/** What a consumer, a page or another protocol has of the outside: no request and no context of one. */
const depsOf = () =>
  ({
    db: openDatabase(stack.databaseUrl, 10_000, inject("neonUrl")),
    // Away: nothing here needs it.
    redis: openRedis("http://127.0.0.1:1", "none", 500, () => new Date()),
    log: () => undefined,
    now: () => new Date(),
  }) as unknown as Deps;

const everything: Asked = {
  query: undefined,
  issueIds: [],
  projectIds: [],
  environments: [],
  mayBeShortId: true,
};
const orgOf = ({ orgId }: Tenant) => ({ id: orgId, goneProjectIds: [] });
const byNumber = { by: "count", descending: true } as const;

/** Issues with 1, 2, 3 … events, and one event of each. Answers with the ids of the events. */
async function fill({ orgId, projectId }: Tenant, count: number): Promise<string[]> {
  const eventIds = [];
  for (let n = 1; n <= count; n++) {
    const eventId = randomId();
    eventIds.push(eventId);
    await stack.sql.query(
      `with issue as (
         insert into issues (org_id, project_id, short_number, level, event_count, first_seen_at, last_seen_at)
         values ($1, $2::bigint, $3::integer, 4, $3, now(), now()) returning id
       ), described as (
         insert into issue_details (issue_id, project_id, type, title, culprit, metadata, grouping, search_text)
         select id, $2::bigint, 'error', 'Error ' || $3, '', '{}', '{}', 'error ' || $3 from issue
       ), tagged as (
         insert into issue_tags (week, project_id, issue_id, key, value, count, tag)
         select now(), $2::bigint, id, 'plan', 'pro', $3::integer, $3::integer from issue
       )
       insert into events (received_at, project_id, issue_id, event_id, segment_id, segment_offset, segment_length)
       select now(), $2::bigint, id, $4::uuid, '019ab000-0000-7000-8000-000000000001'::uuid, 0, 1 from issue`,
      [orgId, projectId, n, eventId],
    );
  }
  return eventIds;
}

test("issues are found page by page, counted and read without a request", async () => {
  const [tenant, other] = [await makeTenant(stack), await makeTenant(stack)];
  const deps = depsOf();
  await fill(tenant, 3);
  await fill(other, 1);
  const org = orgOf(tenant);
  const page = (cursor?: { value: string; id: string }) =>
    findIssues(deps, org, everything, byNumber, {
      limit: 2,
      cursor: cursor && { ...cursor, backward: false },
    });
  const first = await page();
  expect(first.page.rows.map(({ title }) => title)).toEqual(["Error 3", "Error 2"]);
  expect([first.page.hasMore, first.hits.hits]).toEqual([true, 3]);
  const edge = first.page.rows[1];
  const second = await page({ value: edge?.sortValue ?? "", id: edge?.id ?? "" });
  expect(second.page.rows.map(({ title }) => title)).toEqual(["Error 1"]);
  expect([second.page.hasMore, second.hits.hits]).toEqual([false, 3]);

  const issue = await readIssue(deps, [tenant.orgId], "shop-1");
  expect(issue.title).toBe("Error 1");
  expect(await readIssueTags(deps, [tenant.orgId], issue.id, [])).toMatchObject([
    { key: "plan", value: "pro", total: 1 },
  ]);
  const missing = { kind: "not_found", message: "Not Found" };
  await expect(readIssue(deps, [other.orgId], issue.id)).rejects.toMatchObject(missing);
  await expect(readIssueTags(deps, [other.orgId], issue.id, [])).rejects.toMatchObject(missing);
});

test("an event leads to the issue and the project of its own organization only", async () => {
  const [tenant, other] = [await makeTenant(stack), await makeTenant(stack)];
  const deps = depsOf();
  const [eventId = ""] = await fill(tenant, 1);
  const issue = await readIssue(deps, [tenant.orgId], "SHOP-1");
  expect(await scopeOfIssue(deps, [tenant.orgId], "SHOP-1")).toEqual({
    scope: { issueId: Number(issue.id) },
    projectId: tenant.projectId,
  });
  const missing = { kind: "not_found", message: "Not Found" };
  await expect(scopeOfIssue(deps, [other.orgId], issue.id)).rejects.toMatchObject(missing);
  await expect(findEventAnywhere(deps, other.orgId, eventId)).rejects.toMatchObject(missing);
});

const nobody = { user: null, dialect: "glitchtip" as const, orgs: [] };
const [resolved, ignored, unresolved] = (["resolved", "ignored", "unresolved"] as const).map(
  (status) => wantedState({ status }, new Date(0)),
);

test("issues are changed without a request, and a filter that was forgotten changes nothing", async () => {
  const tenant = await makeTenant(stack);
  const deps = depsOf();
  await fill(tenant, 2);
  const org = orgOf(tenant);
  await changingNothing(stack.sql, "a change of everything", () =>
    expect(changeIssues(deps, org, everything, { state: resolved }, nobody)).rejects.toMatchObject({
      kind: "invalid",
    }),
  );
  const statuses = async () =>
    (
      await stack.sql.query(
        "select status from issues where project_id = $1 order by short_number",
        [tenant.projectId],
      )
    ).rows.map(({ status }) => status);
  const changed = await changeIssue(deps, [tenant.orgId], "SHOP-2", { state: ignored }, nobody);
  expect([changed.issue.status, await statuses()]).toEqual(["ignored", ["unresolved", "ignored"]]);
  await changeIssues(
    deps,
    org,
    { ...everything, query: "is:unresolved" },
    { state: resolved },
    nobody,
  );
  expect(await statuses()).toEqual(["resolved", "ignored"]);
  const whole = { ...everything, projectId: tenant.projectId, isWholeProject: true };
  await changeIssues(deps, org, whole, { state: unresolved }, nobody);
  expect(await statuses()).toEqual(["unresolved", "unresolved"]);
});
