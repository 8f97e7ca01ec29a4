import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { matchedRoutes } from "hono/route";
import type { ZodError } from "zod";
import { Fault, notFound, type Part } from "../fault";
import { fullnessOf, isConflict, isGone, isUnavailable, sqlStateOf } from "../platform/database";
import { reasonOf } from "../platform/logger";
import { unstorable } from "../protocol/json";
import type { AppEnv } from "./app-env";

/** What a limit without a clock of its own asks for. */
const limitedSeconds = 60;

/** Any thrown thing → an answer in the API's own shape, `{"detail": …}`. Never HTML, never an inner message. */
export function answerError(error: unknown, c: Context<AppEnv>): Response {
  if (error instanceof Fault) {
    // Something outside failed in its own way, which the answer does not tell. What the client did is no error of ours.
    if (error.cause !== undefined && error.status >= 500) logFailure(c, error);
    const headers: Record<string, string> =
      error.kind === "limited" ? { "Retry-After": String(limitedSeconds) } : {};
    if (error.field !== undefined) {
      return answerProblems([{ type: "custom", loc: ["body", error.field], msg: error.message }]);
    }
    const more = { ...error.part, ...(error.code !== undefined && { code: error.code }) };
    return detail(error.status, error.message, headers, more);
  }
  if (error instanceof HTTPException) {
    // GlitchTip does not tell a wrong content type from a broken body either.
    return error.status === 400 || error.status === 415
      ? detail(400, "Cannot parse request body")
      : detail(error.status, error.message || "Error");
  }
  // PostgreSQL keeps every text but those with a zero byte; any field of any request may hold one.
  if (/^(22021|22P05)$/.test(sqlStateOf(error) ?? "")) {
    return detail(422, unstorable);
  }
  // The library that checks bodies compares the `length` of whatever stands where a text should; one that is an object
  // with members called toString and valueOf compares with nothing.
  if (error instanceof TypeError && error.message === "Cannot convert object to primitive value") {
    return detail(422, "A value does not fit");
  }
  if (isGone(error)) return answerNotFound();
  const fullness = fullnessOf(error);
  if (fullness !== undefined) return detail(422, fullness);
  if (isConflict(error)) return detail(409, "Somebody else changed this at the same moment");
  logFailure(c, error);
  if (isUnavailable(error)) return detail(503, "The database is not available right now.");
  return detail(500, "Internal error");
}

const logFailure = (c: Context<AppEnv>, error: unknown): void =>
  // Before the settings are read there is nobody to tell.
  c.var.deps?.log("error", "request failed", {
    method: c.req.method,
    route: routeOf(c),
    requestId: c.var.requestId,
    reason: reasonOf(error),
  });

/** 422 with one entry per problem, as clients of the field expect: `{type, loc, msg}`. */
export function answerInvalid(error: ZodError, part: string): Response {
  return answerProblems(
    error.issues.map(({ code, path, message }) => ({
      type: code,
      loc: [part, ...path.map(String)],
      msg: message,
    })),
  );
}

const answerProblems = (problems: { type: string; loc: string[]; msg: string }[]): Response =>
  Response.json({ detail: problems }, { status: 422 });

/**
 * The pattern of the route that answered, for the log. Never the path itself: links in mails carry what lets somebody in.
 */
export const routeOf = (c: Context): string =>
  matchedRoutes(c).findLast(({ path }) => !path.endsWith("*"))?.path ?? "none";

/** What `notFound()` of src/fault.ts is answered with, where nothing is thrown. */
export const answerNotFound = (headers?: Record<string, string>) =>
  detail(404, notFound().message, headers);

export const detail = (
  status: number,
  text: string,
  headers: Record<string, string> = {},
  more?: Partial<Part> & { code?: string },
) => Response.json({ detail: text, ...more }, { status, headers });
