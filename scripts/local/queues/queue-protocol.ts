import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { daySeconds } from "../../../src/protocol/durations";
import { reasonOf } from "./open-level";
import { contentTypes } from "./queue-records";
import type { NewMessage } from "./queue-store";

/** Limits of the platform: what passes here passes there. */
const messageBytesMax = 128_000;
const batchMessagesMax = 100;
const batchBytesMax = 256_000;
/** A batch comes as base64 in JSON. */
const batchRequestBytesMax = 512 * 1024;

/** What workerd tells a worker about a queue. */
type Metrics = { backlogCount: number; backlogBytes: number; oldestMessageTimestamp: number };

export type QueueDoor = {
  /** Seconds by which messages are delayed that say nothing; undefined: there is no such queue. */
  delayOf(queue: string): number | undefined;
  /** Why nothing is taken at the moment, if so. */
  refusalOf(queue: string): Promise<string | undefined>;
  send(queue: string, messages: NewMessage[]): Promise<void>;
  metricsOf(queue: string): Metrics;
};

/** Not taken: a status, and words for the worker that sends. */
type Refusal = { status: number; words: string };

/**
 * Answers what a queue binding of workerd asks: POST /message, POST /batch, GET /metrics. The queue is named by the header
 * `x-brinkwatch-queue`. 200 says that the messages are on disk.
 */
export async function answerQueueRequest(
  door: QueueDoor,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const queue = String(request.headers["x-brinkwatch-queue"] ?? "");
    const delaySeconds = door.delayOf(queue);
    if (delaySeconds === undefined) throw refusal(404, "wrangler.toml names no such queue.");
    const { method, url } = request;
    if (method === "GET" && url === "/metrics") return answer(response, 200, door.metricsOf(queue));
    const read =
      method !== "POST"
        ? undefined
        : url === "/message"
          ? readMessage
          : url === "/batch"
            ? readBatch
            : undefined;
    if (!read) throw refusal(404, "A queue takes POST /message and /batch, and GET /metrics.");
    const words = await door.refusalOf(queue);
    if (words) throw refusal(507, words);
    const messages = await read(request, delayIn(request) ?? delaySeconds);
    await door.send(queue, messages);
    answer(response, 200, { metadata: { metrics: door.metricsOf(queue) } });
  } catch (error) {
    const { status, words } = isRefusal(error) ? error : refusal(503, reasonOf(error));
    // workerd makes the worker's error of these two.
    response.setHeader("cf-queues-error-code", status);
    response.setHeader("cf-queues-error-cause", words.replace(/[^ -~]/g, "?"));
    // A connection with half a body in it could not be used again.
    request.resume();
    answer(response, status, { error: words });
  }
}

async function readMessage(request: IncomingMessage, delaySeconds: number): Promise<NewMessage[]> {
  const contentType = contentTypeIn(request.headers["x-msg-fmt"]);
  const body = await readBody(request, messageBytesMax, "A message");
  return [{ contentType, body, delaySeconds }];
}

const Batch = z.object({
  messages: z
    .array(
      z.object({
        body: z.string(),
        contentType: z.string().optional(),
        delaySecs: z.number().optional(),
      }),
    )
    .min(1),
});

async function readBatch(request: IncomingMessage, delaySeconds: number): Promise<NewMessage[]> {
  const text = (await readBody(request, batchRequestBytesMax, "A batch")).toString();
  const parsed = Batch.safeParse(parseJson(text));
  if (!parsed.success) throw refusal(400, "The batch is not one as workerd sends it.");
  const { messages } = parsed.data;
  if (messages.length > batchMessagesMax) {
    throw refusal(413, `A batch has at most ${batchMessagesMax} messages.`);
  }
  const read = messages.map((message) => ({
    contentType: contentTypeIn(message.contentType),
    body: Buffer.from(message.body, "base64"),
    delaySeconds: delayOf(message.delaySecs) ?? delaySeconds,
  }));
  for (const { body } of read) assertSize(body.length, messageBytesMax, "A message");
  const bytes = read.reduce((sum, { body }) => sum + body.length, 0);
  assertSize(bytes, batchBytesMax, "A batch");
  return read;
}

async function readBody(request: IncomingMessage, bytesMax: number, what: string): Promise<Buffer> {
  assertSize(Number(request.headers["content-length"] ?? 0), bytesMax, what);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    assertSize(bytes, bytesMax, what);
    chunks.push(chunk);
  }
  const [only] = chunks;
  return only && chunks.length === 1 ? only : Buffer.concat(chunks, bytes);
}

function assertSize(bytes: number, bytesMax: number, what: string): void {
  if (bytes > bytesMax) {
    throw refusal(413, `${what} has at most ${bytesMax} bytes; this one has ${bytes}.`);
  }
}

function contentTypeIn(format: unknown): NewMessage["contentType"] {
  const contentType = contentTypes.find((each) => each === format);
  if (contentType) return contentType;
  throw refusal(400, `Messages are sent with one of the contentTypes ${contentTypes.join(", ")}.`);
}

const delayIn = (request: IncomingMessage): number | undefined => {
  const header = request.headers["x-msg-delay-secs"];
  return header === undefined ? undefined : delayOf(Number(header));
};

function delayOf(seconds: number | undefined): number | undefined {
  if (seconds === undefined || (seconds >= 0 && seconds <= daySeconds)) return seconds;
  throw refusal(400, `A message is delayed by 0 to ${daySeconds} seconds.`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const refusal = (status: number, words: string): Refusal => ({ status, words });

const isRefusal = (error: unknown): error is Refusal =>
  typeof error === "object" && error !== null && "words" in error;

function answer(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  // An answer whose length is known goes out at once, not in chunks.
  const length = Buffer.byteLength(text);
  response.writeHead(status, { "content-type": "application/json", "content-length": length });
  response.end(text);
}
