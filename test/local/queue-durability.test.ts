import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  appendFileSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { ClassicLevel } from "classic-level";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { projectRoot } from "../../scripts/local/places";
import { orderKey } from "../../scripts/local/queues/queue-records";
import {
  openQueueStore,
  type QueueStore,
  type Taken,
} from "../../scripts/local/queues/queue-store";
import { eventually } from "../harness";
import { makeScratch } from "../scratch";
import { manualClock } from "./manual-clock";

const scratch = makeScratch("queue-damage");
afterEach(() => vi.restoreAllMocks());
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let folders = 0;
const newFolder = () => join(scratch, `store-${folders++}`);

async function open(folder: string, time = manualClock()) {
  const logged: string[] = [];
  const store = await openQueueStore({
    folder,
    queues: ["a", "b"],
    clock: time.clock,
    log: (level, message, fields) => {
      if (level !== "info") logged.push([message, JSON.stringify(fields)].join(" "));
    },
  });
  return { store, logged, time };
}

const textOf = ({ message }: Taken) => Buffer.from(message.body).toString();
const messageOf = (body: Uint8Array) => ({ contentType: "bytes" as const, body, delaySeconds: 0 });

/** Takes everything there is, and acknowledges it. */
async function takeAll(store: QueueStore, queue = "a"): Promise<Taken[]> {
  const all: Taken[] = [];
  for (;;) {
    await store.outlook(queue, 100);
    const some = await store.take(queue, 100, 1e9);
    if (some.length === 0) return all;
    await store.settle(queue, { acked: some, retried: [], moved: [] });
    all.push(...some);
  }
}

/** Sends one message after the other and acknowledges others meanwhile, and says what it was assured of. */
const worker = `
import { openQueueStore } from ${JSON.stringify(join(projectRoot, "scripts/local/queues/queue-store.ts"))};
import { machineClock } from ${JSON.stringify(join(projectRoot, "scripts/local/queues/queue-clock.ts"))};
const [folder, first] = process.argv.slice(1);
const store = await openQueueStore({ folder, queues: ["a"], clock: machineClock, log: console.error });
let next = Number(first);
const say = (what, body) => process.stdout.write(what + " " + body + "\\n");
const send = async () => {
  for (;;) {
    const body = "message " + next++;
    const message = { contentType: "text", body: Buffer.from(body), delaySeconds: 0 };
    await store.send("a", [message]);
    say("sent", body);
  }
};
for (let senders = 0; senders < 8; senders++) void send();
for (;;) {
  await store.outlook("a", 20);
  const taken = await store.take("a", 20, 1e6);
  const acked = taken.filter((_, index) => index % 3 !== 0);
  const retried = taken.filter((_, index) => index % 3 === 0);
  for (const { message } of acked) say("acking", Buffer.from(message.body).toString());
  await store.settle("a", { acked, retried: retried.map((each) => ({ taken: each, delaySeconds: 0.01 })), moved: [] });
  for (const { message } of acked) say("acked", Buffer.from(message.body).toString());
  if (taken.length === 0) await new Promise(setImmediate);
}
`;

test("a process that is killed loses nothing that was sent, and brings back nothing that was acknowledged", async () => {
  const folder = newFolder();
  // Between these two a message may be there or not: nobody was assured of anything.
  const [sent, acking, acked] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const lists = new Map(Object.entries({ sent, acking, acked }));
  for (const [round, linesMax] of [200, 1300, 3000].entries()) {
    const child = spawn(
      process.execPath,
      ["--import", "tsx", "--input-type=module", "--eval", worker, folder, String(round * 1e6)],
      { cwd: projectRoot, stdio: ["ignore", "pipe", "inherit"] },
    );
    let lines: string[] = [];
    // What it was killed in the middle of saying names another message, or none.
    let unfinished = "";
    for await (const chunk of child.stdout.setEncoding("utf8")) {
      const parts = `${unfinished}${chunk}`.split("\n");
      unfinished = parts.pop() ?? "";
      lines = [...lines, ...parts];
      if (lines.length >= linesMax) child.kill("SIGKILL");
    }
    for (const line of lines) {
      const [what, ...words] = line.split(" ");
      lists.get(what ?? "")?.add(words.join(" "));
    }
    expect(lines.length).toBeGreaterThanOrEqual(linesMax);
  }
  const { store, logged, time } = await open(folder, manualClock(Date.now()));
  time.advance(60_000);
  const came = (await takeAll(store)).map(textOf);
  const missing = [...sent].filter((body) => !acking.has(body) && !came.includes(body));
  expect(missing).toEqual([]);
  expect(came.filter((body) => acked.has(body))).toEqual([]);
  expect(new Set(came).size).toBe(came.length);
  expect(store.countsOf("a")).toMatchObject({ messages: 0, bytes: 0 });
  expect(logged).toEqual([]);
  await store.close();
});

test("however much was done, the next batch is found without walking over it", async () => {
  const [total, atOnce] = [200_000, 1000];
  const folder = newFolder();
  const time = manualClock();
  let { store } = await open(folder, time);
  for (let sent = 0; sent < total; sent += atOnce) {
    time.advance(1);
    await store.send("a", Array(atOnce).fill(messageOf(Buffer.from("x"))));
  }
  const done: Buffer[] = [];
  let [read, walkedOver] = [0, 0];
  const iterator = ClassicLevel.prototype.iterator;
  vi.spyOn(ClassicLevel.prototype, "iterator").mockImplementation(function (
    this: ClassicLevel<Buffer, Buffer>,
    range?: object,
  ) {
    const made = iterator.call(this, range as never);
    const { gte, limit } = range as { gte: Buffer; limit?: number };
    if (limit === undefined) return made;
    walkedOver += done.length - 1 - done.findLastIndex((key) => key.compare(gte) < 0);
    const all = made.all.bind(made);
    made.all = async () => {
      const entries = await all();
      read += entries.length;
      return entries;
    };
    return made;
  });
  let reopenings = 0;
  for (let taken = await next(store); taken.length > 0; taken = await next(store)) {
    for (const { order } of taken) done.push(orderKey("a", order));
    if (done.length === total / 2) {
      await store.close();
      ({ store } = await open(folder, time));
      reopenings++;
    }
  }
  expect(reopenings).toBe(1);
  expect(done).toHaveLength(total);
  // What was in memory at the restart is read again, and the millisecond where it happened is walked over.
  expect(read).toBeLessThanOrEqual(total + 2 * atOnce);
  expect(walkedOver).toBeLessThanOrEqual(atOnce);
  await store.close();
});

async function next(store: QueueStore): Promise<Taken[]> {
  await store.outlook("a", 500);
  const taken = await store.take("a", 500, 1e9);
  await store.settle("a", { acked: taken, retried: [], moved: [] });
  return taken;
}

test.each([3.6e6, -3.6e6])(
  "a wall clock that jumps by %d ms holds nothing back, also over a restart",
  async (jumpMs) => {
    const folder = newFolder();
    const time = manualClock();
    const first = await open(folder, time);
    const later = { ...messageOf(Buffer.from("later")), delaySeconds: 10 };
    await first.store.send("a", [messageOf(Buffer.from("before")), later]);
    time.jump(jumpMs);
    await first.store.send("a", [messageOf(Buffer.from("after"))]);
    expect((await takeAll(first.store)).map(textOf)).toEqual(["before", "after"]);
    time.advance(10_000);
    expect((await takeAll(first.store)).map(textOf)).toEqual(["later"]);
    await first.store.send("a", [messageOf(Buffer.from("left")), later]);
    await first.store.close();

    time.jump(jumpMs);
    const second = await open(folder, time);
    await second.store.send("a", [messageOf(Buffer.from("new"))]);
    time.advance(10_000);
    const came = (await takeAll(second.store)).map(textOf);
    expect(came.toSorted()).toEqual(["later", "left", "new"]);
    expect(came[0]).toBe("left");
    await second.store.close();
  },
);

test("right after a start the counts and the age of the oldest are known without a look at the messages", async () => {
  const folder = newFolder();
  const time = manualClock();
  const first = await open(folder, time);
  await first.store.send("a", Array(3000).fill(messageOf(Buffer.from("four"))));
  time.advance(5000);
  await first.store.send("a", [messageOf(Buffer.from("four"))]);
  await first.store.outlook("a", 10);
  await first.store.settle("a", {
    acked: await first.store.take("a", 10, 1e9),
    retried: [],
    moved: [],
  });
  await first.store.close();
  time.advance(1000);
  const looks = vi.spyOn(ClassicLevel.prototype, "iterator");
  const { store } = await open(folder, time);
  const lookedAt = looks.mock.calls.map(([range]) => String((range as { gte?: Buffer }).gte));
  expect(lookedAt).toEqual(["q"]);
  expect(store.countsOf("a")).toEqual({
    messages: 2991,
    bytes: 2991 * 4,
    inFlight: 0,
    oldestAgeMs: 6000,
  });
  expect(store.countsOf("b")).toEqual({ messages: 0, bytes: 0, inFlight: 0, oldestAgeMs: 0 });
  await store.close();
});

/** A store with messages that nothing can make smaller, closed. */
async function storeOf(count: number) {
  const folder = newFolder();
  const { store } = await open(folder);
  const bodies = Array.from({ length: count }, () => randomBytes(3000));
  for (const body of bodies) await store.send("a", [messageOf(body)]);
  await store.close();
  return { folder, bodies };
}

const fileIn = (folder: string, ending: RegExp) => {
  const name = readdirSync(folder).find((each) => ending.test(each));
  return join(folder, name ?? "is missing");
};

test.each<[string, (folder: string) => void]>([
  ["the file that names the others", (folder) => rmSync(join(folder, "CURRENT"))],
  ["the list of tables", (folder) => rmSync(fileIn(folder, /^MANIFEST/))],
  ["half of the list of tables", (folder) => truncateSync(fileIn(folder, /^MANIFEST/), 20)],
])("a store without %s is mended, and nothing is missing", async (_, damage) => {
  const { folder, bodies } = await storeOf(40);
  damage(folder);
  const { store, logged } = await open(folder);
  expect(store.countsOf("a")).toMatchObject({ messages: 40, bytes: 40 * 3000 });
  const came = await takeAll(store);
  expect(new Set(came.map(({ message }) => Buffer.from(message.body).toString("hex")))).toEqual(
    new Set(bodies.map((body) => body.toString("hex"))),
  );
  expect(logged.some((line) => line.startsWith("the queues on disk were mended"))).toBe(true);
  await store.close();
});

test("a hole in the journal is said, and what is around it comes", async () => {
  const { folder } = await storeOf(40);
  const journal = fileIn(folder, /\.log$/);
  const bytes = readFileSync(journal);
  bytes.fill(0xff, 60_000, 60_050);
  writeFileSync(journal, bytes);
  const { store, logged } = await open(folder);
  const { messages } = store.countsOf("a");
  expect(messages).toBeGreaterThan(20);
  expect(messages).toBeLessThan(40);
  expect(await takeAll(store)).toHaveLength(messages);
  expect(logged[0]).toMatch(/^part of the journal of the queues cannot be read: .*"bytes":\d{4}/);
  expect(logged[1]).toMatch(/^the queues on disk were looked through/);
  await store.close();
});

test("a message whose body was changed on disk is never delivered, and that is said", async () => {
  const { folder, bodies } = await storeOf(40);
  // The next start writes the journal into a table.
  await (await open(folder)).store.close();
  const table = fileIn(folder, /\.ldb$/);
  const bytes = readFileSync(table);
  const at = bytes.indexOf(bodies[7]?.subarray(100, 132) ?? "");
  expect(at).toBeGreaterThan(0);
  bytes.fill(0, at, at + 4);
  writeFileSync(table, bytes);
  const { store, logged } = await open(folder);
  expect(await takeAll(store)).toHaveLength(39);
  expect(logged).toEqual([
    expect.stringMatching(/^messages are lost: their bodies on disk cannot be read .*"messages":1/),
  ]);
  expect(store.countsOf("a")).toMatchObject({ messages: 0, bytes: 0 });
  await store.close();
});

test("a body whose place in the queue was lost is found again, a place without a body is counted as lost", async () => {
  const { folder } = await storeOf(3);
  const { store, time } = await open(folder);
  await store.outlook("a", 3);
  const [first, second] = await store.take("a", 3, 1e9);
  await store.close();
  const level = new ClassicLevel<Buffer, Buffer>(folder, {
    keyEncoding: "buffer",
    valueEncoding: "buffer",
  });
  if (first) await level.del(orderKey("a", first.order));
  const bodies = await level.keys({ gte: Buffer.from("b"), lt: Buffer.from("c") }).all();
  if (bodies[1]) await level.del(bodies[1]);
  await level.close();
  rmSync(join(folder, "CURRENT"));
  const again = await open(folder, time);
  expect(again.logged.join("\n")).toContain('{"messages":2,"lost":1,"foundAgain":1}');
  const came = (await takeAll(again.store)).map(({ message }) => message.id);
  expect(came).toContain(first?.message.id);
  expect(came).not.toContain(second?.message.id);
  await again.store.close();
});

test("the room of what was acknowledged goes back to the disk, and what LevelDB writes down has a bound", async () => {
  const megabyte = 1024 * 1024;
  const folder = newFolder();
  const { store, logged } = await open(folder);
  const body = randomBytes(128_000);
  for (let sent = 0; sent < 60; sent++) await store.send("a", Array(10).fill(messageOf(body)));
  const bytes = () =>
    readdirSync(folder).reduce((sum, name) => sum + (sizeOf(join(folder, name)) ?? 0), 0);
  expect(bytes()).toBeGreaterThan(70 * megabyte);
  appendFileSync(join(folder, "LOG"), Buffer.alloc(2 * megabyte));
  expect(await takeAll(store)).toHaveLength(600);
  // One write buffer may not have gone to a table yet.
  await eventually(() => expect(bytes()).toBeLessThan(20 * megabyte));
  expect(sizeOf(join(folder, "LOG"))).toBeLessThan(megabyte);
  expect(logged).toEqual([]);
  await store.close();
});

/** undefined: it is gone meanwhile. */
const sizeOf = (path: string): number | undefined =>
  statSync(path, { throwIfNoEntry: false })?.size;

test("a folder that cannot be written is said in words", async () => {
  const file = newFolder();
  writeFileSync(file, "no folder");
  await expect(open(join(file, "queues"))).rejects.toThrow(
    /^The queues in .* cannot be opened: ENOTDIR/,
  );
});

test("a second process is kept out in words, and so is a version that does not know the format", async () => {
  const folder = newFolder();
  const { store } = await open(folder);
  await expect(open(folder)).rejects.toThrow(`Another process has the queues in ${folder}.`);
  await store.close();
  const level = new ClassicLevel(folder);
  await level.put("m", JSON.stringify({ format: 2 }));
  await level.close();
  await expect(open(folder)).rejects.toThrow("were written by a newer version");
});

test.each([
  ["did not reach the disk", false],
  ["was said to have failed, but is there", true],
])(
  "after a write that %s, sends are refused in words and nothing that was settled comes again",
  async (_, isThere) => {
    const { store, logged } = await open(newFolder());
    await store.send(
      "a",
      Array.from({ length: 10 }, (__, number) => messageOf(Buffer.from([number]))),
    );
    await store.outlook("a", 5);
    const taken = await store.take("a", 5, 1e9);
    const begin = ClassicLevel.prototype.batch as () => { write(how: object): Promise<void> };
    vi.spyOn(ClassicLevel.prototype, "batch").mockImplementationOnce(function (this: unknown) {
      const batch = begin.call(this);
      const write = batch.write.bind(batch);
      batch.write = async (how) => {
        if (isThere) await write(how);
        throw new Error("No space left on device");
      };
      return batch;
    } as never);
    const refused = store.send("a", [messageOf(Buffer.from("refused"))]);
    const settled = store.settle("a", {
      acked: taken.slice(0, 3),
      retried: taken.slice(3).map((each) => ({ taken: each, delaySeconds: 0 })),
      moved: [],
    });
    await expect(refused).rejects.toThrow("No space left on device");
    await settled;
    await store.send("a", [messageOf(Buffer.from("taken again"))]);
    const messages = isThere ? 9 : 8;
    expect(store.countsOf("a")).toMatchObject({ messages, inFlight: 0 });
    const came = await takeAll(store);
    expect(came).toHaveLength(messages);
    expect(came.filter(({ order }) => order.attempts === 1)).toHaveLength(2);
    expect(store.countsOf("a")).toMatchObject({ messages: 0, bytes: 0 });
    expect(logged).toEqual([
      expect.stringMatching(/^the queues could not be written .*No space left/),
    ]);
    await store.close();
  },
);
