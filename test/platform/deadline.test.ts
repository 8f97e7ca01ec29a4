import { expect, test } from "vitest";
import { publisher, type QueueBindings } from "../../queues/publish";
import { Fault } from "../../src/fault";
import { openBlobs } from "../../src/platform/blobs";
import { reaching } from "../../src/platform/deadline";
import { openMailer } from "../../src/platform/mailer";
import { openRedis } from "../../src/platform/redis";

const fails = async () => {
  throw new TypeError("fetch failed");
};
const now = () => new Date(0);
// Nothing listens on port 9.
const closed = "http://127.0.0.1:9";
const queue = { send: fails, sendBatch: fails } as unknown as Queue;
const bindings: QueueBindings = { ENVELOPES: queue, OUTCOMES: queue, ISSUE_CHANGES: queue };
const blobs = openBlobs(
  { get: fails, put: fails, list: fails, delete: fails } as unknown as R2Bucket,
  500,
);
const mailer = openMailer(
  { MAIL_FROM: "a@b.example", DEV_MAILBOX: false },
  { binding: { send: fails }, blobs, now, deadlineMs: 500 },
);
const change = { v: 1, changeId: 1, issueId: 1, change: "created" } as const;

test.each<[what: string, ask: () => Promise<unknown>]>([
  ["Redis", () => openRedis(closed, "t", 500, now).get("key")],
  ["Redis", () => openRedis(closed, "t", 500, now).pipeline().incr("a").exec()],
  ["The bucket", () => blobs.get("key")],
  ["The bucket", () => blobs.delete(["key"])],
  ["The queue", () => publisher(bindings, 500)("issue-changes", [change])],
  ["The queue", () => publisher(bindings, 500)("issue-changes", [change, change])],
  ["The mail server", () => mailer.send({ to: "x@y.example", subject: "", text: "", html: "" })],
])("%s that fails in its own way is unavailable, with the cause for the log", async (what, ask) => {
  await expect(ask()).rejects.toMatchObject({
    kind: "unavailable",
    message: `${what} is not available right now.`,
    cause: expect.any(Error),
  });
});

test("a refusal of ours stays what it is", async () => {
  const refuse = () => reaching(500, "It", () => Promise.reject(new Fault("limited", "Slower")));
  await expect(refuse()).rejects.toMatchObject({ kind: "limited", message: "Slower" });
});
