import { Hono } from "hono";
import { giveCsrfToken } from "../access/same-site";
import { notFound } from "../fault";
import type { AppEnv } from "../http/app-env";
import { askSignIn } from "./ask-sign-in";
import { isOpenDoor } from "./documented-routes";
import { jsonOf } from "./enter";

/**
 * Signing up, in and out, second factors, passkeys, social sign-in, sessions: the sign-in library's own doors under
 * /api/auth, for our pages. Only those that are documented are open. Errors get `detail` beside the library's words.
 */
export const authRoutes = new Hono<AppEnv>();

authRoutes.on(["GET", "POST"], "/api/auth/*", async (c) => {
  const url = new URL(c.req.url);
  const door = c.req.path.replace(/^\/api\/auth/, "").replace(/\/$/, "");
  if (!isOpenDoor(c.req.method, door)) throw notFound();
  const body = c.req.method === "POST" ? await c.req.text() : undefined;
  const response = await askSignIn(c, c.req.method, door + url.search, body);
  const headers = new Headers(response.headers);
  headers.set("Cache-Control", "no-store");
  // The body has the address of the other service; only redirects need the header.
  if (response.status < 300 || response.status >= 400) headers.delete("Location");
  giveCsrfToken(c, headers);
  if (response.status < 400)
    return new Response(response.body, { status: response.status, headers });
  const { message, code } = await jsonOf(response);
  headers.delete("content-length");
  headers.set("content-type", "application/json");
  const detail = typeof message === "string" ? message : "The request was refused";
  return new Response(JSON.stringify({ detail, message: detail, code: code ?? null }), {
    status: response.status,
    headers,
  });
});
