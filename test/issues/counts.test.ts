import { beforeAll, expect, test } from "vitest";
import { makeTenant, type Tenant, useStack } from "../harness";

const stack = useStack();
let tenant: Tenant;

beforeAll(async () => {
  tenant = await makeTenant(stack);
  await stack.sql.query(
    `with made as (
       insert into issues (org_id, project_id, short_number, level, first_seen_at, last_seen_at, status)
       select $1, $2, n, case when n % 2 = 0 then 4 else 2 end, now(), now() - n * interval '1 second',
              case when n % 5 = 0 then 'resolved' else 'unresolved' end
         from generate_series(1, 10050) n returning id, project_id),
     said as (
       insert into issue_texts (since, org_id, issue_id, is_fact, hashes, text)
       select now(), $1, id, false, '{}', E'\\n\\x03cart is empty' from made)
     insert into issue_details (issue_id, project_id, type, title, culprit, metadata, grouping, search_text)
     select id, project_id, 'error', 'E', '', '{}', '{}', 'cart is empty' from made`,
    [tenant.orgId, tenant.projectId],
  );
});

const ask = (searches: string[], more = "") => {
  const query = new URLSearchParams(searches.map((search) => ["query", search]));
  return tenant.call("GET", `/api/0/organizations/${tenant.slug}/issues/counts/?${query}${more}`);
};

test("the tabs of a list are counted in one request, each up to its bound", async () => {
  const answer = await ask(["is:resolved", "is:unresolved level:info", "", "cart", "is:ignored"]);
  expect([answer.status, await answer.json()]).toEqual([
    200,
    [
      { query: "is:resolved", count: 2010, more: false },
      { query: "is:unresolved level:info", count: 4020, more: false },
      { query: "", count: 10_000, more: true },
      { query: "cart", count: 1000, more: true },
      { query: "is:ignored", count: 0, more: false },
    ],
  ]);
});

test("counts obey project, environment and time, and are of the organization alone", async () => {
  const other = await makeTenant(stack);
  const answers = await Promise.all([
    ask(["is:resolved"], `&project=${tenant.projectId}&statsPeriod=1d`),
    ask(["is:resolved"], "&environment=staging"),
    ask(["is:resolved"], "&end=now-1d"),
    other.call("GET", `/api/0/organizations/${other.slug}/issues/counts/?query=is:resolved`),
    tenant.call("GET", `/api/0/organizations/${tenant.slug}/issues/counts/`),
  ]);
  const counts = await Promise.all(
    answers.map(async (answer) =>
      ((await answer.json()) as { count: number }[]).map(({ count }) => count),
    ),
  );
  expect(counts).toEqual([[2010], [0], [0], [0], []]);
});

test("a search that cannot be answered, too many of them and strangers are refused", async () => {
  const other = await makeTenant(stack);
  const stranger = await tenant.call(
    "GET",
    `/api/0/organizations/${tenant.slug}/issues/counts/?query=`,
    undefined,
    other.token,
  );
  const refusals = [await ask(["is:banana"]), await ask(Array(9).fill("a")), stranger];
  expect(refusals.map(({ status }) => status)).toEqual([400, 422, 404]);
});
