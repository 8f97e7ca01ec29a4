import { createRoute, z } from "@hono/zod-openapi";
import { allowPerson, allowPersonToChange, allowSession } from "../access/allow";
import type { CallerUser } from "../access/caller";
import { personOf } from "../access/reach";
import { body, empty, faults, json, openApi, page } from "../http/app";
import { answerPage, PageQuery } from "../http/pages";
import { pathPart } from "../protocol/path-part";
import { allowConfirmed } from "./allow-confirmed";
import { addEmail, choosePrimary, listOwnEmails, removeEmail, resendProof } from "./emails";
import {
  editPerson,
  isSubscribedByDefault,
  listIdentities,
  oneselfOf,
  removePerson,
  subscribeByDefault,
} from "./people";
import { offerRecoveryCodes, takeRecoveryCodes } from "./recovery-codes";
import {
  EmailAddress,
  EmailInput,
  NotificationPreferences,
  User,
  UserDetail,
  UserUpdate,
} from "./schemas";
import { toUser } from "./shapes";

const UserPath = z.object({
  user_id: pathPart({ description: "`me` or one's own id", example: "me" }),
});
const path = "/api/0/users/{user_id}/";

/** What a door that changes how one signs in takes besides. */
const confirmation = {
  password: z
    .string()
    .max(1000)
    .optional()
    .describe("Asked for when the sign-in is older than 10 minutes"),
};

const listUsers = createRoute({
  method: "get",
  path: "/api/0/users/",
  tags: ["Accounts and tokens"],
  summary: "Oneself, in a list",
  request: { query: PageQuery },
  responses: { 200: page(User, "One user"), ...faults(401, 403, 422, 429) },
  ...allowPerson(),
});

const getUser = createRoute({
  method: "get",
  path,
  tags: ["Accounts and tokens"],
  summary: "Oneself",
  request: { params: UserPath },
  responses: { 200: json(UserDetail, "The user"), ...faults(401, 403, 404, 429) },
  ...allowPerson(),
});

const getAuth = createRoute({
  method: "get",
  path: "/api/0/auth/",
  tags: ["Accounts and tokens"],
  summary: "Whose token this is, as Sentry's clients ask",
  responses: { 200: json(User, "The user"), ...faults(401, 403, 429) },
  ...allowPerson(),
});

const updateOne = createRoute({
  method: "put",
  path,
  tags: ["Accounts and tokens"],
  summary: "Change one's name and options; the options are replaced as a whole",
  request: { params: UserPath, body: body(UserUpdate) },
  responses: { 200: json(User, "The user as it is now"), ...faults(400, 401, 403, 404, 422, 429) },
  ...allowPersonToChange(),
});

const deleteOne = createRoute({
  method: "delete",
  path,
  tags: ["Accounts and tokens"],
  summary: "Delete one's account; not while one is the primary owner of an organization",
  request: { params: UserPath },
  responses: { 204: empty("Gone"), ...faults(400, 401, 403, 404, 429) },
  ...allowConfirmed(),
});

const listEmails = createRoute({
  method: "get",
  path: `${path}emails/` as const,
  tags: ["Accounts and tokens"],
  summary: "One's addresses",
  request: { params: UserPath },
  responses: {
    200: json(z.array(EmailAddress), "The main one first"),
    ...faults(401, 403, 404, 429),
  },
  ...allowPerson(),
});

const emailDoor = {
  path: `${path}emails/`,
  request: { params: UserPath, body: body(EmailInput.extend(confirmation)) },
  ...allowConfirmed(),
} as const;
const emailFaults = faults(400, 401, 403, 404, 422, 429);

const createEmail = createRoute({
  ...emailDoor,
  method: "post",
  summary: "Add an address; a mail asks for its confirmation",
  tags: ["Accounts and tokens"],
  responses: { 201: json(EmailAddress, "The address, unconfirmed"), ...emailFaults },
});

const setPrimary = createRoute({
  ...emailDoor,
  method: "put",
  summary: "Make a confirmed address the main one, which also signs in",
  tags: ["Accounts and tokens"],
  responses: { 200: json(EmailAddress, "The address"), ...emailFaults },
});

const deleteAddress = createRoute({
  ...emailDoor,
  method: "delete",
  summary: "Remove an address that is not the main one",
  tags: ["Accounts and tokens"],
  responses: { 204: empty("Gone"), ...emailFaults },
});

const confirm = createRoute({
  method: "post",
  path: `${path}emails/confirm/` as const,
  tags: ["Accounts and tokens"],
  summary: "Send the mail that asks for confirmation again",
  request: { params: UserPath, body: body(EmailInput) },
  responses: { 204: empty("Sent"), ...faults(400, 401, 403, 404, 422, 429) },
  ...allowSession(),
});

const getPreferences = createRoute({
  method: "get",
  path: `${path}notifications/` as const,
  tags: ["Accounts and tokens"],
  summary: "Whether alerts of projects reach one by default",
  request: { params: UserPath },
  responses: { 200: json(NotificationPreferences, "Preferences"), ...faults(401, 403, 404, 429) },
  ...allowPerson(),
});

const setPreferences = createRoute({
  method: "put",
  path: `${path}notifications/` as const,
  tags: ["Accounts and tokens"],
  summary: "Change that",
  request: { params: UserPath, body: body(NotificationPreferences) },
  responses: {
    200: json(NotificationPreferences, "Preferences as they are now"),
    ...faults(400, 401, 403, 404, 422, 429),
  },
  ...allowPersonToChange(),
});

const getCodes = createRoute({
  method: "get",
  path: "/api/0/generate-recovery-codes/",
  tags: ["Accounts and tokens"],
  summary: "New recovery codes; they count once one of them is sent back",
  responses: {
    200: json(z.object({ codes: z.array(z.string()) }), "Codes"),
    ...faults(401, 403, 429),
  },
  ...allowSession(),
});

const takeCodes = createRoute({
  method: "post",
  path: "/api/0/generate-recovery-codes/",
  tags: ["Accounts and tokens"],
  summary: "Replace one's recovery codes by the ones just generated",
  request: { body: body(z.object({ code: z.string().max(100), ...confirmation })) },
  responses: { 204: empty("Replaced"), ...faults(400, 401, 403, 422, 429) },
  ...allowConfirmed(),
});

export const userRoutes = openApi();

userRoutes.openapi(listUsers, (c) => {
  const person = personOf(c.var.caller);
  return answerPage(
    c,
    { rows: [person], hasMore: false },
    { limit: 1, cursor: undefined },
    (user: CallerUser) => toUser(user),
    ({ id }) => ({ value: String(id), id: String(id) }),
  );
});

userRoutes.openapi(getUser, async (c) => {
  const person = oneselfOf(c.var.caller, c.req.valid("param").user_id);
  const identities = await listIdentities(c.var.deps, person.id);
  return c.json({ ...toUser(person, identities), chatwootIdentifierHash: null }, 200);
});

userRoutes.openapi(getAuth, (c) => c.json(toUser(personOf(c.var.caller)), 200));

userRoutes.openapi(updateOne, async (c) => {
  const { deps, caller } = c.var;
  const person = oneselfOf(caller, c.req.valid("param").user_id);
  const changed = await editPerson(deps, person, c.req.valid("json"));
  return c.json(toUser(changed, await listIdentities(deps, person.id)), 200);
});

userRoutes.openapi(deleteOne, async (c) => {
  const person = oneselfOf(c.var.caller, c.req.valid("param").user_id);
  await removePerson(c.var.deps, person.id);
  return c.body(null, 204);
});

userRoutes.openapi(listEmails, async (c) => {
  const person = oneselfOf(c.var.caller, c.req.valid("param").user_id);
  return c.json(await listOwnEmails(c.var.deps, person.id), 200);
});

userRoutes.openapi(createEmail, async (c) => {
  const person = oneselfOf(c.var.caller, c.req.valid("param").user_id);
  const { email } = c.req.valid("json");
  await addEmail(c.var.deps, (work) => c.executionCtx.waitUntil(work), person.id, email);
  return c.json({ email, isPrimary: false, isVerified: false }, 201);
});

userRoutes.openapi(setPrimary, async (c) => {
  const person = oneselfOf(c.var.caller, c.req.valid("param").user_id);
  const { email } = c.req.valid("json");
  const waitUntil = (work: Promise<unknown>) => c.executionCtx.waitUntil(work);
  await choosePrimary(c.var.deps, waitUntil, c.var.caller, person, email);
  return c.json({ email, isPrimary: true, isVerified: true }, 200);
});

userRoutes.openapi(deleteAddress, async (c) => {
  const person = oneselfOf(c.var.caller, c.req.valid("param").user_id);
  await removeEmail(c.var.deps, person.id, c.req.valid("json").email);
  return c.body(null, 204);
});

userRoutes.openapi(confirm, async (c) => {
  const person = oneselfOf(c.var.caller, c.req.valid("param").user_id);
  const { email } = c.req.valid("json");
  await resendProof(c.var.deps, (work) => c.executionCtx.waitUntil(work), person.id, email);
  return c.body(null, 204);
});

userRoutes.openapi(getPreferences, async (c) => {
  const person = oneselfOf(c.var.caller, c.req.valid("param").user_id);
  const wanted = await isSubscribedByDefault(c.var.deps, person.id);
  return c.json({ subscribeByDefault: wanted }, 200);
});

userRoutes.openapi(setPreferences, async (c) => {
  const person = oneselfOf(c.var.caller, c.req.valid("param").user_id);
  const preferences = c.req.valid("json");
  await subscribeByDefault(c.var.deps, person.id, preferences.subscribeByDefault);
  return c.json(preferences, 200);
});

userRoutes.openapi(getCodes, async (c) =>
  c.json({ codes: await offerRecoveryCodes(c.var.deps, personOf(c.var.caller).id) }, 200),
);

userRoutes.openapi(takeCodes, async (c) => {
  await takeRecoveryCodes(c.var.deps, personOf(c.var.caller).id, c.req.valid("json").code);
  return c.body(null, 204);
});
