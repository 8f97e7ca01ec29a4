import type { MiddlewareHandler } from "hono";
import { Fault } from "../fault";
import { joinBytes } from "../protocol/join-bytes";
import type { AppEnv } from "./app-env";

/** As much as the platform lets in. */
const drainedBytesMax = 100_000_000;

/** Reads a body of unknown length and keeps no more than the cap of it. Faults: too_large, invalid. */
export async function readBody(request: Request, bytesMax: number): Promise<Uint8Array> {
  const announced = Number(request.headers.get("content-length"));
  if (announced > bytesMax) throw tooLarge(bytesMax);
  // A length within the cap was promised and the runtime holds the client to it.
  if (announced > 0) return new Uint8Array(await request.arrayBuffer().catch(brokenOff));
  if (!request.body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch(brokenOff);
    if (done) break;
    size += value.length;
    if (size > bytesMax) {
      reader.releaseLock();
      throw tooLarge(bytesMax);
    }
    chunks.push(value);
  }
  const [only] = chunks;
  if (only && chunks.length === 1) return only;
  return joinBytes(chunks, size);
}

/** Routes behind this get a body that is there and no larger. Faults: too_large, invalid. */
export function boundBody(bytesMax: number): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const { raw, method } = c.req;
    if (raw.body) {
      const body = await readBody(raw, bytesMax);
      if (method !== "GET" && method !== "HEAD") c.req.raw = new Request(raw, { method, body });
    }
    await next();
  };
}

/**
 * Reads on and throws away what nobody wanted of a body: a client that is cut off while it sends sees a broken
 * connection instead of the answer.
 */
export async function drainBody({ body }: Request): Promise<void> {
  if (!body || body.locked) return;
  const reader = body.getReader();
  try {
    for (let left = drainedBytesMax; left > 0; ) {
      const { done, value } = await reader.read();
      if (done) return;
      left -= value.length;
    }
    await reader.cancel();
  } catch {
    // The client has gone: nobody waits for the answer.
  }
}

const tooLarge = (bytesMax: number) =>
  new Fault("too_large", `The body is larger than ${bytesMax} bytes`);

/** A client that hung up, or did not keep to the framing it announced. */
function brokenOff(cause: unknown): never {
  throw new Fault("invalid", "The body broke off", { cause });
}
