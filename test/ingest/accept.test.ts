import { expect, test } from "vitest";
import type { AcceptedEnvelope } from "../../queues/catalog";
import type { Deps } from "../../src/deps";
import { accept } from "../../src/ingest/accept";

const meta: AcceptedEnvelope = {
  v: 1,
  id: "0190b6a4-0000-7000-8000-000000000001",
  receivedAt: 0,
  door: "envelope",
  projectId: 1,
  orgId: 1,
  scrubDefaults: true,
  scrubIpAddresses: true,
  encoding: null,
};

/** A door whose queue can be full, on a clock of its own; `send` says whether an envelope was taken. */
function makeDoor() {
  const door = { isFull: false, seconds: 0, lines: [] as string[] };
  const deps = {
    now: () => new Date(1000 * door.seconds),
    log: (level: string, message: string, { refused = 0 }: { refused?: number } = {}) =>
      door.lines.push(`${level}: ${message} (${refused})`),
    publish: async () => {
      if (door.isFull) throw new Error("the disk is nearly full");
    },
  } as unknown as Deps;
  const send = () =>
    accept(deps, meta, new Uint8Array([1])).then(
      () => "taken",
      (error: Error) => error.message,
    );
  return { door, send };
}

const refusal = "The event could not be stored right now.";
const line = (refused: number) =>
  `error: envelopes could not be made durable and were refused (${refused})`;

test("a disk that is full for long writes one line a minute with a count, not one for each event", async () => {
  const { door, send } = makeDoor();
  door.isFull = true;
  expect(await send()).toBe(refusal);
  expect(door.lines).toEqual([line(1)]);
  for (door.seconds = 1; door.seconds < 60; door.seconds++) expect(await send()).toBe(refusal);
  expect(door.lines).toEqual([line(1)]);
  // The 59 of that minute, and the first one after it.
  expect(await send()).toBe(refusal);
  expect(door.lines).toEqual([line(1), line(60)]);
});

test("what was refused since the last line is said once events are taken again, a minute after it", async () => {
  const { door, send } = makeDoor();
  expect(await send()).toBe("taken");
  expect(door.lines).toEqual([]);
  door.isFull = true;
  for (let sent = 0; sent < 4; sent++) await send();
  door.isFull = false;
  expect(await send()).toBe("taken");
  expect(door.lines).toEqual([line(1)]);
  door.seconds = 60;
  expect([await send(), await send()]).toEqual(["taken", "taken"]);
  expect(door.lines).toEqual([line(1), line(3)]);
});

test("a queue that fails now and then writes no line for each time", async () => {
  const { door, send } = makeDoor();
  for (let sent = 0; sent < 100; sent++) {
    door.isFull = sent % 2 === 0;
    await send();
  }
  expect(door.lines).toEqual([line(1)]);
});

test("doors of other isolates count for themselves", async () => {
  const [a, b] = [makeDoor(), makeDoor()];
  [a.door.isFull, b.door.isFull] = [true, true];
  await Promise.all([a.send(), b.send()]);
  expect([a.door.lines, b.door.lines]).toEqual([[line(1)], [line(1)]]);
});
