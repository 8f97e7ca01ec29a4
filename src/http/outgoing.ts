import type { Context } from "hono";
import { daySeconds } from "../protocol/durations";
import { isOwnAddress } from "../protocol/own-address";
import { detail } from "./answers";
import type { AppEnv } from "./app-env";

const hstsSeconds = 365 * daySeconds;

/** Headers of every answer. */
export function secure(headers: Headers, publicUrl: unknown): void {
  headers.set("X-Content-Type-Options", "nosniff");
  // Addresses of pages hold tokens, which other sites must not learn.
  if (!headers.has("Referrer-Policy")) headers.set("Referrer-Policy", "same-origin");
  if (typeof publicUrl === "string" && publicUrl.startsWith("https:")) {
    headers.set("Strict-Transport-Security", `max-age=${hstsSeconds}`);
  }
}

/**
 * No answer sends a browser elsewhere, whoever made it: not to an address that came with the request. The one that
 * begins a sign-in at another service says so (`leavesFor`), and has its address from the settings.
 */
export function holdBack(c: Context<AppEnv>): void {
  const location = c.res.headers.get("location");
  if (location === null || location === c.var.leavesFor) return;
  const { deps, requestId } = c.var;
  if (isOwnAddress(deps.config.publicUrl, location)) return;
  deps.log("error", "an answer that would have led elsewhere was held back", { requestId });
  c.res = undefined;
  c.res = detail(400, "This address leads elsewhere");
}
