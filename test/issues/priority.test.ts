import { beforeEach, expect, test } from "vitest";
import { tagOf } from "../../src/issues/tag-queries";
import { makeTenant, type Tenant, untilHandled, useStack } from "../harness";
import { changingNothing } from "../state";

const stack = useStack();
let tenant: Tenant;

beforeEach(async () => {
  tenant = await makeTenant(stack);
});

type Made = {
  level: number;
  people: number;
  days: number;
  unhandled?: boolean;
  escalating?: boolean;
};
const fill = (made: Made[]) =>
  stack.sql.query(
    `with x as (
       select *, row_number() over () as n from json_to_recordset($3::json) as x(
         level smallint, people integer, days integer, unhandled boolean, escalating boolean)
     ), made as (
       insert into issues (org_id, project_id, short_number, level, user_count, first_seen_at, last_seen_at, status_changed_at)
       select $1, $2, n, level, people, now() - days * interval '1 day', now(), date_trunc('second', now()) from x
       returning id, project_id, short_number, status_changed_at
     ), stated as (
       insert into issue_states (issue_id, since, substatus)
       select m.id, m.status_changed_at, 'escalating' from made m join x on x.n = m.short_number where x.escalating
     ), tagged as (
       insert into issue_tags (week, project_id, issue_id, key, value, count, tag)
       select now(), m.project_id, m.id, 'handled', 'no', 1, $4 from made m join x on x.n = m.short_number where x.unhandled)
     insert into issue_details (issue_id, project_id, type, title, culprit, metadata, grouping, search_text)
     select id, project_id, 'error', 'E', '', '{}', '{}', 'E' from made`,
    [tenant.orgId, tenant.projectId, JSON.stringify(made), tagOf("handled", "no")],
  );
const org = () => `/api/0/organizations/${tenant.slug}/`;
type Row = { shortId: string; priority: string; priorityLockedAt: string | null };
const priorities = async (query = "") => {
  const rows = (await tenant.issues(query)) as unknown as Row[];
  return Object.fromEntries(rows.map(({ shortId, priority }) => [shortId, priority]));
};
const found = async (words: string) =>
  Object.keys(await priorities(`?query=${encodeURIComponent(words)}`)).toSorted();

test("follows from level, people, whether anybody caught it, and escalation", async () => {
  const table: [made: Made, priority: string][] = [
    [{ level: 5, people: 0, days: 30 }, "high"],
    [{ level: 4, people: 0, days: 1 }, "high"],
    [{ level: 4, people: 1, days: 30 }, "medium"],
    [{ level: 4, people: 2, days: 30 }, "high"],
    [{ level: 4, people: 1, days: 30, unhandled: true }, "high"],
    [{ level: 4, people: 1, days: 30, escalating: true }, "high"],
    [{ level: 3, people: 9, days: 30 }, "medium"],
    [{ level: 3, people: 10, days: 1 }, "high"],
    [{ level: 3, people: 0, days: 1, unhandled: true }, "high"],
    [{ level: 2, people: 500, days: 1 }, "low"],
    [{ level: 1, people: 0, days: 1, escalating: true }, "medium"],
  ];
  await fill(table.map(([made]) => made));
  const expected = Object.fromEntries(
    table.map(([, priority], n) => [`SHOP-${shown(n)}`, priority]),
  );
  expect(await priorities("?limit=100")).toEqual(expected);
  for (const priority of ["high", "medium", "low"]) {
    const ofIt = Object.keys(expected).filter((id) => expected[id] === priority);
    expect(await found(`issue.priority:${priority}`)).toEqual(ofIt.toSorted());
    expect((await found(`!issue.priority:${priority}`)).length).toBe(table.length - ofIt.length);
  }
});

/** Short ids count in 32 letters. */
const shown = (index: number) => (index + 1).toString(32).toUpperCase();

test("is set by hand, of one issue and of all that match, and given back to what it follows from", async () => {
  await fill([
    { level: 4, people: 0, days: 1 },
    { level: 4, people: 0, days: 1 },
  ]);
  await untilHandled(stack, tenant);
  const put = async (path: string, body: object) => {
    const answer = await tenant.call("PUT", `${org()}issues/${path}`, body);
    expect(answer.status).toBe(200);
    return (await answer.json()) as Row & { changed: number };
  };
  expect(await put("SHOP-1/", { priority: "low" })).toMatchObject({
    priority: "low",
    priorityLockedAt: expect.any(String),
  });
  expect(await priorities()).toEqual({ "SHOP-1": "low", "SHOP-2": "high" });
  const all = "?query=level:error";
  expect(await put(all, { priority: "low" })).toMatchObject({ priority: "low", changed: 1 });
  await changingNothing(stack.sql, "the same priority", async () =>
    expect(await put(all, { priority: "low" })).toMatchObject({ changed: 0 }),
  );
  expect(await found("issue.priority:low")).toEqual(["SHOP-1", "SHOP-2"]);
  const both = await put("SHOP-1/", { priority: null, status: "resolved" });
  expect(both).toMatchObject({ priority: "high", priorityLockedAt: null, status: "resolved" });
  const { activity } = await tenant.get<{ activity: object[] }>(
    `${org()}issues/SHOP-1/activities/`,
  );
  expect(activity).toMatchObject([
    { type: "set_priority", data: {} },
    { type: "set_resolved" },
    { type: "set_priority", data: { priority: "low" }, user: { id: String(tenant.userId) } },
    { type: "first_seen" },
  ]);
});

test("is one of three, and of one's own organization", async () => {
  await fill([{ level: 4, people: 0, days: 1 }]);
  const other = await makeTenant(stack);
  for (const [body, bearer, status] of [
    [{ priority: "urgent" }, tenant.token, 422],
    [{ priority: "" }, tenant.token, 422],
    [{ priority: "low" }, other.token, 404],
  ] as const) {
    const answer = await changingNothing(stack.sql, JSON.stringify(body), () =>
      tenant.call("PUT", `${org()}issues/SHOP-1/`, body, bearer),
    );
    expect([body, answer.status]).toEqual([body, status]);
  }
});
