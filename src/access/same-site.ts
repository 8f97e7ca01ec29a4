import type { Context } from "hono";
import { generateCookie, getCookie } from "hono/cookie";
import { Fault } from "../fault";
import type { AppEnv } from "../http/app-env";
import { fieldsOf } from "../http/forms";
import { randomHex } from "../platform/ids";
import { lookUp } from "../protocol/dictionary";
import { daySeconds } from "../protocol/durations";
import { csrfCookieName } from "./session-cookie";

/** A cookie comes along wherever a request starts: what changes something must prove that it started here. */
export function assertSameSite(c: Context<AppEnv>): void {
  if (/^(GET|HEAD|OPTIONS)$/.test(c.req.method)) return;
  const token = getCookie(c, csrfCookieName);
  if (!isFromHere(c) || !token || token !== c.req.header("x-csrftoken")) {
    throw new Fault("forbidden", "CSRF check Failed");
  }
  c.set("isSameSite", true);
}

/** Browsers name where a request begins. Scripts need not: the token that follows is proof enough. */
export function isFromHere(c: Context<AppEnv>): boolean {
  const { origin } = new URL(c.var.deps.config.publicUrl);
  const named = c.req.header("origin") ?? originIn(c.req.header("referer"));
  return named === undefined || named === origin;
}

function originIn(referer: string | undefined): string | undefined {
  if (!referer) return undefined;
  return URL.canParse(referer) ? new URL(referer).origin : "null";
}

/** A form of ours carries the value of the csrf cookie; no other page can read it. Faults: forbidden. */
export async function assertOwnForm(c: Context<AppEnv>, field: string): Promise<void> {
  const known = getCookie(c, csrfCookieName);
  if (!isFromHere(c) || !known || lookUp(await fieldsOf(c), field) !== known) {
    throw new Fault("forbidden", "CSRF check Failed");
  }
  c.set("isSameSite", true);
}

const csrfDays = 365;

/** A browser gets the cookie that proves where its later requests begin, unless it has one. */
export function giveCsrfToken(c: Context<AppEnv>, headers: Headers): void {
  if (getCookie(c, csrfCookieName)) return;
  headers.append("Set-Cookie", csrfCookieOf(c, randomHex(16)));
}

export function csrfCookieOf(c: Context<AppEnv>, token: string): string {
  return generateCookie(csrfCookieName, token, {
    maxAge: csrfDays * daySeconds,
    sameSite: "Lax",
    secure: c.var.deps.config.publicUrl.startsWith("https:"),
  });
}
