import { expect, test } from "vitest";
import { deliverTo, messageOf } from "../deliver";
import { eventEnvelope, makeTenant, useStack } from "../harness";

const stack = useStack({ fresh: true });
const retentionDays = 90;
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);

// A week's partition goes when its last day is old enough, so what belongs to its events stays eight days longer.
test("an issue and the payloads of its day outlive the last partition that may have its events", async () => {
  const { bucket } = stack.control;
  const tenant = await makeTenant(stack);
  const days = [11, retentionDays + 7, retentionDays + 9];
  const segmentOf = (day: number) =>
    `segments/${daysAgo(day).toISOString().slice(0, 10)}/of-day-${day}`;
  for (const day of days) {
    await bucket.put(segmentOf(day), "x");
    const exception = { values: [{ type: `Day${day}`, value: "x" }] };
    await deliverTo(stack, [messageOf(tenant, eventEnvelope({ exception }))]);
    await stack.sql.query(
      `update issues set first_seen_at = $2, last_seen_at = $2
        where id = (select max(id) from issues where project_id = $1)`,
      [tenant.projectId, daysAgo(day)],
    );
  }
  await stack.control.runCron("17 * * * *");
  const titles = (await tenant.issues()).map(({ title }) => title);
  expect(titles).toEqual(["Day11: x", `Day${retentionDays + 7}: x`]);
  const kept = await Promise.all(days.map((day) => bucket.get(segmentOf(day))));
  expect(kept.map((body) => body !== undefined)).toEqual([true, true, false]);
});
