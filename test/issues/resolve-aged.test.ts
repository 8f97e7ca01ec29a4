import { expect, test } from "vitest";
import { deliverTo, messageOf } from "../deliver";
import { eventEnvelope, makeTenant, type Tenant, useStack } from "../harness";

const stack = useStack();
const hourMs = 3_600_000;
const hourly = "17 * * * *";

/** Issues that were seen last so many hours ago. */
async function seen(tenant: Tenant, hoursAgo: { [type: string]: number }): Promise<void> {
  const now = Date.now();
  await deliverTo(
    stack,
    Object.entries(hoursAgo).map(([type, hours]) =>
      messageOf(tenant, eventEnvelope({ exception: { values: [{ type, value: "x" }] } }), {
        receivedAt: now - hours * hourMs,
      }),
    ),
  );
}
const statuses = async (tenant: Tenant) =>
  Object.fromEntries((await tenant.issues()).map(({ title, status }) => [title, status]));
const pathOf = async (tenant: Tenant, wanted: string) => {
  const issue = (await tenant.issues()).find(({ title }) => title === wanted);
  return `/api/0/organizations/${tenant.slug}/issues/${issue?.id}/`;
};
const resolveAfter = (tenant: Tenant, resolveAge: number) =>
  tenant.call("PUT", `/api/0/projects/${tenant.slug}/shop/`, { resolveAge });
/** As if the last look had been so many hours earlier. */
const anHourLater = (tenant: Tenant) =>
  stack.sql.query("update projects set aged_until = aged_until - interval '1 hour' where id = $1", [
    tenant.projectId,
  ]);

test("issues that were not seen for as long as their project says are resolved, and say so; reopened ones stay open", async () => {
  const [tenant, other] = [await makeTenant(stack), await makeTenant(stack)];
  await seen(tenant, { Old: 30, Older: 300, Muted: 30, New: 20 });
  await seen(other, { Old: 30 });
  await tenant.call("PUT", await pathOf(tenant, "Muted: x"), { status: "ignored" });
  await stack.control.runCron(hourly);
  expect(new Set(Object.values(await statuses(other)))).toEqual(new Set(["unresolved"]));
  await resolveAfter(tenant, 24);
  await stack.control.runCron(hourly);
  const after = {
    "Old: x": "resolved",
    "Older: x": "resolved",
    "Muted: x": "ignored",
    "New: x": "unresolved",
  };
  expect(await statuses(tenant)).toEqual(after);
  expect(await statuses(other)).toEqual({ "Old: x": "unresolved" });
  const old = await pathOf(tenant, "Old: x");
  const { activity } = await tenant.get<{ activity: object[] }>(`${old}activities/`);
  expect(activity[0]).toMatchObject({
    type: "set_resolved_by_age",
    user: null,
    data: { age: 24 },
  });

  await tenant.call("PUT", old, { status: "unresolved" });
  await anHourLater(tenant);
  await stack.control.runCron(hourly);
  expect(await statuses(tenant)).toEqual({ ...after, "Old: x": "unresolved" });

  await resolveAfter(tenant, 0);
  await seen(tenant, { Late: 50 });
  await stack.control.runCron(hourly);
  expect(await statuses(tenant)).toMatchObject({ "Late: x": "unresolved" });
});

test("thousands are resolved in chunks, also those that were seen at the same moment", async () => {
  const tenant = await makeTenant(stack);
  await stack.sql.query(
    `insert into issues (org_id, project_id, short_number, level, first_seen_at, last_seen_at)
     select $1, $2, n, 4, moment, moment
       from generate_series(1, 1700) n, lateral (
         select now() - interval '3 days' + least(n, 700) * interval '1 second' as moment) at`,
    [tenant.orgId, tenant.projectId],
  );
  await resolveAfter(tenant, 24);
  await stack.control.runCron(hourly);
  const { rows } = await stack.sql.query(
    "select status, count(*)::integer from issues where project_id = $1 group by 1",
    [tenant.projectId],
  );
  expect(rows).toEqual([{ status: "resolved", count: 1700 }]);
});
