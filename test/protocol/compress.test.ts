import { createHash, randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { compress, decompress } from "../../src/protocol/compress";
import { eventEnvelope, eventually, makeTenant, randomId, useStack } from "../harness";

test.each([0, 1, 2_000, 70_000, 1_000_000])(
  "%i bytes come back whole, dense ones too",
  (length) => {
    for (const bytes of [Buffer.alloc(length, "brinkwatch "), randomBytes(length)]) {
      expect(Buffer.from(decompress(compress(bytes).bytes, 2_000_000)).equals(bytes)).toBe(true);
    }
  },
);

test("what was stored with gzip is read, and a bomb is stopped", () => {
  const text = Buffer.from("an older payload");
  expect(Buffer.from(decompress(gzipSync(text), 1000)).equals(text)).toBe(true);
  expect(() => decompress(compress(Buffer.alloc(100_000)).bytes, 1000)).toThrow();
});

type Entry = { type: string; data: { values: { message: string }[] } };

describe("in workerd", () => {
  const stack = useStack();

  // zstd of workerd gives up on outputs over 40 KB, which only dense events have.
  test.each([
    ["a small event", 100],
    ["just under that", 45_000],
    ["just over it", 57_000],
    ["far over", 300_000],
  ])("%s that cannot be compressed is stored and read back as it was", async (_, bytes) => {
    const tenant = await makeTenant(stack);
    // Without these two letters chance makes no key of Google or Facebook, which would be hidden.
    const crumbs = Array.from({ length: Math.ceil(bytes / 3000) }, () => ({
      message: randomBytes(2250).toString("base64").replace(/[AE]/g, "z"),
    }));
    const eventId = randomId();
    const event = eventEnvelope({ breadcrumbs: { values: crumbs } }, { event_id: eventId });
    expect((await tenant.send(event)).status).toBe(200);
    await eventually(async () => expect(await tenant.countEvents()).toBe(1));
    const stored = await tenant.get<{ entries: Entry[] }>(
      `/api/0/projects/${tenant.slug}/shop/events/${eventId}/`,
    );
    const found = stored.entries.find(({ type }) => type === "breadcrumbs")?.data.values ?? [];
    // Of texts this long a difference would fill the screen.
    const digestOf = (list: { message: string }[]) =>
      createHash("md5")
        .update(list.map(({ message }) => message).join())
        .digest("hex");
    expect([found.length, digestOf(found)]).toEqual([crumbs.length, digestOf(crumbs)]);
  });

  test("a plain body over 60 KB rides compressed, dense or not", async () => {
    const tenant = await makeTenant(stack);
    for (const text of ["x".repeat(90_000), randomBytes(60_000).toString("base64")]) {
      const body = eventEnvelope({ extra: { parts: text.match(/.{1,4000}/g) } });
      expect((await tenant.send(body)).status).toBe(200);
    }
    await eventually(async () => expect(await tenant.countEvents()).toBe(2));
  });
});
