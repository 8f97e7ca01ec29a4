import type { Context, MiddlewareHandler } from "hono";
import { Fault } from "../fault";
import { detail } from "../http/answers";
import type { AppEnv } from "../http/app-env";
import { limiter } from "../platform/limiter";
import { type Actor, type Caller, findSessionCaller, findTokenCaller } from "./caller";
import { requireOperator } from "./operator";
import { denied, hasAny } from "./reach";
import { assertSameSite } from "./same-site";
import { operatorScope } from "./schemas";
import type { Scope } from "./scopes";

/**
 * Part of a route's definition: who may call it. A token needs any one of the scopes; a signed-in person needs none,
 * because roles decide. Without either 401, without a scope 403, and both before anything is looked up.
 */
export const allow = (...allowed: Scope[]) => ({
  security: demands({ bearer: [...allowed] }, { session: [] }),
  middleware: admit((caller) => {
    if (!hasAny(caller, allowed)) throw denied();
  }),
});

/** A door for a person, by browser or by any of their tokens. An organization's token is nobody: 403. */
export const allowPerson = () => ({
  security: demands({ bearer: [] }, { session: [] }),
  middleware: admit((caller) => {
    if (!caller.user) throw denied();
  }),
});

/** Scopes that change people. */
const peopleWriters: Scope[] = ["member:write", "member:admin"];

/**
 * A door where people change what is theirs alone: their name, their memberships, what reaches them. A token that was
 * made to read must not act for them.
 */
export const allowPersonToChange = () => ({
  security: demands({ bearer: peopleWriters }, { session: [] }),
  middleware: admit((caller) => {
    if (!caller.user || !hasAny(caller, peopleWriters)) throw denied();
  }),
});

/** A door for browsers only, where a stolen token must not make another. */
export const allowSession = () => ({
  security: demands({ session: [] }),
  middleware: admit((caller) => {
    if (caller.by !== "session") throw unauthorized();
  }),
});

/**
 * A door for operators of the whole installation: superusers who signed in a moment ago, and their tokens of a scope
 * of its own. A token that was made for the API must not be enough.
 */
export const allowSuperuser = () => ({
  security: demands({ bearer: [operatorScope] }, { session: ["superuser"] }),
  middleware: admit(requireOperator),
});

const demands = (...any: Record<string, string[]>[]) => any;

const unauthorized = () => new Fault("unauthenticated", "Unauthorized");

function admit(check: (caller: Caller, now: Date) => void): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const caller = await identify(c);
    if (!caller) throw unauthorized();
    if (caller.by === "session") assertSameSite(c);
    check(caller, c.var.deps.now());
    const waitSeconds = await secondsToWait(c, caller);
    if (waitSeconds !== undefined) {
      return detail(429, "Please retry later", { "Retry-After": String(waitSeconds) });
    }
    c.set("caller", caller);
    await next();
  };
}

/** The caller behind `Authorization: Bearer …` or the session cookie, or undefined. */
export async function identify(c: Context<AppEnv>): Promise<Caller | undefined> {
  const authorization = c.req.header("authorization");
  if (authorization !== undefined) {
    const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    if (!token) return undefined;
    const ip = c.req.header("cf-connecting-ip");
    return findTokenCaller(c.var.deps, token, ip, (work) => c.executionCtx.waitUntil(work));
  }
  const cookies = c.req.header("cookie");
  return cookies === undefined ? undefined : findSessionCaller(c.var.deps, cookies);
}

const apiWindowSeconds = 60;
/** Who asks now and then does not wait for Redis as well. */
const apiFreeShare = 0.05;

/** Each token and each session has its own share of the API. */
async function secondsToWait(c: Context<AppEnv>, caller: Caller): Promise<number | undefined> {
  const { deps } = c.var;
  const limit = {
    key: `api:${caller.by}:${caller.id}`,
    count: deps.config.apiRequestsPerMinute,
    windowSeconds: apiWindowSeconds,
    freeShare: apiFreeShare,
  };
  return limiter.secondsToWait(deps, (work) => c.executionCtx.waitUntil(work), limit);
}

/** Who the audit log names. */
export const actorOf = (c: Context<AppEnv>): Actor => ({
  userId: c.var.caller.user?.id ?? null,
  name: c.var.caller.user?.email ?? `token ${c.var.caller.label}`,
  ip: c.req.header("cf-connecting-ip") ?? null,
});
