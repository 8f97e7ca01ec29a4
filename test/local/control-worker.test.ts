import { afterAll, expect, test } from "vitest";
import { type Batch, controlAgent, deliverBatch, deliverCron } from "../../scripts/local/deliver";
import { eventually } from "../harness";
import { needed } from "./sample-worker";
import { endAll, project } from "./workerd-project";

const agent = controlAgent();
afterAll(async () => {
  agent.destroy();
  await endAll();
});

// Prints what it gets; what it makes of a batch, the name of the queue says.
const worker = `
const described = (body) =>
  body instanceof ArrayBuffer ? { bytes: [...new Uint8Array(body)] } : { body };
export default {
  async queue(batch) {
    console.log(JSON.stringify({
      queue: batch.queue,
      metadata: batch.metadata,
      messages: batch.messages.map(({ id, timestamp, attempts, body }) => ({
        id, timestamp: timestamp.toISOString(), attempts, ...described(body),
      })),
    }));
    if (batch.queue === "throws") throw new Error("not today");
    if (batch.queue === "all again") return batch.retryAll({ delaySeconds: 7 });
    if (batch.queue === "some") {
      batch.messages[0].ack();
      batch.messages[1].retry({ delaySeconds: 30 });
    }
  },
  scheduled({ cron, scheduledTime }) {
    console.log(JSON.stringify({ cron, scheduledTime }));
    if (cron === "throws") throw new Error("not today");
  },
};`;

const at = Date.UTC(2026, 0, 5);
const metrics = { backlogCount: 5, backlogBytes: 500, oldestMessageTimestamp: at };
const messages = [
  {
    id: "one",
    timestamp: at,
    attempts: 1,
    contentType: "bytes",
    body: new Uint8Array([0, 255, 10]),
  },
  {
    id: "two",
    timestamp: at + 1,
    attempts: 3,
    contentType: "json",
    body: Buffer.from('{"ü":[1,null]}'),
  },
  {
    id: "three",
    timestamp: at + 2,
    attempts: 2,
    contentType: "text",
    body: Buffer.from("grüße\n"),
  },
  { id: "four", timestamp: at + 3, attempts: 1, contentType: "bytes", body: new Uint8Array() },
];

async function consumer() {
  const { start } = project(needed, { "worker.js": worker });
  const { url, lines } = await start(true, { CONTROL_SECRET: "right" });
  const to = { port: Number(new URL(url).port), secret: "right" };
  const deliver = (queue: string, batch: Partial<Batch> = {}, secret = "right") =>
    deliverBatch(
      agent,
      { ...to, secret },
      { queue, messages, metrics, ...batch },
      AbortSignal.timeout(20_000),
    );
  const printed = (count: number) =>
    eventually(() => {
      expect(lines.length).toBe(count);
      return lines.map((line) => JSON.parse(line));
    });
  return { to, url, deliver, printed };
}

test("a batch reaches the application as the platform would hand it over, and its words come back", async () => {
  const { deliver, printed } = await consumer();
  expect(await deliver("letters")).toMatchObject({
    outcome: "ok",
    ackAll: false,
    retryBatch: { retry: false },
    retryMessages: [],
    explicitAcks: [],
  });
  expect(await deliver("some")).toMatchObject({
    outcome: "ok",
    explicitAcks: ["one"],
    retryMessages: [{ msgId: "two", delaySeconds: 30 }],
  });
  expect(await deliver("all again")).toMatchObject({
    outcome: "ok",
    retryBatch: { retry: true, delaySeconds: 7 },
  });
  expect(await deliver("ünä/mit?zeichen&", { messages: [] })).toMatchObject({ outcome: "ok" });
  const [first, , , last] = await printed(4);
  expect(first).toEqual({
    queue: "letters",
    metadata: { metrics: { ...metrics, oldestMessageTimestamp: new Date(at).toISOString() } },
    messages: [
      { id: "one", timestamp: "2026-01-05T00:00:00.000Z", attempts: 1, bytes: [0, 255, 10] },
      { id: "two", timestamp: "2026-01-05T00:00:00.001Z", attempts: 3, body: { ü: [1, null] } },
      { id: "three", timestamp: "2026-01-05T00:00:00.002Z", attempts: 2, body: "grüße\n" },
      { id: "four", timestamp: "2026-01-05T00:00:00.003Z", attempts: 1, bytes: [] },
    ],
  });
  expect(last).toMatchObject({ queue: "ünä/mit?zeichen&", messages: [] });
});

test("an application that throws is an outcome, not an acknowledgement", async () => {
  const { to, deliver } = await consumer();
  expect(await deliver("throws")).toMatchObject({ outcome: "exception" });
  expect(await deliverCron(agent, to, "throws", at)).toMatchObject({ outcome: "exception" });
});

test("a cron is fired with the time that it is for", async () => {
  const { to, printed } = await consumer();
  expect(await deliverCron(agent, to, "17 * * * 1-5", at)).toMatchObject({ outcome: "ok" });
  expect(await printed(1)).toEqual([{ cron: "17 * * * 1-5", scheduledTime: at }]);
});

test("without the secret nothing is handed over", async () => {
  const { url, to, deliver, printed } = await consumer();
  await expect(deliver("letters", {}, "wrong")).rejects.toThrow("answered 401: unknown secret");
  await expect(deliverCron(agent, { ...to, secret: "" }, "* * * * *", at)).rejects.toThrow("401");
  for (const path of ["/queue?name=letters", "/scheduled", "/alive"]) {
    expect((await fetch(url + path, { method: "POST" })).status).toBe(401);
  }
  // The application itself is not there for anybody but the control worker.
  const headers = { authorization: "Bearer right" };
  expect((await fetch(`${url}/nothing`, { headers })).status).toBe(404);
  expect((await fetch(`${url}/alive`, { headers })).status).toBe(200);
  await deliver("letters", { messages: [] });
  expect(await printed(1)).toMatchObject([{ messages: [] }]);
});

test("a batch that cannot be read is refused as a whole", async () => {
  const { deliver } = await consumer();
  const broken = { ...messages[1], id: "x", contentType: "json", timestamp: at, attempts: 1 };
  await expect(
    deliver("letters", { messages: [{ ...broken, body: Buffer.from("{") }] }),
  ).rejects.toThrow("answered 500");
});
