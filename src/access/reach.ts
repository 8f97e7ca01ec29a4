import { Fault, notFound } from "../fault";
import { idInPath } from "../protocol/row-id";
import type { Caller, CallerUser } from "./caller";
import { isAtLeast, type Role, type Scope } from "./scopes";

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

/** Organizations in which a path looks: the one that it names, or all of the caller's. Faults: not_found. */
export const orgIdsOf = (caller: Caller, slugOrId?: string): number[] =>
  slugOrId === undefined ? caller.orgs.map(({ id }) => id) : [orgOf(caller, slugOrId).id];

/** Of the caller in each organization; nobody is a member of none. */
export const membershipsOf = ({ orgs }: Pick<Caller, "orgs">): number[] =>
  orgs.flatMap(({ memberId }) => memberId ?? []);

/** The person of a door that allowPerson or allowSession guards. */
export function personOf(caller: Caller): CallerUser {
  if (!caller.user) throw denied();
  return caller.user;
}

/** A browser has every scope, for there the role decides alone. */
export const hasAny = ({ scopes }: Caller, any: readonly string[]) =>
  scopes.some((scope) => any.includes(scope));

export const denied = () => new Fault("forbidden", "Permission denied");
