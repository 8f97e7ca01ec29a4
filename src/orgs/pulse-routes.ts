import { createHash } from "node:crypto";
import { createRoute, z } from "@hono/zod-openapi";
import { empty, faults, json, openApi } from "../http/app";
import { pathPart } from "../protocol/path-part";
import { readPulseBy } from "./pulse";
import { Pulse } from "./schemas";

const getPulse = createRoute({
  method: "get",
  path: "/api/pulse/{ticket}/",
  tags: ["Organizations"],
  summary:
    "Numbers that change with what open pages show; by the ticket in an organization's detail",
  security: [],
  request: {
    params: z.object({ ticket: pathPart() }),
    headers: z.object({ "if-none-match": z.string().max(200).optional() }),
  },
  responses: {
    200: json(Pulse, "As they are now, with an ETag"),
    304: empty("As they were"),
    ...faults(404, 503),
  },
});

/** While Redis is away pages wait at least this long. */
const retrySeconds = 10;

export const pulseRoutes = openApi();

pulseRoutes.openapi(getPulse, async (c) => {
  const numbers = await readPulseBy(c.var.deps, c.req.valid("param").ticket);
  if (!numbers) {
    const headers = { "Retry-After": String(retrySeconds) };
    return c.json({ detail: "Live updates are not available right now." }, 503, headers);
  }
  const text = JSON.stringify(numbers);
  const etag = `"${createHash("sha1").update(text).digest("base64url").slice(0, 16)}"`;
  // A page keeps what it has, and asks each time whether it is still so.
  c.header("Cache-Control", "private, no-cache");
  c.header("ETag", etag);
  const isKnown = c.req.valid("header")["if-none-match"]?.includes(etag) ?? false;
  return isKnown ? c.body(null, 304) : c.json(numbers, 200);
});
