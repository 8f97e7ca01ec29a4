import { createRoute, z } from "@hono/zod-openapi";
import { allowSuperuser } from "../access/allow";
import { personOf } from "../access/reach";
import { body, faults, json, openApi, page } from "../http/app";
import { answerPage, PageQuery, rangeOf } from "../http/pages";
import { pathPart } from "../protocol/path-part";
import { listPeople, managePerson } from "./people";
import { ManagedUser, ManagedUserUpdate } from "./schemas";
import type { ManagedUserRow } from "./user-queries";

const listUsers = createRoute({
  method: "get",
  path: "/api/0/internal/users/",
  tags: ["This installation"],
  summary: "Everybody who has an account; for superusers",
  request: {
    query: PageQuery.extend({
      query: z.string().max(254).optional().openapi({ description: "Beginning of an address" }),
    }),
  },
  responses: { 200: page(ManagedUser, "Oldest first"), ...faults(401, 403, 422, 429) },
  ...allowSuperuser(),
});

const updateUser = createRoute({
  method: "put",
  path: "/api/0/internal/users/{managed_user_id}/",
  tags: ["This installation"],
  summary: "Deactivate or activate a person, or make a superuser; for superusers",
  request: {
    params: z.object({ managed_user_id: pathPart({ example: "12" }) }),
    body: body(ManagedUserUpdate),
  },
  responses: {
    200: json(ManagedUser, "The user as it is now"),
    ...faults(400, 401, 403, 404, 422, 429),
  },
  ...allowSuperuser(),
});

export const managedUserRoutes = openApi();

managedUserRoutes.openapi(listUsers, async (c) => {
  const query = c.req.valid("query");
  const range = rangeOf(query, { value: "number", id: "number" });
  const people = await listPeople(c.var.deps, query.query ?? "", range);
  return answerPage(c, people, range, toManagedUser, ({ id }) => ({
    value: String(id),
    id: String(id),
  }));
});

managedUserRoutes.openapi(updateUser, async (c) => {
  const { managed_user_id } = c.req.valid("param");
  const { id } = personOf(c.var.caller);
  const changed = await managePerson(c.var.deps, id, managed_user_id, c.req.valid("json"));
  return c.json(toManagedUser(changed), 200);
});

const toManagedUser = ({ id, createdAt, lastLoginAt, ...row }: ManagedUserRow): ManagedUser => ({
  id: String(id),
  ...row,
  dateJoined: createdAt.toISOString(),
  lastLogin: lastLoginAt?.toISOString() ?? null,
});
