import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { allow } from "../access/allow";
import { type CallerOrg, orgOf } from "../access/reach";
import { OrganizationPath } from "../access/schemas";
import { notFound } from "../fault";
import { body, empty, faults, json, openApi } from "../http/app";
import type { AppEnv } from "../http/app-env";
import { pathPart } from "../protocol/path-part";
import { idIn } from "../protocol/row-id";
import { readRecent, rememberSearch } from "./views/recent-searches";
import {
  RecentSearch,
  RecentSearched,
  SavedSearch,
  SearchPinned,
  SearchUpdate,
  SearchWritten,
} from "./views/schemas";
import { toRecentSearch, toSavedSearch } from "./views/shapes";
import { addView, changeView, pin, readViews, removeView, unpin } from "./views/views";

/** Views in the words of Sentry's older clients, and what somebody searched for lately. */
const readers = ["event:read", "event:write", "event:admin"] as const;
const writers = ["event:write", "event:admin"] as const;
const SearchPath = OrganizationPath.extend({ search_id: pathPart({ example: "7" }) });
const tags = ["Views"];
const org = "/api/0/organizations/{organization_slug}/";
/** Sentry's clients expect all of them at once. */
const searchesMax = 100;
const recentDefault = 3;
const recentMax = 30;
const textCharsMax = 200;

const list = createRoute({
  method: "get",
  path: `${org}searches/`,
  tags,
  summary: "Saved views as Sentry's saved searches",
  request: { params: OrganizationPath },
  responses: {
    200: json(z.array(SavedSearch), `By name, at most ${searchesMax}`),
    ...faults(401, 403, 404),
  },
  ...allow(...readers),
});

const add = createRoute({
  method: "post",
  path: `${org}searches/`,
  tags,
  summary: "Keep a search",
  request: { params: OrganizationPath, body: body(SearchWritten) },
  responses: { 200: json(SavedSearch, "The search"), ...faults(400, 401, 403, 404, 422) },
  ...allow(...writers),
});

const change = createRoute({
  method: "put",
  path: `${org}searches/{search_id}/`,
  tags,
  summary: "Change a saved search",
  request: { params: SearchPath, body: body(SearchUpdate) },
  responses: { 200: json(SavedSearch, "The search"), ...faults(400, 401, 403, 404, 422) },
  ...allow(...writers),
});

const remove = createRoute({
  method: "delete",
  path: `${org}searches/{search_id}/`,
  tags,
  summary: "Delete a saved search",
  request: { params: SearchPath },
  responses: { 204: empty("It is gone"), ...faults(401, 403, 404) },
  ...allow(...writers),
});

const pinSearch = createRoute({
  method: "put",
  path: `${org}pinned-searches/`,
  tags,
  summary: "Begin one's list of issues with a search",
  request: { params: OrganizationPath, body: body(SearchPinned) },
  responses: { 201: json(SavedSearch, "The search"), ...faults(400, 401, 403, 404, 422) },
  ...allow(...writers),
});

const unpinSearch = createRoute({
  method: "delete",
  path: `${org}pinned-searches/`,
  tags,
  summary: "Begin one's list of issues as everybody does",
  request: { params: OrganizationPath },
  responses: { 204: empty("Done"), ...faults(401, 403, 404) },
  ...allow(...writers),
});

const recent = createRoute({
  method: "get",
  path: `${org}recent-searches/`,
  tags,
  summary: "What one searched for lately, the latest first",
  request: {
    params: OrganizationPath,
    query: z.object({
      type: z
        .literal("0")
        .optional()
        .openapi({ type: "string", maxLength: 1, description: "0: issues" }),
      query: z.string().max(textCharsMax).default("").openapi({ description: "A text in it" }),
      limit: z
        .string()
        .regex(/^\d{1,3}$/)
        .transform(Number)
        .optional()
        .openapi({
          type: "integer",
          maximum: 999,
          description: `Default ${recentDefault}, at most ${recentMax}`,
        }),
    }),
  },
  responses: { 200: json(z.array(RecentSearch), "Searches"), ...faults(401, 403, 404, 422) },
  ...allow(...readers),
});

const remember = createRoute({
  method: "post",
  path: `${org}recent-searches/`,
  tags,
  summary: "Note a search of one's own",
  description: `The latest ${recentMax} are kept, each text once.`,
  request: { params: OrganizationPath, body: body(RecentSearched) },
  responses: { 201: json(RecentSearch, "The search"), ...faults(400, 401, 403, 404, 422) },
  ...allow(...writers),
});

export const savedSearchRoutes = openApi();

const orgInPath = (c: Context<AppEnv>): CallerOrg =>
  orgOf(c.var.caller, c.req.param("organization_slug") ?? "");

/** Faults: not_found, for what is no id. */
function searchIdIn(c: Context<AppEnv>): number {
  const id = idIn(c.req.param("search_id") ?? "");
  if (id === undefined) throw notFound();
  return id;
}

const toUpdate = ({ sort, type: _, ...update }: SearchUpdate) => ({
  ...update,
  ...(sort !== undefined && { querySort: sort }),
});

savedSearchRoutes.openapi(list, async (c) => {
  const range = { limit: searchesMax, cursor: undefined };
  const { rows } = await readViews(c.var.deps, orgInPath(c), "", range);
  return c.json(rows.map(toSavedSearch), 200);
});

savedSearchRoutes.openapi(add, async (c) => {
  const { name, ...update } = c.req.valid("json");
  const view = await addView(c.var.deps, orgInPath(c), { ...toUpdate(update), name });
  return c.json(toSavedSearch(view), 200);
});

savedSearchRoutes.openapi(change, async (c) => {
  const update = toUpdate(c.req.valid("json"));
  const view = await changeView(c.var.deps, orgInPath(c), searchIdIn(c), update);
  return c.json(toSavedSearch(view), 200);
});

savedSearchRoutes.openapi(remove, async (c) => {
  await removeView(c.var.deps, orgInPath(c), searchIdIn(c));
  return c.body(null, 204);
});

savedSearchRoutes.openapi(pinSearch, async (c) => {
  const view = await pin(c.var.deps, orgInPath(c), c.req.valid("json"));
  return c.json(toSavedSearch(view), 201);
});

savedSearchRoutes.openapi(unpinSearch, async (c) => {
  await unpin(c.var.deps, orgInPath(c));
  return c.body(null, 204);
});

savedSearchRoutes.openapi(recent, async (c) => {
  const at = orgInPath(c);
  const { query, limit = recentDefault } = c.req.valid("query");
  const rows = await readRecent(c.var.deps, at, query, Math.min(limit, recentMax));
  return c.json(rows.map(toRecentSearch(at)), 200);
});

savedSearchRoutes.openapi(remember, async (c) => {
  const at = orgInPath(c);
  const row = await rememberSearch(c.var.deps, at, c.req.valid("json").query);
  return c.json(toRecentSearch(at)(row), 201);
});
