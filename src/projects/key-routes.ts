import { createRoute, z } from "@hono/zod-openapi";
import { actorOf, allow } from "../access/allow";
import { orgOf, requireRole } from "../access/reach";
import { body, empty, faults, json, openApi, page, usualFaults } from "../http/app";
import { answerPage, PageQuery, rangeOf } from "../http/pages";
import { pathPart } from "../protocol/path-part";
import { findProject } from "./find";
import type { KeyRow } from "./key-queries";
import { createKey, editKey, findKeyOf, listKeys, removeKey } from "./keys";
import { KeyUpdate, ProjectKey, ProjectPath } from "./schemas";
import { speakOfProjects } from "./shapes";

const readers = ["project:read", "project:write", "project:admin"] as const;
const writers = ["project:write", "project:admin"] as const;
const listPath = "/api/0/projects/{organization_slug}/{project_slug}/keys/";
const path = "/api/0/projects/{organization_slug}/{project_slug}/keys/{key_id}/";
const KeyPath = ProjectPath.extend({
  key_id: pathPart({ description: "Id of the key, or the public key" }),
});

const listAll = createRoute({
  method: "get",
  path: listPath,
  tags: ["Projects and keys"],
  summary: "Keys of a project, with their DSNs",
  request: {
    params: ProjectPath,
    query: PageQuery.extend({ status: z.enum(["active", "inactive"]).optional() }),
  },
  responses: { 200: page(ProjectKey, "Oldest first"), ...usualFaults(), ...faults(422) },
  ...allow(...readers),
});

const createOne = createRoute({
  method: "post",
  path: listPath,
  tags: ["Projects and keys"],
  summary: "Create a key; needs an admin",
  request: { params: ProjectPath, body: body(KeyUpdate) },
  responses: { 201: json(ProjectKey, "The key"), ...usualFaults(), ...faults(400, 422) },
  ...allow(...writers),
});

const getKey = createRoute({
  method: "get",
  path,
  tags: ["Projects and keys"],
  summary: "One key",
  request: { params: KeyPath },
  responses: { 200: json(ProjectKey, "The key"), ...usualFaults() },
  ...allow(...readers),
});

const updateKey = createRoute({
  method: "put",
  path,
  tags: ["Projects and keys"],
  summary: "Rename, limit or disable a key; needs an admin. The edge follows within a minute",
  request: { params: KeyPath, body: body(KeyUpdate) },
  responses: {
    200: json(ProjectKey, "The key as it is now"),
    ...usualFaults(),
    ...faults(400, 422),
  },
  ...allow(...writers),
});

const deleteKey = createRoute({
  method: "delete",
  path,
  tags: ["Projects and keys"],
  summary: "Delete a key; needs an admin. Its DSN stops working within a minute",
  request: { params: KeyPath },
  responses: { 204: empty("Gone"), ...usualFaults() },
  ...allow("project:admin"),
});

export const keyRoutes = openApi();

const edgeOf = (row: KeyRow) => ({ value: row.createdAt.toISOString(), id: row.id });

keyRoutes.openapi(listAll, async (c) => {
  const { deps, caller } = c.var;
  const query = c.req.valid("query");
  const range = rangeOf(query, { value: "time", id: "uuid" });
  const { organization_slug, project_slug } = c.req.valid("param");
  const { id } = orgOf(caller, organization_slug);
  const { project } = await findProject(deps, caller, id, project_slug);
  const isActive = query.status === undefined ? undefined : query.status === "active";
  const keys = await listKeys(deps, project.id, range, isActive);
  return answerPage(c, keys, range, speakOfProjects(c.var).key, edgeOf);
});

keyRoutes.openapi(createOne, async (c) => {
  const { deps, caller } = c.var;
  const { organization_slug, project_slug } = c.req.valid("param");
  const org = orgOf(caller, organization_slug);
  requireRole(org, "admin");
  const row = await findProject(deps, caller, org.id, project_slug);
  const id = await createKey(deps, actorOf(c), row, c.req.valid("json"));
  const key = await findKeyOf(deps, row.project.id, id);
  return c.json(speakOfProjects(c.var).key(key), 201);
});

keyRoutes.openapi(getKey, async (c) => {
  const { deps, caller } = c.var;
  const { organization_slug, project_slug, key_id } = c.req.valid("param");
  const { id } = orgOf(caller, organization_slug);
  const { project } = await findProject(deps, caller, id, project_slug);
  return c.json(speakOfProjects(c.var).key(await findKeyOf(deps, project.id, key_id)), 200);
});

keyRoutes.openapi(updateKey, async (c) => {
  const { deps, caller } = c.var;
  const { organization_slug, project_slug, key_id } = c.req.valid("param");
  const org = orgOf(caller, organization_slug);
  requireRole(org, "admin");
  const row = await findProject(deps, caller, org.id, project_slug);
  const key = await findKeyOf(deps, row.project.id, key_id);
  await editKey(deps, actorOf(c), row, key, c.req.valid("json"));
  const changed = await findKeyOf(deps, row.project.id, key.id);
  return c.json(speakOfProjects(c.var).key(changed), 200);
});

keyRoutes.openapi(deleteKey, async (c) => {
  const { deps, caller } = c.var;
  const { organization_slug, project_slug, key_id } = c.req.valid("param");
  const org = orgOf(caller, organization_slug);
  requireRole(org, "admin");
  const row = await findProject(deps, caller, org.id, project_slug);
  await removeKey(deps, actorOf(c), row, await findKeyOf(deps, row.project.id, key_id));
  return c.body(null, 204);
});
