import { Agent, request } from "node:http";
import { minuteMs } from "../../src/protocol/durations";

export type Batch = {
  queue: string;
  messages: {
    id: string;
    timestamp: number;
    attempts: number;
    contentType: string;
    body: Uint8Array;
  }[];
  metrics: { backlogCount: number; backlogBytes: number; oldestMessageTimestamp: number };
};

/** Where a consumer's control worker listens. */
export type ControlAddress = { port: number; secret: string };

/**
 * Hands a batch to a consumer; resolves with what the application made of it, in workerd's words (its queue event).
 * Rejects when there is no answer that can be read, with the `code` of the connection when there was none.
 */
export function deliverBatch(
  agent: Agent,
  to: ControlAddress,
  { queue, messages, metrics }: Batch,
  signal: AbortSignal,
): Promise<unknown> {
  const described = messages.map(({ body, ...rest }) => ({ ...rest, length: body.length }));
  const head = Buffer.from(JSON.stringify({ metrics, messages: described }));
  const size = Buffer.alloc(4);
  size.writeUInt32BE(head.length);
  const body = Buffer.concat([size, head, ...messages.map((message) => message.body)]);
  return askControl(agent, to, `/queue?name=${encodeURIComponent(queue)}`, body, signal);
}

/** Lets a consumer do what is due at a time. */
export const deliverCron = (
  agent: Agent,
  to: ControlAddress,
  cron: string,
  at: number,
): Promise<unknown> => {
  const path = `/scheduled?cron=${encodeURIComponent(cron)}&at=${at}`;
  return askControl(agent, to, path, Buffer.alloc(0), AbortSignal.timeout(cronMsMax));
};

const cronMsMax = 15 * minuteMs;

function askControl(
  agent: Agent,
  { port, secret }: ControlAddress,
  path: string,
  body: Buffer,
  signal: AbortSignal,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const asking = request(
      {
        agent,
        host: "127.0.0.1",
        port,
        path,
        method: "POST",
        headers: { authorization: `Bearer ${secret}`, "content-length": body.length },
        signal,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          try {
            if (response.statusCode !== 200) throw new Error(text.slice(0, 200));
            resolve(JSON.parse(text));
          } catch (error) {
            reject(
              new Error(
                `the consumer answered ${response.statusCode}: ${(error as Error).message}`,
              ),
            );
          }
        });
      },
    );
    asking.on("error", reject);
    asking.end(body);
  });
}

export const controlAgent = () => new Agent({ keepAlive: true, maxSockets: 64 });
