/**
 * A worker beside the one under test, with its bucket and a binding to its queue and cron handlers. Tests reach it over
 * HTTP: the simulator's own proxies wait synchronously, and one that is touched too late waits for ever.
 */
export const controlWorker = {
  name: "control",
  modules: true,
  compatibilityDate: "2026-04-24",
  compatibilityFlags: ["service_binding_extra_handlers"],
  serviceBindings: { MAIN: "brinkwatch" },
  r2Buckets: { BLOBS: "brinkwatch" },
  unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
  script: `
    export default {
      async fetch(request, env) {
        const url = new URL(request.url);
        const key = url.searchParams.get("key");
        switch (request.method + url.pathname) {
          case "GET/blobs": {
            const keys = [];
            let cursor;
            do {
              const page = await env.BLOBS.list({ prefix: url.searchParams.get("prefix"), cursor });
              keys.push(...page.objects.map((object) => object.key));
              cursor = page.truncated ? page.cursor : undefined;
            } while (cursor);
            return Response.json(keys);
          }
          case "GET/blob": {
            const object = await env.BLOBS.get(key);
            return object ? new Response(object.body) : new Response(null, { status: 404 });
          }
          case "PUT/blob":
            await env.BLOBS.put(key, await request.arrayBuffer());
            return new Response();
          case "DELETE/blob":
            await env.BLOBS.delete(key);
            return new Response();
          case "POST/queue": {
            // A line that describes the messages, then the bytes of those that are bytes.
            const all = new Uint8Array(await request.arrayBuffer());
            let at = all.indexOf(10) + 1;
            const described = JSON.parse(new TextDecoder().decode(all.subarray(0, at)));
            const result = await env.MAIN.queue(
              url.searchParams.get("name"),
              described.map(({ id, attempts, timestamp, bytes, json }) => ({
                id, attempts, timestamp: new Date(timestamp),
                body: bytes === undefined ? json : all.slice(at, (at += bytes)).buffer,
              })),
            );
            return Response.json(result);
          }
          case "POST/cron":
            return Response.json(await env.MAIN.scheduled({ cron: url.searchParams.get("cron") }));
          case "POST/mark":
            console.log(url.searchParams.get("text"));
            return new Response();
          default:
            return new Response("no such control", { status: 404 });
        }
      },
    };
  `,
};

/** What became of a batch, as the platform counts it. */
export type Delivered = {
  outcome: string;
  explicitAcks: string[];
  retryMessages: { msgId: string; delaySeconds?: number }[];
};

/** The hands of a test on the bucket, the queues and the clock of a running stack. */
export function openControl(controlUrl: string) {
  const call = async (
    method: string,
    path: string,
    query: Record<string, string>,
    body?: BodyInit,
  ) => {
    const url = new URL(path, controlUrl);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const response = await fetch(url, { method, ...(body !== undefined && { body }) });
    if (response.status >= 500) throw new Error(`${method} ${path}: ${await response.text()}`);
    return response;
  };
  return {
    bucket: {
      list: async (prefix: string) =>
        (await (await call("GET", "blobs", { prefix })).json()) as string[],
      get: async (key: string) => {
        const response = await call("GET", "blob", { key });
        return response.status === 404 ? undefined : new Uint8Array(await response.arrayBuffer());
      },
      put: async (key: string, body: BodyInit) => void (await call("PUT", "blob", { key }, body)),
      delete: async (key: string) => void (await call("DELETE", "blob", { key })),
    },
    /** Hands messages to a queue's consumer directly, as one batch. Bytes or JSON. */
    deliver: async (
      queue: string,
      messages: unknown[],
      { attempts, sentAt }: { attempts: number; sentAt: Date },
    ): Promise<Delivered> => {
      const described = messages.map((message, index) => ({
        id: `m${index}`,
        attempts,
        timestamp: +sentAt,
        ...(message instanceof Uint8Array ? { bytes: message.length } : { json: message }),
      }));
      const bodies = messages.filter((message) => message instanceof Uint8Array);
      const answer = await call(
        "POST",
        "queue",
        { name: queue },
        Buffer.concat([Buffer.from(`${JSON.stringify(described)}\n`), ...bodies]),
      );
      const delivered = (await answer.json()) as Delivered;
      if (delivered.outcome !== "ok")
        throw new Error(`the consumer ended with ${delivered.outcome}`);
      return delivered;
    },
    /** Lets the jobs of a cron expression run now. */
    runCron: async (cron: string) => void (await call("POST", "cron", { cron })),
    /** Prints a line of the test's own between those of the worker. */
    mark: async (text: string) => void (await call("POST", "mark", { text })),
  };
}
