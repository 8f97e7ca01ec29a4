import type { MiddlewareHandler } from "hono";
import { allowSession } from "../access/allow";
import type { AppEnv } from "../http/app-env";
import { requireConfirmed } from "./confirm";
import { jsonIn } from "./enter";

/**
 * A door that changes how a person signs in: for browsers, by the password in the body or a sign-in of the last
 * minutes.
 */
export const allowConfirmed = () => {
  const { security, middleware } = allowSession();
  return { security, middleware: [middleware, confirm] };
};

const confirm: MiddlewareHandler<AppEnv> = async (c, next) => {
  await requireConfirmed(c, c.var.caller, jsonIn(await c.req.text()).password);
  await next();
};
