import { describe, expect, test } from "vitest";
import { uuidv7 } from "../../src/platform/ids";
import { deliverTo, messageOf } from "../deliver";
import { eventEnvelope, makeTenant, randomId, type Tenant, useStack } from "../harness";

const stack = useStack({ fresh: true });
const dayMs = 86_400_000;
const daysAgo = (days: number) => Date.now() - days * dayMs;
const deliver = (messages: Uint8Array[], attempts = 1) => deliverTo(stack, messages, { attempts });
const withSession = (body: string) => `${body}\n{"type":"session"}\n{}`;

describe("a message that comes again", () => {
  test.each([0, 7, 9, 20, 40])(
    "%i days after it was received leaves what it left",
    async (days) => {
      const tenant = await makeTenant(stack);
      const body = withSession(eventEnvelope({ user: { id: "u1" } }));
      const message = messageOf(tenant, body, { receivedAt: daysAgo(days) });
      for (let time = 0; time < 3; time++) {
        expect((await deliver([message])).retryMessages).toEqual([]);
      }
      expect(await tenant.countEvents()).toBe(1);
      expect(await tenant.issues()).toMatchObject([{ count: "1", userCount: 1 }]);
      expect(await tenant.outcomes()).toEqual({
        "error accepted": 1,
        "session filtered not_supported": 1,
      });
    },
  );

  test("beside new ones changes neither", async () => {
    const tenant = await makeTenant(stack);
    const old = messageOf(tenant, eventEnvelope(), { receivedAt: daysAgo(30) });
    await deliver([old]);
    await deliver([messageOf(tenant, eventEnvelope()), old, messageOf(tenant, eventEnvelope())]);
    expect(await tenant.countEvents()).toBe(3);
    expect(await tenant.outcomes()).toEqual({ "error accepted": 3 });
  });

  test("after the hourly job is not counted again as long as a letter may be replayed", async () => {
    const tenant = await makeTenant(stack);
    const receivedAt = daysAgo(45);
    const partition = "select ensure_partitions('counted_messages', $1, 1)";
    await stack.sql.query(partition, [new Date(receivedAt)]);
    const message = messageOf(tenant, '{}\n{"type":"session"}\n{}', { receivedAt });
    await deliver([message]);
    await stack.control.runCron("17 * * * *");
    await deliver([message]);
    expect(await tenant.outcomes()).toEqual({ "session filtered not_supported": 1 });
  });
});

describe("the same event in two requests", () => {
  test.each([
    [7, 1],
    [9, 2],
  ])("%i days apart is %i", async (days, stored) => {
    for (const order of ["older first", "newer first"]) {
      const tenant = await makeTenant(stack);
      const body = eventEnvelope();
      const pair = [
        messageOf(tenant, body, { receivedAt: daysAgo(days) }),
        messageOf(tenant, body),
      ];
      for (const message of order === "older first" ? pair : pair.toReversed()) {
        await deliver([message]);
      }
      await deliver(pair);
      expect([order, await tenant.countEvents()]).toEqual([order, stored]);
    }
  });
});

describe("a parked body", () => {
  const parked = async (tenant: Tenant, body?: string) => {
    const blob = `inbox/2026-01-01/${randomId()}`;
    const { bucket } = stack.control;
    if (body) await bucket.put(blob, body);
    return { bucket, blob, message: messageOf(tenant, "", { blob }) };
  };
  const lettersOf = async (tenant: Tenant) =>
    (
      await tenant.get<{ letters: { id: string; queue: string; reason: string }[] }>(
        "/api/0/internal/dead-letters/",
      )
    ).letters;
  const replay = (tenant: Tenant, letter: object | undefined) =>
    tenant.call("POST", "/api/0/internal/dead-letters/replay/", letter);

  test("that is gone from a message that was digested is no loss, with events, counts or nothing in it", async () => {
    for (const body of [eventEnvelope(), '{}\n{"type":"session"}\n{}', "{}"]) {
      const tenant = await makeTenant(stack);
      const { bucket, blob, message } = await parked(tenant, body);
      expect((await deliver([message])).explicitAcks).toEqual(["m0"]);
      expect(await bucket.get(blob)).toBeUndefined();
      const before = [await tenant.countEvents(), await tenant.outcomes()];
      expect((await deliver([message], 5)).explicitAcks).toEqual(["m0"]);
      expect([await tenant.countEvents(), await tenant.outcomes()]).toEqual(before);
    }
  });

  test("that is gone before its message was digested makes a dead letter that says so and stays", async () => {
    const tenant = await makeTenant(stack, { superuser: true });
    const { bucket, blob, message } = await parked(tenant);
    const neighbour = messageOf(tenant, eventEnvelope());
    const first = await deliver([message, neighbour]);
    expect([first.explicitAcks, first.retryMessages.map(({ msgId }) => msgId)]).toEqual([
      ["m1"],
      ["m0"],
    ]);
    expect((await deliver([message], 5)).retryMessages).toEqual([]);
    const [letter, ...others] = await lettersOf(tenant);
    expect([letter, others]).toMatchObject([
      { queue: "envelopes", reason: expect.stringContaining("never digested") },
      [],
    ]);
    const refused = await replay(tenant, letter);
    expect([refused.status, await refused.json()]).toEqual([
      410,
      { detail: "The body of this message is no longer there, so it cannot be sent again." },
    ]);
    expect(await lettersOf(tenant)).toEqual([letter]);

    await bucket.put(blob, eventEnvelope());
    expect((await replay(tenant, letter)).status).toBe(200);
    expect(await lettersOf(tenant)).toEqual([]);
  });

  test("outlives every letter that names it", async () => {
    const { bucket } = stack.control;
    const bodyOf = (days: number) =>
      `inbox/${new Date(daysAgo(days)).toISOString().slice(0, 10)}/${randomId()}`;
    // Received, two weeks on the queue, then a letter for a month.
    const [needed, over] = [bodyOf(14 + 30), bodyOf(62)];
    const letter = `dead-letters/${uuidv7(daysAgo(29))}`;
    for (const key of [needed, over, letter]) await bucket.put(key, "x");
    await stack.control.runCron("17 * * * *");
    const left = await Promise.all([needed, over, letter].map((key) => bucket.get(key)));
    expect(left.map((body) => body !== undefined)).toEqual([true, false, true]);
    await bucket.delete(letter);
  });
});
