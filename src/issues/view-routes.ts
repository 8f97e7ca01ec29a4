import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { allow } from "../access/allow";
import { type CallerOrg, orgOf } from "../access/reach";
import { OrganizationPath } from "../access/schemas";
import { notFound } from "../fault";
import { body, empty, faults, json, openApi, page } from "../http/app";
import type { AppEnv } from "../http/app-env";
import { answerPage, PageQuery, rangeOf } from "../http/pages";
import { pathPart } from "../protocol/path-part";
import { idIn } from "../protocol/row-id";
import { MadeDefault, Starred, TabOrder, View, ViewUpdate, ViewWritten } from "./views/schemas";
import { toView } from "./views/shapes";
import {
  addView,
  changeView,
  mark,
  order,
  readTabs,
  readView,
  readViews,
  removeView,
} from "./views/views";

const readers = ["event:read", "event:write", "event:admin"] as const;
const writers = ["event:write", "event:admin"] as const;
const ViewPath = OrganizationPath.extend({ view_id: pathPart({ example: "7" }) });
const tags = ["Views"];
const base = "/api/0/organizations/{organization_slug}/group-search-views/";
const byWhom =
  "By whoever made it; one that the organization sees, by its managers and owners too.";
const textCharsMax = 200;

const list = createRoute({
  method: "get",
  path: base,
  tags,
  summary: "Saved views of issues that one sees, by name",
  request: {
    params: OrganizationPath,
    query: PageQuery.extend({
      query: z
        .string()
        .max(textCharsMax)
        .default("")
        .openapi({ description: "A text in the name or the search" }),
    }),
  },
  responses: { 200: page(View, "Views"), ...faults(401, 403, 404, 422) },
  ...allow(...readers),
});

const tabs = createRoute({
  method: "get",
  path: `${base}starred/`,
  tags,
  summary: "Views that are tabs of whoever asks, in their order",
  request: { params: OrganizationPath },
  responses: { 200: json(z.array(View), "Views"), ...faults(401, 403, 404) },
  ...allow(...readers),
});

const reorder = createRoute({
  method: "put",
  path: `${base}starred-order/`,
  tags,
  summary: "Order one's tabs",
  request: { params: OrganizationPath, body: body(TabOrder) },
  responses: {
    200: json(z.array(View), "The tabs as they are now"),
    ...faults(400, 401, 403, 404, 422),
  },
  ...allow(...writers),
});

const add = createRoute({
  method: "post",
  path: base,
  tags,
  summary: "Keep a view; it is one's last tab",
  description: "At most 1000 views of an organization, 200 of a person.",
  request: { params: OrganizationPath, body: body(ViewWritten) },
  responses: { 201: json(View, "The view"), ...faults(400, 401, 403, 404, 422) },
  ...allow(...writers),
});

const get = createRoute({
  method: "get",
  path: `${base}{view_id}/`,
  tags,
  summary: "One view",
  request: { params: ViewPath },
  responses: { 200: json(View, "The view"), ...faults(401, 403, 404) },
  ...allow(...readers),
});

const change = createRoute({
  method: "put",
  path: `${base}{view_id}/`,
  tags,
  summary: "Change a view",
  description: byWhom,
  request: { params: ViewPath, body: body(ViewUpdate) },
  responses: { 200: json(View, "The view"), ...faults(400, 401, 403, 404, 422) },
  ...allow(...writers),
});

const remove = createRoute({
  method: "delete",
  path: `${base}{view_id}/`,
  tags,
  summary: "Delete a view",
  description: byWhom,
  request: { params: ViewPath },
  responses: { 204: empty("It is gone"), ...faults(401, 403, 404) },
  ...allow(...writers),
});

const star = createRoute({
  method: "post",
  path: `${base}{view_id}/starred/`,
  tags,
  summary: "Make a view one's tab, or none",
  request: { params: ViewPath, body: body(Starred) },
  responses: { 200: json(View, "The view"), ...faults(400, 401, 403, 404, 422) },
  ...allow(...writers),
});

const makeDefault = createRoute({
  method: "post",
  path: `${base}{view_id}/default/`,
  tags,
  summary: "Begin one's list of issues with a view, or not with it",
  request: { params: ViewPath, body: body(MadeDefault) },
  responses: { 200: json(View, "The view"), ...faults(400, 401, 403, 404, 422) },
  ...allow(...writers),
});

const visit = createRoute({
  method: "post",
  path: `${base}{view_id}/visit/`,
  tags,
  summary: "Note that one looked at a view",
  request: { params: ViewPath },
  responses: { 204: empty("Noted"), ...faults(401, 403, 404) },
  ...allow(...writers),
});

export const viewRoutes = openApi();

const orgInPath = (c: Context<AppEnv>): CallerOrg =>
  orgOf(c.var.caller, c.req.param("organization_slug") ?? "");

/** Faults: not_found, for what is no id. */
function viewIdIn(c: Context<AppEnv>): number {
  const id = idIn(c.req.param("view_id") ?? "");
  if (id === undefined) throw notFound();
  return id;
}

viewRoutes.openapi(list, async (c) => {
  const org = orgInPath(c);
  const { query, ...asked } = c.req.valid("query");
  const range = rangeOf(asked, { value: "text", id: "number" });
  const found = await readViews(c.var.deps, org, query, range);
  return answerPage(c, found, range, toView(org), ({ name, id }) => ({ value: name, id }));
});

viewRoutes.openapi(tabs, async (c) => {
  const org = orgInPath(c);
  return c.json((await readTabs(c.var.deps, org)).map(toView(org)), 200);
});

viewRoutes.openapi(reorder, async (c) => {
  const org = orgInPath(c);
  const { viewIds } = c.req.valid("json");
  return c.json((await order(c.var.deps, org, viewIds)).map(toView(org)), 200);
});

viewRoutes.openapi(add, async (c) => {
  const org = orgInPath(c);
  return c.json(toView(org)(await addView(c.var.deps, org, c.req.valid("json"))), 201);
});

viewRoutes.openapi(get, async (c) => {
  const org = orgInPath(c);
  return c.json(toView(org)(await readView(c.var.deps, org, viewIdIn(c))), 200);
});

viewRoutes.openapi(change, async (c) => {
  const org = orgInPath(c);
  const update = c.req.valid("json");
  return c.json(toView(org)(await changeView(c.var.deps, org, viewIdIn(c), update)), 200);
});

viewRoutes.openapi(remove, async (c) => {
  await removeView(c.var.deps, orgInPath(c), viewIdIn(c));
  return c.body(null, 204);
});

viewRoutes.openapi(star, async (c) => {
  const org = orgInPath(c);
  const { starred, position } = c.req.valid("json");
  const marked = { position: starred ? (position ?? ("last" as const)) : null };
  return c.json(toView(org)(await mark(c.var.deps, org, viewIdIn(c), marked)), 200);
});

viewRoutes.openapi(makeDefault, async (c) => {
  const org = orgInPath(c);
  const { isDefault } = c.req.valid("json");
  return c.json(toView(org)(await mark(c.var.deps, org, viewIdIn(c), { isDefault })), 200);
});

viewRoutes.openapi(visit, async (c) => {
  const { deps } = c.var;
  await mark(deps, orgInPath(c), viewIdIn(c), { visitedAt: deps.now() });
  return c.body(null, 204);
});
