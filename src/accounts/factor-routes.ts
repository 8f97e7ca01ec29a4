import { createRoute, z } from "@hono/zod-openapi";
import { allowSession } from "../access/allow";
import { notFound } from "../fault";
import { body, empty, faults, json, openApi } from "../http/app";
import { pathPart } from "../protocol/path-part";
import { idIn } from "../protocol/row-id";
import type { FactorRow } from "./factor-queries";
import { endSessions, listFactors, listSessions, nameFactor } from "./factors";
import { oneselfOf } from "./people";
import { Authenticator, OpenSession, PasskeyName } from "./schemas";

const UserPath = z.object({
  user_id: pathPart({ description: "`me` or one's own id", example: "me" }),
});
const path = "/api/0/users/{user_id}/";
const AuthenticatorPath = UserPath.extend({ authenticator_id: pathPart({ example: "7" }) });
const SessionPath = UserPath.extend({ session_id: pathPart({ example: "7" }) });

const listAll = createRoute({
  method: "get",
  path: `${path}authenticators/` as const,
  tags: ["Accounts and tokens"],
  summary: "One's second factor, recovery codes and passkeys; for browsers only",
  request: { params: UserPath },
  responses: {
    200: json(z.array(Authenticator), "Empty without any"),
    ...faults(401, 403, 404, 429),
  },
  ...allowSession(),
});

const renameOne = createRoute({
  method: "put",
  path: `${path}authenticators/{authenticator_id}/` as const,
  tags: ["Accounts and tokens"],
  summary: "Rename a passkey; for browsers only",
  request: { params: AuthenticatorPath, body: body(PasskeyName) },
  responses: { 204: empty("Renamed"), ...faults(400, 401, 403, 404, 422, 429) },
  ...allowSession(),
});

const listOpen = createRoute({
  method: "get",
  path: `${path}sessions/` as const,
  tags: ["Accounts and tokens"],
  summary: "Every browser in which one is signed in; for browsers only",
  request: { params: UserPath },
  responses: {
    200: json(z.array(OpenSession), "The newest first, at most 100"),
    ...faults(401, 403, 404, 429),
  },
  ...allowSession(),
});

const endOne = createRoute({
  method: "delete",
  path: `${path}sessions/{session_id}/` as const,
  tags: ["Accounts and tokens"],
  summary: "Sign out in one of these browsers; for browsers only",
  request: { params: SessionPath },
  responses: { 204: empty("Ended"), ...faults(401, 403, 404, 429) },
  ...allowSession(),
});

export const factorRoutes = openApi();

factorRoutes.openapi(listAll, async (c) => {
  const person = oneselfOf(c.var.caller, c.req.valid("param").user_id);
  return c.json((await listFactors(c.var.deps, person.id)).map(toAuthenticator), 200);
});

factorRoutes.openapi(renameOne, async (c) => {
  const { user_id, authenticator_id } = c.req.valid("param");
  const person = oneselfOf(c.var.caller, user_id);
  const { name } = c.req.valid("json");
  const isOwn = await nameFactor(c.var.deps, person.id, idIn(authenticator_id) ?? 0, name);
  if (!isOwn) throw notFound();
  return c.body(null, 204);
});

factorRoutes.openapi(listOpen, async (c) => {
  const { deps, caller } = c.var;
  const person = oneselfOf(caller, c.req.valid("param").user_id);
  const open = await listSessions(deps, person.id);
  return c.json(
    open.map(({ id, ip, userAgent, createdAt, updatedAt }) => ({
      id: String(id),
      ip,
      userAgent,
      dateCreated: createdAt.toISOString(),
      lastSeen: updatedAt.toISOString(),
      isCurrent: id === caller.id,
    })),
    200,
  );
});

factorRoutes.openapi(endOne, async (c) => {
  const { user_id, session_id } = c.req.valid("param");
  const person = oneselfOf(c.var.caller, user_id);
  const ended = await endSessions(c.var.deps, person.id, [idIn(session_id) ?? 0]);
  if (ended === 0) throw notFound();
  return c.body(null, 204);
});

const toAuthenticator = ({ type, id, name, createdAt, lastUsedAt, left }: FactorRow) => ({
  id: String(id),
  type,
  name,
  dateCreated: createdAt.toISOString(),
  lastUsed: lastUsedAt?.toISOString() ?? null,
  codesLeft: type === "recovery_codes" ? left : null,
});
