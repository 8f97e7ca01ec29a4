import type { Context, MiddlewareHandler } from "hono";
import { type Caller, type CallerUser, findSessionCaller, findTokenCaller } from "../auth/caller";
import { requireConfirmed } from "../auth/confirm";
import { jsonIn } from "../auth/enter";
import { requireOperator } from "../auth/operator";
import { operatorScope } from "../auth/schemas";
import { isAtLeast, type Role, type Scope } from "../auth/scopes";
import { cookieOf, csrfCookieName } from "../auth/session-cookie";
import { Fault } from "../fault";
import type { Actor } from "../orgs/audit";
import { limiter } from "../platform/limiter";
import { idInPath } from "../protocol/slug";
import { detail, notFound } from "./answers";
import type { AppEnv } from "./app";

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

/**
 * A door for operators of the whole installation: superusers who signed in a moment ago, and their tokens of a scope
 * of its own. A token that was made for the API must not be enough.
 */
export const allowSuperuser = () => ({
  security: demands({ bearer: [operatorScope] }, { session: ["superuser"] }),
  middleware: admit(requireOperator),
});

/** A browser has every scope, for there the role decides alone. */
const hasAny = ({ scopes }: Caller, any: readonly string[]) =>
  scopes.some((scope) => any.includes(scope));

const demands = (...any: Record<string, string[]>[]) => any;

const unauthorized = () => new Fault("unauthenticated", "Unauthorized");
const denied = () => new Fault("forbidden", "Permission denied");

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

/** A cookie comes along wherever a request starts: what changes something must prove that it started here. */
export function assertSameSite(c: Context<AppEnv>): void {
  if (/^(GET|HEAD|OPTIONS)$/.test(c.req.method)) return;
  const token = cookieOf(c.req.header("cookie") ?? "", csrfCookieName);
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

export type CallerOrg = Caller["orgs"][number];

/** The organization of the path, by slug or id. One that is not the caller's is not there. Faults: not_found. */
export function orgOf(caller: Caller, slugOrId: string): CallerOrg {
  const wanted = idInPath(slugOrId);
  const org = caller.orgs.find(({ id, slug }) =>
    wanted === undefined ? slug === slugOrId : id === wanted,
  );
  if (!org) throw notFound();
  return org;
}

/** Faults: not_found, when the caller's role is too low: GlitchTip hides what is not the caller's to change. */
export function requireRole({ role }: CallerOrg, least: Role): void {
  if (!isAtLeast(role, least)) throw notFound();
}

/** Faults: forbidden, where GlitchTip says so openly. */
export function demandRole({ role }: CallerOrg, least: Role, text = "forbidden"): void {
  if (!isAtLeast(role, least)) throw new Fault("forbidden", text);
}

/** Faults: forbidden, for a token that has none of these scopes, where not all that a door does needs them. */
export function demandScope(caller: Caller, ...any: Scope[]): void {
  if (!hasAny(caller, any))
    throw new Fault("forbidden", `This needs the scope ${any.join(" or ")}`);
}

export const orgIdsOf = (caller: Caller) => caller.orgs.map(({ id }) => id);

/** The person of a door that allowPerson or allowSession guards. */
export function personOf(caller: Caller): CallerUser {
  if (!caller.user) throw denied();
  return caller.user;
}

/** Who the audit log names. */
export const actorOf = (c: Context<AppEnv>): Actor => ({
  userId: c.var.caller.user?.id ?? null,
  name: c.var.caller.user?.email ?? `token ${c.var.caller.label}`,
  ip: c.req.header("cf-connecting-ip") ?? null,
});
