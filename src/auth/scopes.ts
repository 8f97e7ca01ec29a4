/** Everything a token may be allowed to do, in GlitchTip's bit order. */
export const scopes = [
  "project:read",
  "project:write",
  "project:admin",
  "project:releases",
  "team:read",
  "team:write",
  "team:admin",
  "event:read",
  "event:write",
  "event:admin",
  "org:read",
  "org:write",
  "org:admin",
  "member:read",
  "member:write",
  "member:admin",
] as const;
export type Scope = (typeof scopes)[number];

export type Role = "member" | "admin" | "manager" | "owner";

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
