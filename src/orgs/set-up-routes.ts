import { createRoute } from "@hono/zod-openapi";
import { isFromHere } from "../access/same-site";
import { Fault } from "../fault";
import { body, faults, json, openApi } from "../http/app";
import { SetUp, SetUpAnswer } from "./schemas";
import { setUp } from "./set-up";

const makeFirstUser = createRoute({
  method: "post",
  path: "/api/0/internal/first-user/",
  tags: ["This installation"],
  summary: "The first user, a superuser, with an organization and a project; until there is one",
  security: [],
  request: { body: body(SetUp) },
  responses: {
    201: json(SetUpAnswer, "What was made; sign in with the password"),
    ...faults(400, 403, 409, 422, 429, 503),
  },
});

export const setUpRoutes = openApi();

setUpRoutes.openapi(makeFirstUser, async (c) => {
  // A page elsewhere must not make itself the operator of an installation on the visitor's machine.
  if (!isFromHere(c))
    throw new Fault("forbidden", "Only a page of this installation may ask this.");
  const request = { url: c.req.url, ip: c.req.header("cf-connecting-ip") };
  return c.json(await setUp(c.var.deps, request, c.req.valid("json")), 201);
});
