import type { Context } from "hono";
import { daySeconds } from "../protocol/durations";
import { answerError } from "./answers";
import type { AppEnv } from "./app-env";

type Words = {
  /** Headers of answers that pages of other sites may read. */
  exposed: string;
  methods: string;
  /** Headers that pages of other sites may send. */
  allowed: string;
  /** Further headers of every answer. */
  more?: Record<string, string>;
};

/**
 * The headers by which pages of every site may call: of each answer, and of the one to a preflight request. Made once
 * for each app. Not Hono's `cors`: it says that a preflight varies with the headers that were asked for, which ours
 * does not, it also opens pages for people, and copies every answer to put its headers on.
 */
export function corsOf({ exposed, methods, allowed, more }: Words) {
  const headers: Record<string, string> = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": exposed,
    ...more,
  };
  const preflight = {
    ...headers,
    "Access-Control-Allow-Methods": methods,
    "Access-Control-Allow-Headers": allowed,
    "Access-Control-Max-Age": String(daySeconds),
  };
  return { headers, preflight };
}

/** Of the API. */
export const apiCors = corsOf({
  exposed:
    "Link, X-Hits, X-Max-Hits, X-Sentry-Direct-Hit, X-Query-Notes, X-Request-Id, Retry-After",
  methods: "GET, POST, PUT, PATCH, DELETE, OPTIONS",
  allowed:
    "accept, authorization, content-type, user-agent, x-csrftoken, x-requested-with, x-sentry-auth, baggage, sentry-trace",
});

export function allowEverySite(headers: Headers): void {
  for (const [name, value] of Object.entries(apiCors.headers)) headers.set(name, value);
}

/** Any thrown thing → an answer that pages of every site may read. */
export function answerErrorOpenly(error: unknown, c: Context<AppEnv>): Response {
  const response = answerError(error, c);
  allowEverySite(response.headers);
  return response;
}
