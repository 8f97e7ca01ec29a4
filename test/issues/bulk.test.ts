import { expect, test } from "vitest";
import { inSlices } from "../../src/issues/change-issues";
import { makeTenant, useStack } from "../harness";

const stack = useStack();

/** Ids 1 to `last` as a table would give them: those that are left, after one, at most `size`. */
function remaining(last: number, size: number) {
  const left = new Set(Array.from({ length: last }, (_, index) => index + 1));
  const change = async (afterId: number) => {
    const ids = [...left].filter((id) => id > afterId).slice(0, size);
    for (const id of ids) left.delete(id);
    return ids;
  };
  return { left, change };
}

test("what is more than one request can change says so, and goes on when it is sent again", async () => {
  const { left, change } = remaining(25, 10);
  await expect(inSlices(10, 2, "changed", change)).rejects.toMatchObject({
    kind: "unavailable",
    message: expect.stringContaining("20 issues were changed and there are more"),
  });
  expect(left.size).toBe(5);
  await inSlices(10, 2, "changed", change);
  expect(left.size).toBe(0);
});

test("a change of all that a filter finds ends with the last one, also of more than 50 000", async () => {
  const [tenant, other] = [await makeTenant(stack), await makeTenant(stack)];
  const fill = ({ orgId, projectId }: typeof tenant, count: number) =>
    stack.sql.query(
      `insert into issues (org_id, project_id, short_number, level, first_seen_at, last_seen_at, status)
       select $1, $2, n, 4, now(), now(), case when n % 100 = 0 then 'resolved' else 'unresolved' end
         from generate_series(1, $3::integer) n`,
      [orgId, projectId, count],
    );
  await fill(tenant, 51_000);
  await fill(other, 200);
  const path = `/api/0/organizations/${tenant.slug}/issues/?query=level:error`;
  const answer = await tenant.call("PUT", path, { status: "resolved" });
  expect(answer.status).toBe(200);
  const { rows } = await stack.sql.query(
    `select org_id = $1 as mine, status, status_changed_at is not null as changed, count(*)::integer
       from issues where org_id = any($2) group by 1, 2, 3 order by 1, 2, 3`,
    [tenant.orgId, [tenant.orgId, other.orgId]],
  );
  expect(rows).toEqual([
    { mine: false, status: "resolved", changed: false, count: 2 },
    { mine: false, status: "unresolved", changed: false, count: 198 },
    // What had the status already is not touched.
    { mine: true, status: "resolved", changed: false, count: 510 },
    { mine: true, status: "resolved", changed: true, count: 50_490 },
  ]);
});
