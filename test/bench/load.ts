import autocannon from "autocannon";
import { envelopeOf, type Size } from "./corpus";

/**
 * The load, in a process of its own: prebuilt bodies, so that sending is all it does. Parent and child speak
 * through IPC: {order} → {ready} → {go} → {result}.
 */

export type Order = {
  url: string;
  run: string;
  connections: number;
  /** Bodies that are built before the start; they are sent in order and, when `amount` is larger, again. */
  bodies: number;
  amount?: number;
  seconds?: number;
  /** Requests per second over all connections. */
  rate?: number;
  size?: Size;
  /** Sent instead of envelopes. */
  fixed?: string;
};

export type LoadResult = {
  requests: number;
  seconds: number;
  perSecond: number;
  p50: number;
  p95: number;
  p99: number;
  statuses: Record<string, number>;
  errors: number;
  /** Index of bodies that were answered with 200, when each was sent once. */
  acknowledged: number[];
};

let bodies: Buffer[] = [];
let order: Order;

process.on("message", (message: { order?: Order; go?: true }) => {
  if (message.order) {
    order = message.order;
    bodies = order.fixed
      ? [Buffer.from(order.fixed)]
      : Array.from(
          { length: order.bodies },
          (_, number) => envelopeOf(order.run, number, order.size).body,
        );
    process.send?.({ ready: true });
  }
  if (message.go) void run();
});

async function run(): Promise<void> {
  let next = 0;
  const statuses: Record<string, number> = {};
  const acknowledged: number[] = [];
  const latencies: number[] = [];
  const started = performance.now();
  const options: autocannon.Options = {
    url: order.url,
    connections: order.connections,
    ...(order.amount ? { amount: order.amount } : { duration: order.seconds ?? 10 }),
    ...(order.rate && { overallRate: order.rate }),
    timeout: 30,
    requests: [
      {
        method: "POST",
        headers: {
          "content-type": "application/x-sentry-envelope",
          ...(!order.fixed && { "content-encoding": "gzip" }),
        },
        setupRequest: (request, context) => {
          const index = next++;
          (context as { index?: number }).index = index;
          return { ...request, body: bodies[index % bodies.length] };
        },
        onResponse: (status, _body, context) => {
          statuses[status] = (statuses[status] ?? 0) + 1;
          const { index } = context as { index?: number };
          if (status === 200 && index !== undefined) acknowledged.push(index);
        },
      },
    ],
  };
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const instance = autocannon(options, (error, done) => (error ? reject(error) : resolve(done)));
    instance.on("response", (_client, _status, _bytes, milliseconds) =>
      latencies.push(milliseconds),
    );
  });
  const seconds = (performance.now() - started) / 1000;
  latencies.sort((a, b) => a - b);
  const at = (share: number) =>
    Math.round((latencies[Math.floor(latencies.length * share)] ?? 0) * 100) / 100;
  const requests = latencies.length;
  const answer: LoadResult = {
    requests,
    seconds,
    perSecond: Math.round(requests / seconds),
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    statuses,
    errors: result.errors + result.timeouts,
    acknowledged,
  };
  process.send?.({ result: answer });
  process.disconnect();
}
