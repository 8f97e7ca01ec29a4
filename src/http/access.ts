import type { Context, MiddlewareHandler } from "hono";
import type { Scope } from "../auth/scopes";
import { type Caller, findCaller } from "../auth/token";
import { Fault } from "../fault";
import { notFound } from "./answers";
import type { AppEnv } from "./app";

/**
 * Part of a route's definition: who may call it. Any one of the scopes is enough; without a valid token 401,
 * without a scope 403, and both before anything is looked up.
 */
export const allow = (...allowed: Scope[]) => ({
  security: [{ bearer: [...allowed] }],
  middleware: requireScope(allowed),
});

/** A door for operators of the whole installation. */
export const allowSuperuser = () => ({
  security: [{ bearer: ["superuser"] }],
  middleware: requireSuperuser,
});

function requireScope(allowed: Scope[]): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const caller = await identify(c);
    if (!caller) throw new Fault("unauthenticated", "Unauthorized");
    if (!caller.scopes.some((scope) => allowed.includes(scope as Scope))) {
      throw new Fault("forbidden", "Permission denied");
    }
    c.set("caller", caller);
    await next();
  };
}

const requireSuperuser: MiddlewareHandler<AppEnv> = async (c, next) => {
  const caller = await identify(c);
  if (!caller) throw new Fault("unauthenticated", "Unauthorized");
  if (!caller.user?.isSuperuser) throw new Fault("forbidden", "Permission denied");
  c.set("caller", caller);
  await next();
};

/** The caller behind `Authorization: Bearer …`, or undefined. */
export async function identify(c: Context<AppEnv>): Promise<Caller | undefined> {
  const [, token] = /^Bearer +(\S+)$/i.exec(c.req.header("authorization") ?? "") ?? [];
  if (!token) return undefined;
  return findCaller(c.var.deps, token, (work) => c.executionCtx.waitUntil(work));
}

/** The organization of the path, by slug or id. One that is not the caller's is not there. Faults: not_found. */
export function orgOf(caller: Caller, slugOrId: string) {
  const org = caller.orgs.find(({ id, slug }) => slug === slugOrId || String(id) === slugOrId);
  if (!org) throw notFound();
  return org;
}

export const orgIdsOf = (caller: Caller) => caller.orgs.map(({ id }) => id);
