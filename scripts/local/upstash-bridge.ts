import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Redis } from "ioredis";
import { type Bridge, closeServer, isSame, listen, portOf, readAll } from "./neon-bridge";

type Command = (string | number)[];
type Run = (command: Command) => Promise<unknown>;

/**
 * Speaks Upstash's REST protocol: one command, /pipeline and /multi-exec, with base64 answers when asked.
 * Behind it is a real Redis when a URL is given, else a store in this process that knows what Brinkwatch uses.
 */
export async function startUpstashBridge(
  token: string,
  redisUrl?: string,
  port?: number,
): Promise<Bridge> {
  const redis = redisUrl ? await connect(redisUrl) : undefined;
  const store = redis ? undefined : inProcessStore();
  const run: Run = redis
    ? ([name, ...args]) => redis.call(String(name), ...args.map(String))
    : async (command) => store?.(command.map(String));

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const reply = (status: number, body: unknown) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (!isSame(request.headers.authorization ?? "", `Bearer ${token}`)) {
      return reply(401, { error: "WRONGPASS invalid or missing auth token" });
    }
    const encode = request.headers["upstash-encoding"] === "base64" ? base64Of : (v: unknown) => v;
    const one = async (command: Command) => {
      try {
        return { result: encode(await run(command)) };
      } catch (error) {
        return { error: (error as Error).message };
      }
    };
    try {
      const path = new URL(request.url ?? "/", "http://bridge").pathname;
      const body = JSON.parse((await readAll(request)).toString("utf8") || "null");
      if (path === "/pipeline" || path === "/multi-exec") {
        const results = [];
        for (const command of body as Command[]) results.push(await one(command));
        return reply(200, results);
      }
      const segments = path.split("/").filter(Boolean).map(decodeURIComponent);
      const answer = await one(segments.length > 0 ? segments : (body as Command));
      return reply("error" in answer ? 400 : 200, answer);
    } catch (error) {
      return reply(400, { error: (error as Error).message });
    }
  };
  const server = createServer((request, response) => void answer(request, response));
  await listen(server, port);
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    close: async () => {
      await closeServer(server);
      redis?.disconnect();
    },
  };
}

async function connect(url: string): Promise<Redis> {
  const redis = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 1 });
  redis.on("error", () => undefined);
  try {
    await redis.connect();
    return redis;
  } catch (error) {
    redis.disconnect();
    throw new Error(`Redis at REDIS_URL cannot be reached: ${(error as Error).message}`);
  }
}

function base64Of(value: unknown): unknown {
  if (typeof value === "string") return Buffer.from(value).toString("base64");
  return Array.isArray(value) ? value.map(base64Of) : value;
}

/** Strings and hashes with expiry: GET SET MGET DEL EXISTS INCR(BY) DECR(BY) HINCRBY HSET HLEN HGETALL (P)EXPIRE (P)TTL PING FLUSHALL. */
function inProcessStore(): (command: string[]) => unknown {
  type Entry = { value: string; fields?: Map<string, string>; expiresAt: number };
  const entries = new Map<string, Entry>();
  const sweep = setInterval(() => {
    for (const [key, { expiresAt }] of entries) if (expiresAt <= Date.now()) entries.delete(key);
  }, 30_000);
  sweep.unref();

  const read = (key: string) => {
    const entry = entries.get(key);
    if (entry && entry.expiresAt <= Date.now()) {
      entries.delete(key);
      return undefined;
    }
    return entry;
  };
  const add = (key: string, amount: number) => {
    const entry = read(key);
    const next = Number(entry?.value ?? 0) + amount;
    if (!Number.isInteger(next)) throw new Error("ERR value is not an integer or out of range");
    entries.set(key, {
      value: String(next),
      expiresAt: entry?.expiresAt ?? Number.POSITIVE_INFINITY,
    });
    return next;
  };
  const fieldsOf = (key: string) => {
    const entry = read(key) ?? { value: "", expiresAt: Number.POSITIVE_INFINITY };
    entry.fields ??= new Map();
    entries.set(key, entry);
    return entry.fields;
  };
  const addToField = (key: string, field: string, amount: number) => {
    const fields = fieldsOf(key);
    const next = Number(fields.get(field) ?? 0) + amount;
    fields.set(field, String(next));
    return next;
  };
  const setFields = (key: string, pairs: string[]) => {
    const fields = fieldsOf(key);
    const before = fields.size;
    for (let at = 0; at + 1 < pairs.length; at += 2) {
      fields.set(pairs[at] ?? "", pairs[at + 1] ?? "");
    }
    return fields.size - before;
  };
  const expire = (key: string, milliseconds: number, flag?: string) => {
    const entry = read(key);
    if (!entry || (flag?.toUpperCase() === "NX" && entry.expiresAt !== Number.POSITIVE_INFINITY))
      return 0;
    entry.expiresAt = Date.now() + milliseconds;
    return 1;
  };
  const timeToLive = (key: string) => {
    const entry = read(key);
    if (!entry) return -2;
    return entry.expiresAt === Number.POSITIVE_INFINITY ? -1 : entry.expiresAt - Date.now();
  };
  const set = (key: string, value: string, options: string[]) => {
    const words = options.map((word) => word.toUpperCase());
    if (words.includes("NX") && read(key)) return null;
    if (words.includes("XX") && !read(key)) return null;
    let expiresAt = words.includes("KEEPTTL")
      ? (read(key)?.expiresAt ?? Number.POSITIVE_INFINITY)
      : Number.POSITIVE_INFINITY;
    if (words.includes("EX"))
      expiresAt = Date.now() + 1000 * Number(words[words.indexOf("EX") + 1]);
    if (words.includes("PX")) expiresAt = Date.now() + Number(words[words.indexOf("PX") + 1]);
    entries.set(key, { value, expiresAt });
    return "OK";
  };

  return ([name = "", key = "", ...rest]) => {
    switch (name.toUpperCase()) {
      case "PING":
        return "PONG";
      case "GET":
        return read(key)?.value ?? null;
      case "SET":
        return set(key, rest[0] ?? "", rest.slice(1));
      case "MGET":
        return [key, ...rest].map((each) => read(each)?.value ?? null);
      case "DEL":
        return [key, ...rest].filter((each) => entries.delete(each)).length;
      case "EXISTS":
        return [key, ...rest].filter((each) => read(each)).length;
      case "INCR":
        return add(key, 1);
      case "INCRBY":
        return add(key, Number(rest[0]));
      case "DECR":
        return add(key, -1);
      case "DECRBY":
        return add(key, -Number(rest[0]));
      case "HINCRBY":
        return addToField(key, rest[0] ?? "", Number(rest[1]));
      case "HSET":
        return setFields(key, rest);
      case "HLEN":
        return read(key)?.fields?.size ?? 0;
      case "HGETALL":
        return [...(read(key)?.fields ?? [])].flat();
      case "EXPIRE":
        return expire(key, 1000 * Number(rest[0]), rest[1]);
      case "PEXPIRE":
        return expire(key, Number(rest[0]), rest[1]);
      case "TTL":
        return Math.ceil(timeToLive(key) / 1000);
      case "PTTL":
        return timeToLive(key);
      case "FLUSHALL":
        entries.clear();
        return "OK";
      default:
        throw new Error(`ERR unknown command '${name}'`);
    }
  };
}
