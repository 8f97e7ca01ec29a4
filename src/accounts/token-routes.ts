import { createRoute, z } from "@hono/zod-openapi";
import { actorOf, allow, allowSession } from "../access/allow";
import type { Caller } from "../access/caller";
import { type Dialect, dialectOf } from "../access/dialect";
import { type CallerOrg, demandRole, orgOf, personOf } from "../access/reach";
import { OrganizationPath } from "../access/schemas";
import { type ApiTokenRow, listTokens } from "../access/tokens";
import { body, empty, faults, json, openApi, page, usualFaults } from "../http/app";
import { answerPage, PageQuery, rangeOf } from "../http/pages";
import { pathPart } from "../protocol/path-part";
import { type ApiToken, NewToken, OrgToken, TokenLabel, UserToken } from "./schemas";
import {
  createOrgToken,
  createOwnToken,
  removeOrgToken,
  removeOwnToken,
  renameOrgToken,
} from "./tokens";

const IdPath = z.object({ token_id: pathPart({ example: "5" }) });
const OrgTokenPath = OrganizationPath.extend(IdPath.shape);
const orgPath = "/api/0/organizations/{organization_slug}/org-auth-tokens/";

const listOwn = createRoute({
  method: "get",
  path: "/api/0/api-tokens/",
  tags: ["Accounts and tokens"],
  summary: "One's own tokens, masked; for browsers only",
  request: { query: PageQuery },
  responses: { 200: page(UserToken, "Newest first"), ...faults(401, 403, 422, 429) },
  ...allowSession(),
});

const createToken = createRoute({
  method: "post",
  path: "/api/0/api-tokens/",
  tags: ["Accounts and tokens"],
  summary: "Create a token; shown this once. For browsers only",
  request: { body: body(NewToken) },
  responses: { 201: json(UserToken, "The token"), ...faults(400, 401, 403, 422, 429) },
  ...allowSession(),
});

const removeToken = createRoute({
  method: "delete",
  path: "/api/0/api-tokens/{token_id}/",
  tags: ["Accounts and tokens"],
  summary: "Revoke a token at once; for browsers only",
  request: { params: IdPath },
  responses: { 204: empty("Revoked"), ...faults(401, 403, 404, 429) },
  ...allowSession(),
});

const listOfOrganization = createRoute({
  method: "get",
  path: orgPath,
  tags: ["Accounts and tokens"],
  summary: "Tokens of an organization; needs a manager",
  request: { params: OrganizationPath, query: PageQuery },
  responses: { 200: page(OrgToken, "Newest first"), ...usualFaults(), ...faults(422) },
  ...allow("org:write", "org:admin"),
});

const createOfOrganization = createRoute({
  method: "post",
  path: orgPath,
  tags: ["Accounts and tokens"],
  summary: "Create a token that belongs to no person; shown this once. Needs a manager",
  request: { params: OrganizationPath, body: body(NewToken) },
  responses: { 201: json(OrgToken, "The token"), ...usualFaults(), ...faults(400, 422) },
  ...allow("org:write", "org:admin"),
});

const renameOfOrganization = createRoute({
  method: "put",
  path: `${orgPath}{token_id}/` as const,
  tags: ["Accounts and tokens"],
  summary: "Rename a token of an organization; needs a manager",
  request: { params: OrgTokenPath, body: body(TokenLabel) },
  responses: { 204: empty("Renamed"), ...usualFaults(), ...faults(400, 422) },
  ...allow("org:write", "org:admin"),
});

const removeOfOrganization = createRoute({
  method: "delete",
  path: `${orgPath}{token_id}/` as const,
  tags: ["Accounts and tokens"],
  summary: "Revoke a token of an organization at once; needs a manager",
  request: { params: OrgTokenPath },
  responses: { 204: empty("Revoked"), ...usualFaults() },
  ...allow("org:admin", "org:write"),
});

export const tokenRoutes = openApi();

const edgeForm = { value: "number", id: "number" } as const;
const edgeOf = (row: ApiTokenRow) => ({ value: String(row.id), id: String(row.id) });

tokenRoutes.openapi(listOwn, async (c) => {
  const { deps, caller } = c.var;
  const range = rangeOf(c.req.valid("query"), edgeForm);
  const found = await listTokens(deps, { userId: personOf(caller).id }, range);
  return answerPage(c, found, range, (row) => toToken(row), edgeOf);
});

tokenRoutes.openapi(createToken, async (c) => {
  const { deps, caller } = c.var;
  const { row, value } = await createOwnToken(deps, personOf(caller).id, c.req.valid("json"));
  return c.json({ ...toToken(row), token: value }, 201);
});

tokenRoutes.openapi(removeToken, async (c) => {
  const { deps, caller } = c.var;
  await removeOwnToken(deps, personOf(caller).id, c.req.valid("param").token_id);
  return c.body(null, 204);
});

tokenRoutes.openapi(listOfOrganization, async (c) => {
  const range = rangeOf(c.req.valid("query"), edgeForm);
  const org = managedOrg(c.var.caller, c.req.valid("param").organization_slug);
  const found = await listTokens(c.var.deps, { orgId: org.id }, range);
  return answerPage(c, found, range, toOrgToken, edgeOf);
});

tokenRoutes.openapi(createOfOrganization, async (c) => {
  const { deps, caller } = c.var;
  const org = managedOrg(caller, c.req.valid("param").organization_slug);
  const made = await createOrgToken(deps, caller, org, actorOf(c), c.req.valid("json"));
  return c.json({ ...toOrgToken(made.row), token: made.value }, 201);
});

tokenRoutes.openapi(renameOfOrganization, async (c) => {
  const { organization_slug, token_id } = c.req.valid("param");
  const org = managedOrg(c.var.caller, organization_slug);
  const { name, label } = c.req.valid("json");
  await renameOrgToken(c.var.deps, org.id, actorOf(c), token_id, name ?? label ?? "");
  return c.body(null, 204);
});

tokenRoutes.openapi(removeOfOrganization, async (c) => {
  const { organization_slug, token_id } = c.req.valid("param");
  const org = managedOrg(c.var.caller, organization_slug);
  await removeOrgToken(c.var.deps, org.id, actorOf(c), token_id);
  return c.body(null, 204);
});

function managedOrg(caller: Caller, slug: string): CallerOrg {
  const org = orgOf(caller, slug);
  demandRole(org, "manager");
  return org;
}

/** The value is shown when it is made and never again: afterwards only enough to recognise it by. */
const toToken = (row: ApiTokenRow): ApiToken & { id: number; dialect: Dialect } => ({
  id: row.id,
  label: row.label,
  scopes: row.scopes,
  token: row.hint,
  dialect: dialectOf(row.hint),
  created: row.createdAt.toISOString(),
  lastUsed: row.lastUsedAt?.toISOString() ?? null,
  expiresAt: row.expiresAt?.toISOString() ?? null,
});

const toOrgToken = (row: ApiTokenRow) => {
  const { label, lastUsed, created, dialect: _, ...token } = toToken(row);
  return {
    ...token,
    id: String(row.id),
    name: label,
    tokenLastCharacters: row.hint.slice(-4),
    dateCreated: created,
    dateLastUsed: lastUsed,
  };
};
