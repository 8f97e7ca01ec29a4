import { Fault } from "../fault";
import type { Caller } from "./caller";
import { requireFresh } from "./freshness";
import { operatorScope } from "./schemas";

/**
 * What only superusers have needs more than being one: a sign-in of a moment ago, or a token that was made for it.
 * Faults: forbidden.
 */
export function requireOperator(caller: Caller, now: Date): void {
  if (caller.user?.isSuperuser && caller.by === "session") return requireFresh(caller, now);
  if (caller.user?.isSuperuser && caller.scopes.includes(operatorScope)) return;
  throw new Fault("forbidden", "Permission denied");
}
