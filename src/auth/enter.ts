import type { Context } from "hono";
import { Fault } from "../fault";
import type { AppEnv } from "../http/app";
import { isUnavailable } from "../platform/database";
import { within } from "../platform/deadline";
import { randomHex } from "../platform/ids";
import { limiter } from "../platform/limiter";
import { networkOf } from "../platform/network";
import { dictionaryOf } from "../protocol/dictionary";
import { isStorable, unstorable } from "../protocol/json";
import { isOwnAddress } from "../protocol/own-address";
import { answering } from "./request";
import { cookieOf, csrfCookieName } from "./session-cookie";
import { signInPath } from "./sign-in-path";
import { openIdProviderOf } from "./social";
import { textLimits } from "./text-limits";

const csrfDays = 365;

/**
 * Asks the sign-in library, as the browser itself would: with its cookies, its origin and its address. Faults:
 * unavailable, when no secret is configured or an OpenID provider does not answer. Throws what the database threw
 * while it is away.
 */
export async function askSignIn(
  c: Context<AppEnv>,
  method: string,
  path: string,
  body?: object | string,
): Promise<Response> {
  const { deps } = c.var;
  const { authSecret, publicUrl } = deps.config;
  if (!authSecret) throw new Fault("unavailable", "Sign-in is not configured: set AUTH_SECRET.");
  await assertNotTooMany(c);
  // Loaded when somebody signs in: most isolates only ever take events.
  const { signInOf, signInWith } = await import("./sign-in");
  const headers = new Headers(c.req.raw.headers);
  headers.delete("content-length");
  // Kept with the session, to recognise a browser by.
  const agent = headers.get("user-agent");
  if (agent) headers.set("user-agent", agent.slice(0, textLimits.userAgent));
  if (typeof body === "object") headers.set("content-type", "application/json");
  const text = typeof body === "object" ? JSON.stringify(body) : body;
  const request = new Request(`${publicUrl}${signInPath}${path}`, {
    method,
    headers,
    redirect: "manual",
    ...(text !== undefined && { body: text }),
  });
  assertComesBack(publicUrl, path, text);
  assertFits(text);
  if (text !== undefined && !isStorable(text)) throw new Fault("invalid", unstorable);
  const provider = openIdProviderOf(deps.config.socialProviders, path, text);
  const { handler } = provider
    ? await signInWith(deps, authSecret, provider)
    : signInOf(deps, authSecret);
  const asked = {
    waitUntil: (work: Promise<unknown>) => c.executionCtx.waitUntil(work),
    thrown: undefined,
  };
  const answer = () => answering.run(asked, () => handler(request));
  // The library asks other services without a deadline of its own.
  const response = asksElsewhere.test(path)
    ? await within(deps.deadlineMs, "The other service", answer)
    : await answer();
  if (isUnavailable(asked.thrown)) throw asked.thrown;
  return response;
}

/** Where a browser is to go afterwards is a place of ours, in whatever field it is given. Faults: forbidden. */
function assertComesBack(publicUrl: string, path: string, text = ""): void {
  const query = new URLSearchParams(path.split("?", 2)[1] ?? "");
  const fields: [string, unknown][] = [...query, ...Object.entries(objectIn(text))];
  for (const [name, value] of fields) {
    if (!/(callbackURL|redirectTo|redirect_?ur[il])$/i.test(name) || value === undefined) continue;
    if (typeof value !== "string" || !isOwnAddress(publicUrl, value)) {
      throw new Fault("forbidden", `${name} must be an address of this installation`);
    }
  }
}

/** Faults: unprocessable, when a text is longer than anything it may be. */
function assertFits(text = ""): void {
  const { email, name, other } = textLimits;
  for (const [field, value] of Object.entries(objectIn(text))) {
    const charsMax = field === "email" ? email : field === "name" ? name : other;
    if (typeof value !== "string" || value.length <= charsMax) continue;
    throw new Fault("unprocessable", `A ${field.slice(0, 50)} has at most ${charsMax} characters`);
  }
}

/** A JSON object, or the fields of a form: the library reads both. */
function objectIn(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return dictionaryOf(new URLSearchParams(text));
  }
}

/** Where the library talks to the service that somebody signs in with. */
const asksElsewhere = /^\/(callback|oauth2|sign-in\/social|link-social)\b/;

const requestsPerMinute = 120;

/** Signing in leaves rows behind and costs hashes, whoever asks. Faults: limited. */
async function assertNotTooMany(c: Context<AppEnv>): Promise<void> {
  const ip = c.req.header("cf-connecting-ip");
  if (!ip) return;
  const limit = {
    key: `sign-in:${networkOf(ip)}`,
    count: requestsPerMinute,
    windowSeconds: 60,
  };
  const waitUntil = (work: Promise<unknown>) => c.executionCtx.waitUntil(work);
  const seconds = await limiter.secondsToWait(c.var.deps, waitUntil, limit);
  if (seconds !== undefined)
    throw new Fault("limited", "Too many requests; try again in a minute.");
}

/** A browser gets the cookie that proves where its later requests begin, unless it has one. */
export function giveCsrfToken(c: Context<AppEnv>, headers: Headers): void {
  if (cookieOf(c.req.header("cookie") ?? "", csrfCookieName)) return;
  headers.append("Set-Cookie", csrfCookieOf(c, randomHex(16)));
}

export function csrfCookieOf(c: Context<AppEnv>, token: string): string {
  const secure = c.var.deps.config.publicUrl.startsWith("https:") ? "; Secure" : "";
  return `${csrfCookieName}=${token}; Path=/; Max-Age=${csrfDays * 86_400}; SameSite=Lax${secure}`;
}

/** The object in a body; an empty one when it holds something else. */
export const jsonOf = async (message: {
  text(): Promise<string>;
}): Promise<Record<string, unknown>> => {
  const text = await message.text();
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
};
