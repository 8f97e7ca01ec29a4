import { createRoute, z } from "@hono/zod-openapi";
import { allowPerson, allowPersonToChange } from "../access/allow";
import { orgIdsOf, personOf } from "../access/reach";
import { notFound } from "../fault";
import { body, empty, faults, json, openApi } from "../http/app";
import { dictionaryOf } from "../protocol/dictionary";
import { pathPart } from "../protocol/path-part";
import { Subscriptions, SubscriptionUpdate } from "./schemas";
import { listSubscriptions, setSubscription } from "./subscriptions";

const path = "/api/0/users/{user_id}/notifications/alerts/";
const UserPath = z.object({
  user_id: pathPart({ description: "`me` or one's own id", example: "me" }),
});

const getSubscriptions = createRoute({
  method: "get",
  path,
  tags: ["Alerts"],
  summary: "For which projects one wants alerts (1) or not (0); others follow one's default",
  request: { params: UserPath },
  responses: { 200: json(Subscriptions, "Project id → 0 or 1"), ...faults(401, 403, 404, 429) },
  ...allowPerson(),
});

const setOne = createRoute({
  method: "put",
  path,
  tags: ["Alerts"],
  summary: "Alerts of one project: 1 on, 0 off, -1 back to one's default",
  request: { params: UserPath, body: body(SubscriptionUpdate) },
  responses: { 204: empty("Done"), ...faults(400, 401, 403, 404, 422, 429) },
  ...allowPersonToChange(),
});

export const subscriptionRoutes = openApi();

subscriptionRoutes.openapi(getSubscriptions, async (c) => {
  const { deps, caller } = c.var;
  const person = personOf(caller);
  assertSelf(c.req.valid("param").user_id, person.id);
  const wanted = await listSubscriptions(deps, person.id, orgIdsOf(caller));
  return c.json(
    dictionaryOf(wanted.map(({ projectId, status }) => [String(projectId), status])),
    200,
  );
});

subscriptionRoutes.openapi(setOne, async (c) => {
  const { deps, caller } = c.var;
  const person = personOf(caller);
  assertSelf(c.req.valid("param").user_id, person.id);
  const [entry] = Object.entries(c.req.valid("json"));
  if (!entry) throw notFound();
  const [projectId, status] = entry;
  await setSubscription(deps, person.id, orgIdsOf(caller), Number(projectId), status);
  return c.body(null, 204);
});

/** Faults: not_found, for anybody but oneself. */
function assertSelf(userId: string, ownId: number): void {
  if (userId !== "me" && userId !== String(ownId)) throw notFound();
}
