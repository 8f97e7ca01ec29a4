import { createRoute, z } from "@hono/zod-openapi";
import { actorOf, allow, allowSession } from "../access/allow";
import { type Caller, powersIn } from "../access/caller";
import { type CallerOrg, demandRole, orgOf, personOf } from "../access/reach";
import { OrganizationPath } from "../access/schemas";
import { mintOrgToken, mintUserToken } from "../access/token";
import {
  type ApiTokenRow,
  findToken,
  keepToken,
  listTokens,
  renameToken,
  revokeToken,
} from "../access/tokens";
import { auditStatement } from "../audit/audit";
import { Fault, notFound } from "../fault";
import { body, empty, faults, json, openApi, page, usualFaults } from "../http/app";
import { answerPage, PageQuery, rangeOf } from "../http/pages";
import { commitUnder } from "../platform/database";
import { toPage } from "../protocol/cursor";
import { pathPart } from "../protocol/path-part";
import { type ApiToken, NewToken, OrgToken, TokenLabel, UserToken } from "./schemas";

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

const listOrgTokens = createRoute({
  method: "get",
  path: orgPath,
  tags: ["Accounts and tokens"],
  summary: "Tokens of an organization; needs a manager",
  request: { params: OrganizationPath, query: PageQuery },
  responses: { 200: page(OrgToken, "Newest first"), ...usualFaults(), ...faults(422) },
  ...allow("org:write", "org:admin"),
});

const createOrgToken = createRoute({
  method: "post",
  path: orgPath,
  tags: ["Accounts and tokens"],
  summary: "Create a token that belongs to no person; shown this once. Needs a manager",
  request: { params: OrganizationPath, body: body(NewToken) },
  responses: { 201: json(OrgToken, "The token"), ...usualFaults(), ...faults(400, 422) },
  ...allow("org:write", "org:admin"),
});

const renameOrgToken = createRoute({
  method: "put",
  path: `${orgPath}{token_id}/` as const,
  tags: ["Accounts and tokens"],
  summary: "Rename a token of an organization; needs a manager",
  request: { params: OrgTokenPath, body: body(TokenLabel) },
  responses: { 204: empty("Renamed"), ...usualFaults(), ...faults(400, 422) },
  ...allow("org:write", "org:admin"),
});

const removeOrgToken = createRoute({
  method: "delete",
  path: `${orgPath}{token_id}/` as const,
  tags: ["Accounts and tokens"],
  summary: "Revoke a token of an organization at once; needs a manager",
  request: { params: OrgTokenPath },
  responses: { 204: empty("Revoked"), ...usualFaults() },
  ...allow("org:admin", "org:write"),
});

export const tokenRoutes = openApi();

const place = { value: "number", id: "number" } as const;
const placeOf = (row: ApiTokenRow) => ({ value: row.id, id: row.id });

tokenRoutes.openapi(listOwn, async (c) => {
  const { deps, caller } = c.var;
  const range = rangeOf(c.req.valid("query"), place);
  const rows = await listTokens(deps.db, { userId: personOf(caller).id }, range);
  return answerPage(c, toPage(rows, range), range, (row) => toToken(row), placeOf);
});

tokenRoutes.openapi(createToken, async (c) => {
  const { deps, caller } = c.var;
  const wanted = c.req.valid("json");
  const value = mintUserToken(wanted.dialect, deps.config.authSecret);
  const owner = { userId: personOf(caller).id };
  const row = only((await keepToken(deps.db, owner, value, wanted)).rows);
  return c.json({ ...toToken(row), token: value }, 201);
});

tokenRoutes.openapi(removeToken, async (c) => {
  const { deps, caller } = c.var;
  const owner = { userId: personOf(caller).id };
  const { rows } = await revokeToken(deps.db, owner, idOf(c.req.valid("param").token_id));
  if (rows.length === 0) throw notFound();
  return c.body(null, 204);
});

tokenRoutes.openapi(listOrgTokens, async (c) => {
  const range = rangeOf(c.req.valid("query"), place);
  const org = managedOrg(c.var.caller, c.req.valid("param").organization_slug);
  const rows = await listTokens(c.var.deps.db, { orgId: org.id }, range);
  return answerPage(c, toPage(rows, range), range, toOrgToken, placeOf);
});

tokenRoutes.openapi(createOrgToken, async (c) => {
  const { deps, caller } = c.var;
  const org = managedOrg(caller, c.req.valid("param").organization_slug);
  const wanted = c.req.valid("json");
  assertNoStronger(caller, org, wanted);
  const { publicUrl, authSecret } = deps.config;
  const value = mintOrgToken(publicUrl, org.slug, deps.now(), authSecret);
  const note = { scopes: wanted.scopes };
  const [made] = await commitUnder(deps.db, { orgId: org.id }, [
    keepToken(deps.db, { orgId: org.id }, value, wanted),
    auditStatement(deps.db, org.id, actorOf(c), "org-token.create", wanted.label, note),
  ]);
  const row = only(made.rows);
  return c.json({ ...toOrgToken(row), token: value }, 201);
});

tokenRoutes.openapi(renameOrgToken, async (c) => {
  const { organization_slug, token_id } = c.req.valid("param");
  const org = managedOrg(c.var.caller, organization_slug);
  const { name, label } = c.req.valid("json");
  const title = name ?? label ?? "";
  const { db } = c.var.deps;
  const [{ rows }] = await commitUnder(db, { orgId: org.id }, [
    renameToken(db, { orgId: org.id }, idOf(token_id), title),
  ]);
  if (rows.length === 0) throw notFound();
  return c.body(null, 204);
});

tokenRoutes.openapi(removeOrgToken, async (c) => {
  const { deps, caller } = c.var;
  const { organization_slug, token_id } = c.req.valid("param");
  const org = managedOrg(caller, organization_slug);
  const owner = { orgId: org.id };
  const token = await findToken(deps.db, owner, idOf(token_id));
  await commitUnder(deps.db, { ...owner, tokenId: Number(token.id) }, [
    revokeToken(deps.db, owner, Number(token.id)),
    auditStatement(deps.db, org.id, actorOf(c), "org-token.delete", token.label),
  ]);
  return c.body(null, 204);
});

/** Neither what it may do nor how long is beyond the credential that makes a token. Faults: forbidden. */
function assertNoStronger(caller: Caller, org: CallerOrg, wanted: NewToken): void {
  const powers = powersIn(caller, org);
  if (wanted.scopes.some((scope) => !powers.includes(scope))) {
    throw new Fault("forbidden", "A token cannot do more than its maker");
  }
  if (!caller.expiresAt) return;
  if (!wanted.expiresAt || +new Date(wanted.expiresAt) > +caller.expiresAt) {
    throw new Fault("forbidden", "A token cannot outlive its maker: expiresAt must not be later");
  }
}

function managedOrg(caller: Caller, slug: string): CallerOrg {
  const org = orgOf(caller, slug);
  demandRole(org, "manager");
  return org;
}

function only(rows: ApiTokenRow[]): ApiTokenRow {
  const [row] = rows;
  if (!row) throw new Error("a token was not stored");
  return row;
}

function idOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw notFound();
  return Number(text);
}

const moment = (text: string | null) => (text === null ? null : new Date(text).toISOString());

/** The value is shown when it is made and never again: afterwards only enough to recognise it by. */
const toToken = (row: ApiTokenRow): ApiToken & { id: number } => ({
  id: Number(row.id),
  label: row.label,
  scopes: row.scopes,
  token: row.hint,
  created: new Date(row.createdAt).toISOString(),
  lastUsed: moment(row.lastUsedAt),
  expiresAt: moment(row.expiresAt),
});

const toOrgToken = (row: ApiTokenRow) => {
  const { label, lastUsed, created, ...token } = toToken(row);
  return {
    ...token,
    id: row.id,
    name: label,
    tokenLastCharacters: row.hint.slice(-4),
    dateCreated: created,
    dateLastUsed: lastUsed,
  };
};
