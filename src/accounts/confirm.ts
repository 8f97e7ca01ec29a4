import type { Context } from "hono";
import type { Caller } from "../access/caller";
import { freshMinutes, isFresh, notFreshCode } from "../access/freshness";
import { Fault } from "../fault";
import type { AppEnv } from "../http/app-env";
import { touchAuthentication } from "./account-queries";
import { askLibrary, jsonOf } from "./enter";

/** The same for doors of our own API. Faults: forbidden, invalid for a wrong password, limited. */
export async function requireConfirmed(
  c: Context<AppEnv>,
  caller: Caller,
  password: unknown,
): Promise<void> {
  const given = typeof password === "string" ? password : undefined;
  const refusal = await refusalOf(c, caller, given);
  if (!refusal) return;
  const { message, code } = await jsonOf(refusal);
  const kind = kindOf.get(refusal.status as 401 | 403 | 429) ?? "invalid";
  throw new Fault(
    kind,
    typeof message === "string" ? message : "The request was refused",
    typeof code === "string" ? { code } : {},
  );
}

const kindOf = new Map([
  [401, "unauthenticated"],
  [403, "forbidden"],
  [429, "limited"],
] as const);

/**
 * The guard of everything that changes how one signs in, whichever door it comes by: who does so gives the password
 * with the request, or has signed in a moment ago. A right password counts as a sign-in from then on. The refusal is
 * in the sign-in library's form; undefined when there is none.
 */
export async function refusalOf(
  c: Context<AppEnv>,
  caller: Caller,
  password: string | undefined,
): Promise<Response | undefined> {
  const { deps } = c.var;
  if (password === undefined) {
    return isFresh(caller, deps.now())
      ? undefined
      : Response.json({ code: notFreshCode, message: askAgain }, { status: 403 });
  }
  const answer = await askLibrary(c, (signIn, headers) =>
    signIn.api.verifyPassword({ body: { password }, headers, asResponse: true }),
  );
  if (!answer.ok) return answer;
  await touchAuthentication(deps.db, caller.id, deps.now());
  return undefined;
}

const askAgain = `Give your password as well, or sign in again first: this needs a sign-in of the last ${freshMinutes} minutes.`;
