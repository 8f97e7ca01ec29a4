import { Hono } from "hono";
import type { AppEnv } from "../http/app-env";
import { prefixOf } from "../http/path-spelling";

/** An old address of GlitchTip's event download. */
export const oldAddressRoutes = new Hono<AppEnv>();

oldAddressRoutes.get("/organizations/:org/issues/:issue/events/:event/json/", (c) =>
  c.redirect(`${prefixOf(c.env.PUBLIC_URL)}/api/0${c.req.path}`, 302),
);
