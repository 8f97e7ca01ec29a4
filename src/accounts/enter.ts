import type { Context } from "hono";
import { Fault } from "../fault";
import type { AppEnv } from "../http/app-env";
import { isUnavailable } from "../platform/database";
import { within } from "../platform/deadline";
import { limiter } from "../platform/limiter";
import { networkOf } from "../platform/network";
import type { OpenIdProvider } from "../platform/social-providers";
import { isObject } from "../protocol/json";
import { answering } from "./request";
import { textLimits } from "./text-limits";

type SignIn = ReturnType<typeof import("./sign-in").signInOf>;

type AskOptions = {
  provider?: OpenIdProvider | undefined;
  isConfirmed?: boolean;
  asksElsewhere?: boolean;
};

/**
 * Asks the sign-in library, as the browser itself would: with its cookies, its origin and its address. `provider` is
 * the OpenID provider that the request is about. Faults: unavailable, when no secret is configured or the provider
 * does not answer. Throws what the database threw while it is away.
 */
export async function askLibrary(
  c: Context<AppEnv>,
  ask: (signIn: SignIn, headers: Headers) => Promise<Response>,
  options: AskOptions = {},
): Promise<Response> {
  const { deps } = c.var;
  const { authSecret } = deps.config;
  if (!authSecret) throw notConfigured();
  await assertNotTooMany(c);
  // Loaded when somebody signs in: most isolates only ever take events.
  const { signInOf, signInWith } = await import("./sign-in");
  const signIn = options.provider
    ? await signInWith(deps, authSecret, options.provider)
    : signInOf(deps, authSecret);
  const asked = {
    waitUntil: (work: Promise<unknown>) => c.executionCtx.waitUntil(work),
    isConfirmed: options.isConfirmed ?? false,
    thrown: undefined,
  };
  const answer = () =>
    answering.run(asked, () =>
      ask(signIn, headersOf(c)).catch((error: unknown) => {
        const refusal = refusalIn(error);
        if (!refusal) throw error;
        return refusal;
      }),
    );
  // The library asks other services without a deadline of its own.
  const response = options.asksElsewhere
    ? await within(deps.deadlineMs, "The other service", answer)
    : await answer();
  if (isUnavailable(asked.thrown)) throw asked.thrown;
  return response;
}

export const notConfigured = () =>
  new Fault("unavailable", "Sign-in is not configured: set AUTH_SECRET.");

/** What the library throws where it is called by a function instead of a request; ours throw so before it has begun. */
function refusalIn(error: unknown): Response | undefined {
  if (!(error instanceof Error) || error.name !== "APIError") return undefined;
  const { statusCode, body, headers } = error as Error & {
    statusCode: number;
    body?: object;
    headers?: HeadersInit;
  };
  return Response.json(body ?? {}, { status: statusCode, ...(headers && { headers }) });
}

/** Those of the request. Who proved by the csrf cookie where it began needs no origin besides. */
function headersOf(c: Context<AppEnv>): Headers {
  const headers = new Headers(c.req.raw.headers);
  headers.delete("content-length");
  // Kept with the session, to recognise a browser by.
  const agent = headers.get("user-agent");
  if (agent) headers.set("user-agent", agent.slice(0, textLimits.userAgent));
  if (c.var.isSameSite && !headers.has("origin") && !headers.has("referer")) {
    headers.set("origin", new URL(c.var.deps.config.publicUrl).origin);
  }
  return headers;
}

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

/** The object in a body; an empty one when it holds something else. */
export const jsonOf = async (message: {
  text(): Promise<string>;
}): Promise<Record<string, unknown>> => jsonIn(await message.text());

/** The object in a text, likewise. */
export function jsonIn(text: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
