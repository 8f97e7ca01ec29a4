import { Hono } from "hono";
import type { AppEnv } from "../http/app-env";
import { daySeconds } from "../protocol/durations";

/** What browsers and search engines ask by themselves. */
export const browserRoutes = new Hono<AppEnv>();

browserRoutes.get("/robots.txt", (c) => c.text("User-agent: *\nDisallow: /\n"));
browserRoutes.get("/favicon.ico", (c) =>
  c.body(null, 204, { "Cache-Control": `public, max-age=${daySeconds}` }),
);
