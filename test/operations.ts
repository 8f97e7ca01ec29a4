import { createHash, randomBytes } from "node:crypto";
import { operatorScope, roles, scopes } from "../src/access/schemas";
import { type Role, scopesOfRole } from "../src/access/scopes";
import { ledHash, undoId } from "./furnish";
import { makeMember, makeTenant, type Stack, type Tenant } from "./harness";

/** What the walks over all operations must know of one: what it is sent, and what it can give. */

/** A body that its door accepts. */
export const bodies: Record<string, unknown> = {
  "POST /api/0/internal/dead-letters/replay/": { id: "x", queue: "envelopes" },
  "POST /api/0/organizations/": { name: "Another" },
  "PUT /api/0/organizations/{organization_slug}/": { name: "Renamed" },
  "POST /api/0/organizations/{organization_slug}/members/": { email: "new@example.com" },
  "PUT /api/0/organizations/{organization_slug}/members/{member_id}/": { orgRole: "admin" },
  "POST /api/0/organizations/{organization_slug}/teams/": { slug: "fresh" },
  "PUT /api/0/teams/{organization_slug}/{team_slug}/": { slug: "renamed" },
  "POST /api/0/teams/{organization_slug}/{team_slug}/projects/": { name: "Fresh" },
  "PUT /api/0/projects/{organization_slug}/{project_slug}/": { platform: "python" },
  "PUT /api/0/projects/{organization_slug}/{project_slug}/filters/{filter_id}/": { active: true },
  "PUT /api/0/projects/{organization_slug}/{project_slug}/ownership/": { raw: "path:src #core" },
  "POST /api/0/projects/{organization_slug}/{project_slug}/keys/": { name: "Second" },
  "PUT /api/0/projects/{organization_slug}/{project_slug}/keys/{key_id}/": { name: "Renamed" },
  "POST /api/0/projects/{organization_slug}/{project_slug}/alerts/": { name: "Spike" },
  "PUT /api/0/projects/{organization_slug}/{project_slug}/alerts/{alert_id}/": { quantity: 1 },
  "PUT /api/0/projects/{organization_slug}/{project_slug}/environments/{environment}/": {
    isHidden: true,
  },
  "POST /api/0/organizations/{organization_slug}/issues/undo/": { undoId },
  "POST /api/0/organizations/{organization_slug}/group-search-views/": { name: "Mine" },
  "PUT /api/0/organizations/{organization_slug}/group-search-views/{view_id}/": { name: "Ours" },
  "PUT /api/0/organizations/{organization_slug}/group-search-views/starred-order/": {
    viewIds: [1],
  },
  "POST /api/0/organizations/{organization_slug}/group-search-views/{view_id}/starred/": {
    starred: true,
  },
  "POST /api/0/organizations/{organization_slug}/group-search-views/{view_id}/default/": {
    isDefault: true,
  },
  "POST /api/0/organizations/{organization_slug}/searches/": { name: "Mine", query: "" },
  "PUT /api/0/organizations/{organization_slug}/searches/{search_id}/": { name: "Ours" },
  "PUT /api/0/organizations/{organization_slug}/pinned-searches/": { query: "is:new" },
  "POST /api/0/organizations/{organization_slug}/recent-searches/": { query: "is:new" },
  "POST /api/0/issues/{issue_id}/notes/": { text: "Seen before" },
  "PUT /api/0/issues/{issue_id}/notes/{note_id}/": { text: "Seen before" },
  "POST /api/0/organizations/{organization_slug}/issues/{issue_id}/notes/": { text: "Seen before" },
  "PUT /api/0/organizations/{organization_slug}/issues/{issue_id}/notes/{note_id}/": {
    text: "Seen before",
  },
  "POST /api/0/issues/{issue_id}/comments/": { data: { text: "Seen before" } },
  "PUT /api/0/issues/{issue_id}/comments/{note_id}/": { data: { text: "Seen before" } },
  "PUT /api/0/internal/users/{managed_user_id}/": { isActive: false },
  "POST /api/0/accept/{member_id}/{token}/": { acceptInvite: true },
  "POST /api/0/api-tokens/": { scopes: ["org:read"] },
  "POST /api/0/organizations/{organization_slug}/org-auth-tokens/": { scopes: ["org:read"] },
  "PUT /api/0/organizations/{organization_slug}/org-auth-tokens/{token_id}/": { name: "CI" },
  "POST /api/0/projects/{organization_slug}/{project_slug}/ownership/codeowners/": {
    raw: "* @core",
  },
  "POST /api/0/projects/{organization_slug}/{project_slug}/scrubbing-preview/": {
    event: { message: "x" },
  },
  "POST /api/0/projects/{organization_slug}/{project_slug}/grouping/preview/": {
    fingerprintingRules: "type:DbDown -> db",
  },
  "POST /api/0/projects/{organization_slug}/{project_slug}/grouping/apply/": { days: 7 },
  "POST /api/0/projects/{organization_slug}/{project_slug}/test-event/": { platform: "python" },
  "PUT /api/0/users/{user_id}/": { name: "Ada" },
  "PUT /api/0/users/{user_id}/authenticators/{authenticator_id}/": { name: "Key" },
  "PUT /api/0/users/{user_id}/notifications/": { subscribeByDefault: false },
  "POST /api/0/users/{user_id}/emails/": { email: "second@example.com" },
  "PUT /api/0/users/{user_id}/emails/": { email: "second@example.com" },
  "DELETE /api/0/users/{user_id}/emails/": { email: "second@example.com" },
  "POST /api/0/users/{user_id}/emails/confirm/": { email: "second@example.com" },
};

/** A query without which its door is not what it is for. */
export const queries: Record<string, string> = {
  "GET /api/0/organizations/{organization_slug}/search/": "?query=shop",
  "GET /api/0/organizations/{organization_slug}/stats_v2/":
    "?field=sum(quantity)&category=error&statsPeriod=1d",
  "PUT /api/0/organizations/{organization_slug}/issues/": "?query=level:error",
  "PUT /api/0/issues/{issue_id}/hashes/": `?id=${ledHash}`,
  "DELETE /api/0/issues/{issue_id}/hashes/": `?id=${ledHash}`,
  "PUT /api/0/organizations/{organization_slug}/issues/{issue_id}/hashes/": `?id=${ledHash}`,
  "DELETE /api/0/organizations/{organization_slug}/issues/{issue_id}/hashes/": `?id=${ledHash}`,
  "DELETE /api/0/organizations/{organization_slug}/issues/": "?query=level:error",
  "DELETE /api/0/projects/{organization_slug}/{project_slug}/issues/": "?query=level:error",
  "PUT /api/0/projects/{organization_slug}/{project_slug}/issues/": "?query=level:error",
};

export type Gift = {
  /** One scope that opens the door. */
  door: string;
  /** What whoever gets it may do from then on, as scopes: the giver must have all of them. */
  gives?: readonly string[];
  /** A scope that stands for what is given as well. */
  alike?: string;
  what?: string;
  body?: object;
  /** Makes what this is about; answers with the path's parameters that differ. */
  prepare?: (tenant: Tenant) => Promise<Record<string, string>>;
};

export const named = (role: Role) =>
  scopesOfRole[role].filter((name) => scopes.some((s) => s === name));
const higher = roles.filter((role) => role !== "member");
const member = (stack: Stack, role: Role) => async (tenant: Tenant) => ({
  member_id: (await makeMember(stack, tenant, role)).memberId,
});
const teams = { teamRoles: [{ teamSlug: "core", role: "" }] };

/** An invitation of the tenant's person into another organization. */
export const invited = (stack: Stack, role: Role) => async (tenant: Tenant) => {
  const host = await makeTenant(stack);
  const token = randomBytes(32).toString("hex");
  const { rows } = await stack.sql.query(
    `insert into organization_members (org_id, role, email, invite_token_hash, invite_expires_at)
     values ($1, $2, $3, $4, now() + interval '1 day') returning id`,
    [
      host.orgId,
      role,
      `${tenant.slug}@example.com`,
      createHash("sha256").update(token).digest("hex"),
    ],
  );
  return { member_id: String(rows[0].id), token };
};

const members = "/api/0/organizations/{organization_slug}/members/";
const orgTokens = "/api/0/organizations/{organization_slug}/org-auth-tokens/";
const project = "/api/0/projects/{organization_slug}/{project_slug}/";

/** Each operation that a token may call and that changes something, with all that it can give. */
export const giftsOf = (stack: Stack): Record<string, Gift[]> => ({
  [`POST ${orgTokens}`]: [
    { door: "org:write", gives: ["org:read"], body: { scopes: ["org:read"] } },
    { door: "org:admin", gives: ["event:admin"], body: { scopes: ["event:admin"] } },
    { door: "org:write", gives: scopes, what: "every scope", body: { scopes } },
  ],
  [`PUT ${orgTokens}{token_id}/`]: [{ door: "org:write" }],
  [`DELETE ${orgTokens}{token_id}/`]: [{ door: "org:write" }],

  // Bringing in members is what member:write is for; every other role must be covered.
  [`POST ${members}`]: [
    { door: "member:write" },
    ...higher.map((role) => ({
      door: "member:write",
      gives: named(role),
      what: `the role ${role}`,
      body: { email: "new@example.com", orgRole: role },
    })),
    {
      door: "member:write",
      gives: ["team:write"],
      alike: "team:admin",
      what: "a team",
      body: { email: "new@example.com", ...teams },
    },
    ...higher.map((role) => ({
      door: "member:write",
      gives: named(role),
      what: `an invitation as ${role} once more`,
      body: { email: "known@example.com" },
      prepare: async (tenant: Tenant) => {
        const invitation = { email: "known@example.com", orgRole: role };
        await tenant.call("POST", `/api/0/organizations/${tenant.slug}/members/`, invitation);
        return {};
      },
    })),
  ],
  [`PUT ${members}{member_id}/`]: [
    { door: "member:write", body: { orgRole: "member" } },
    ...higher.map((role) => ({
      door: "member:write",
      gives: named(role),
      what: `the role ${role}`,
      body: { orgRole: role },
    })),
    ...higher.map((role) => ({
      door: "member:write",
      gives: named(role),
      what: `the role ${role}, taking it away`,
      body: { orgRole: "member" },
      prepare: member(stack, role),
    })),
    {
      door: "member:write",
      gives: ["team:write"],
      alike: "team:admin",
      what: "a team",
      body: { orgRole: "member", ...teams },
    },
  ],
  [`DELETE ${members}{member_id}/`]: [
    { door: "member:admin", prepare: member(stack, "member") },
    ...higher.map((role) => ({
      door: "member:admin",
      gives: named(role),
      what: `the role ${role}, taking it away`,
      prepare: member(stack, role),
    })),
  ],
  [`POST ${members}{member_id}/set_owner/`]: [
    { door: "member:admin", gives: scopes, prepare: member(stack, "member") },
  ],
  "POST /api/0/accept/{member_id}/{token}/": [
    { door: "member:write", prepare: invited(stack, "member") },
    ...higher.map((role) => ({
      door: "member:write",
      gives: named(role),
      what: `the role ${role}`,
      prepare: invited(stack, role),
    })),
    { door: "member:admin", body: { acceptInvite: false }, prepare: invited(stack, "owner") },
  ],

  // What is theirs alone: a token that reads does not act for its person.
  "PUT /api/0/users/{user_id}/": [{ door: "member:write" }],
  "PUT /api/0/users/{user_id}/notifications/": [{ door: "member:write" }],
  "PUT /api/0/users/{user_id}/notifications/alerts/": [{ door: "member:write" }],

  // The maker of an organization owns it; there is nothing in it yet.
  "POST /api/0/organizations/": [{ door: "org:write" }],
  "PUT /api/0/organizations/{organization_slug}/": [{ door: "org:write" }],
  "DELETE /api/0/organizations/{organization_slug}/": [{ door: "org:admin" }],

  // Who is in a team may write alert rules of its projects; team:write is the scope that says who is.
  "POST /api/0/organizations/{organization_slug}/teams/": [{ door: "team:write" }],
  "PUT /api/0/teams/{organization_slug}/{team_slug}/": [{ door: "team:write" }],
  "DELETE /api/0/teams/{organization_slug}/{team_slug}/": [{ door: "team:admin" }],
  [`POST ${members}{member_id}/teams/{team_slug}/`]: [{ door: "team:write" }],
  [`DELETE ${members}{member_id}/teams/{team_slug}/`]: [{ door: "team:write" }],

  // A key sends events and reads nothing; recipients of alerts hear of what project:write chooses.
  "POST /api/0/teams/{organization_slug}/{team_slug}/projects/": [{ door: "project:write" }],
  [`PUT ${project}`]: [{ door: "project:write" }],
  [`DELETE ${project}`]: [{ door: "project:admin" }],
  [`POST ${project}teams/{team_slug}/`]: [{ door: "project:write" }],
  [`DELETE ${project}teams/{team_slug}/`]: [{ door: "project:write" }],
  [`PUT ${project}filters/{filter_id}/`]: [{ door: "project:write" }],
  [`PUT ${project}ownership/`]: [{ door: "project:write", body: { raw: "" } }],
  [`POST ${project}keys/`]: [{ door: "project:write" }],
  [`PUT ${project}keys/{key_id}/`]: [{ door: "project:write" }],
  [`DELETE ${project}keys/{key_id}/`]: [{ door: "project:admin" }],
  [`POST ${project}alerts/`]: [{ door: "project:write" }],
  [`PUT ${project}alerts/{alert_id}/`]: [{ door: "project:write" }],
  [`DELETE ${project}alerts/{alert_id}/`]: [{ door: "project:admin" }],
  [`POST ${project}alerts/{alert_id}/test/`]: [{ door: "project:write" }],
  [`PUT ${project}environments/{environment}/`]: [{ door: "project:write" }],

  // A sample says nothing that the sender did not know.
  [`POST ${project}ownership/codeowners/`]: [{ door: "project:read" }],
  [`POST ${project}scrubbing-preview/`]: [{ door: "project:read" }],
  // Says what the rules would do, to those who may change them.
  [`POST ${project}grouping/preview/`]: [{ door: "project:write" }],
  [`POST ${project}grouping/apply/`]: [{ door: "project:write" }],
  [`POST ${project}grouping/undo/`]: [{ door: "project:write" }],
  [`POST ${project}test-event/`]: [{ door: "event:write" }],

  [`PUT ${project}issues/`]: [{ door: "event:write" }],
  "PUT /api/0/organizations/{organization_slug}/issues/": [{ door: "event:write" }],
  "PUT /api/0/organizations/{organization_slug}/issues/{issue_id}/": [{ door: "event:write" }],
  "PUT /api/0/issues/{issue_id}/": [{ door: "event:write" }],
  "POST /api/0/organizations/{organization_slug}/issues/undo/": [{ door: "event:write" }],
  "POST /api/0/organizations/{organization_slug}/group-search-views/": [{ door: "event:write" }],
  "PUT /api/0/organizations/{organization_slug}/group-search-views/{view_id}/": [
    { door: "event:write" },
  ],
  "DELETE /api/0/organizations/{organization_slug}/group-search-views/{view_id}/": [
    { door: "event:write" },
  ],
  "PUT /api/0/organizations/{organization_slug}/group-search-views/starred-order/": [
    { door: "event:write" },
  ],
  "POST /api/0/organizations/{organization_slug}/group-search-views/{view_id}/starred/": [
    { door: "event:write" },
  ],
  "POST /api/0/organizations/{organization_slug}/group-search-views/{view_id}/default/": [
    { door: "event:write" },
  ],
  "POST /api/0/organizations/{organization_slug}/group-search-views/{view_id}/visit/": [
    { door: "event:write" },
  ],
  "POST /api/0/organizations/{organization_slug}/searches/": [{ door: "event:write" }],
  "PUT /api/0/organizations/{organization_slug}/searches/{search_id}/": [{ door: "event:write" }],
  "DELETE /api/0/organizations/{organization_slug}/searches/{search_id}/": [
    { door: "event:write" },
  ],
  "PUT /api/0/organizations/{organization_slug}/pinned-searches/": [{ door: "event:write" }],
  "DELETE /api/0/organizations/{organization_slug}/pinned-searches/": [{ door: "event:write" }],
  "POST /api/0/organizations/{organization_slug}/recent-searches/": [{ door: "event:write" }],
  [`DELETE ${project}issues/`]: [{ door: "event:admin" }],
  "DELETE /api/0/organizations/{organization_slug}/issues/": [{ door: "event:admin" }],
  "DELETE /api/0/organizations/{organization_slug}/issues/{issue_id}/": [{ door: "event:admin" }],
  "DELETE /api/0/issues/{issue_id}/": [{ door: "event:admin" }],

  "PUT /api/0/issues/{issue_id}/hashes/": [{ door: "event:write" }],
  "DELETE /api/0/issues/{issue_id}/hashes/": [{ door: "event:write" }],
  "PUT /api/0/organizations/{organization_slug}/issues/{issue_id}/hashes/": [
    { door: "event:write" },
  ],
  "DELETE /api/0/organizations/{organization_slug}/issues/{issue_id}/hashes/": [
    { door: "event:write" },
  ],

  "DELETE /api/0/organizations/{organization_slug}/issue-jobs/{job_id}/": [{ door: "event:write" }],

  // A comment is what its author says; those of others are their author's or an admin's to change.
  "POST /api/0/issues/{issue_id}/notes/": [{ door: "event:write" }],
  "PUT /api/0/issues/{issue_id}/notes/{note_id}/": [{ door: "event:write" }],
  "DELETE /api/0/issues/{issue_id}/notes/{note_id}/": [{ door: "event:write" }],
  "POST /api/0/organizations/{organization_slug}/issues/{issue_id}/notes/": [
    { door: "event:write" },
  ],
  "PUT /api/0/organizations/{organization_slug}/issues/{issue_id}/notes/{note_id}/": [
    { door: "event:write" },
  ],
  "DELETE /api/0/organizations/{organization_slug}/issues/{issue_id}/notes/{note_id}/": [
    { door: "event:write" },
  ],
  "POST /api/0/issues/{issue_id}/comments/": [{ door: "event:write" }],
  "PUT /api/0/issues/{issue_id}/comments/{note_id}/": [{ door: "event:write" }],
  "DELETE /api/0/issues/{issue_id}/comments/{note_id}/": [{ door: "event:write" }],

  // Being a superuser is the most that there is.
  "PUT /api/0/internal/users/{managed_user_id}/": [
    { door: operatorScope, body: { isSuperuser: true } },
  ],
  "POST /api/0/internal/dead-letters/replay/": [{ door: operatorScope }],
  "DELETE /api/0/internal/dead-letters/{letter_id}/": [{ door: operatorScope }],
});
