import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { deliverTo, messageOf } from "../deliver";
import { eventEnvelope, makeTenant, randomId, useStack } from "../harness";

const stack = useStack();

test("a batch whose payloads are too many bytes for one copy is stored, and each event reads back", async () => {
  const tenant = await makeTenant(stack);
  const events = Array.from({ length: 40 }, () => ({
    event_id: randomId(),
    message: "large",
    // Nothing that could be compressed to less than half.
    extra: Object.fromEntries(
      Array.from({ length: 16 }, (_, part) => [`part${part}`, randomBytes(7900).toString("hex")]),
    ),
  }));
  const answer = await deliverTo(
    stack,
    events.map((event) => messageOf(tenant, eventEnvelope(event, { event_id: event.event_id }))),
  );
  expect(answer).toMatchObject({ explicitAcks: { length: 40 }, retryMessages: [] });
  const { rows } = await stack.sql.query(
    "select count(*)::int as events, max(segment_offset + segment_length) as bytes from events where project_id = $1",
    [tenant.projectId],
  );
  expect(rows).toEqual([{ events: 40, bytes: expect.any(Number) }]);
  expect(rows[0].bytes).toBeGreaterThan(4 * 1024 * 1024);
  for (const event of [events[0], events[20], events[39]]) {
    const path = `/api/0/projects/${tenant.slug}/shop/events/${event?.event_id}/`;
    expect(await tenant.get(path)).toMatchObject({ context: event?.extra });
  }
});
