import { roles, scopes } from "./schemas";

export type Scope = (typeof scopes)[number];
export type Role = (typeof roles)[number];

const memberScopes = [
  "event:read",
  "event:write",
  "event:admin",
  "project:read",
  "project:releases",
  "team:read",
  "member:read",
  "org:read",
];
const adminScopes = [
  ...memberScopes,
  "project:write",
  "project:admin",
  "team:write",
  "team:admin",
  "org:integrations",
];
const managerScopes = [...adminScopes, "member:write", "member:admin", "org:write"];

/** What a role may do, as the `access` list of an organization tells it. */
export const scopesOfRole: Record<Role, string[]> = {
  member: memberScopes,
  admin: adminScopes,
  manager: managerScopes,
  owner: [...managerScopes, "org:admin"],
};

/** Whether a role is the other one or above it. */
export const isAtLeast = (role: Role, least: Role) => roles.indexOf(role) >= roles.indexOf(least);

/** An organization's own token has no person behind it: what its scopes allow is its role. */
export function roleOfScopes(allowed: readonly string[]): Role {
  if (allowed.includes("org:admin")) return "owner";
  if (allowed.some((scope) => /^(org:write|member:(write|admin))$/.test(scope))) return "manager";
  if (allowed.some((scope) => /^(project|team):(write|admin)$/.test(scope))) return "admin";
  return "member";
}

const isScope = (name: string) => scopes.some((scope) => scope === name);

/** Which of the things that a role may do these scopes allow too. What is no scope is the role's alone. */
export const withinRole = (role: Role, allowed: readonly string[]): string[] =>
  scopesOfRole[role].filter((name) => allowed.includes(name) || !isScope(name));

/**
 * The highest role, up to a person's own, that allows nothing beyond these scopes. Bringing in members is what
 * `member:write` is for, so that role is never too high.
 */
export function roleWithin(own: Role, allowed: readonly string[]): Role {
  const within = roles.filter(
    (role) =>
      isAtLeast(own, role) && withinRole(role, allowed).length === scopesOfRole[role].length,
  );
  return within.at(-1) ?? "member";
}
