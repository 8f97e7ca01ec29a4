import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { closeServer, listen, portOf, readAll } from "../scripts/local/neon-bridge";

/**
 * `swallow` takes a request and never answers. `drip` and `reset` let it happen and then begin an answer that never
 * ends, or that breaks off.
 */
export type Mood = "fine" | "swallow" | "drip" | "reset";

/** Stands before a server that speaks HTTP, and behaves as badly as a network can. */
export async function startHangingProxy(target: () => string) {
  const held = new Set<ServerResponse>();
  const proxy = {
    mood: "fine" as Mood,
    url: "",
    /** Requests that came. */
    asked: 0,
    /** Requests whose sender gave up while they were held. */
    abandoned: 0,
    close: async () => {
      for (const response of held) response.destroy();
      await closeServer(server);
    },
  };
  const hold = (response: ServerResponse) => {
    held.add(response);
    response.once("close", () => {
      held.delete(response);
      proxy.abandoned++;
    });
  };
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { mood } = proxy;
    proxy.asked++;
    const body = await readAll(request);
    if (mood === "swallow") return hold(response);
    const passed = Object.entries(request.headers).filter(([name]) =>
      /^(neon-|authorization|content-type|upstash-)/.test(name),
    );
    const { pathname } = new URL(request.url ?? "/", "http://proxy");
    const reply = await fetch(new URL(pathname, target()), {
      method: request.method ?? "POST",
      headers: Object.fromEntries(passed) as Record<string, string>,
      body: new Uint8Array(body),
    });
    const bytes = Buffer.from(await reply.arrayBuffer());
    response.writeHead(reply.status, {
      "content-type": "application/json",
      "content-length": bytes.length,
    });
    if (mood === "fine") return response.end(bytes);
    if (mood === "drip") hold(response);
    response.write(bytes.subarray(0, 1), () => {
      if (mood === "reset") response.destroy();
    });
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await listen(server);
  proxy.url = `http://127.0.0.1:${portOf(server)}`;
  return proxy;
}
