import { createRoute, z } from "@hono/zod-openapi";
import { previewOf } from "../../queues/dead-letter-preview";
import {
  countDeadLetters,
  discardDeadLetter,
  listDeadLetters,
  readDeadLetter,
  replayDeadLetter,
} from "../../queues/dead-letters";
import { allowSuperuser, identify } from "../access/allow";
import { readFirstUserDoor } from "../accounts/first-user";
import { toUser } from "../accounts/shapes";
import { empty, faults, json, openApi } from "../http/app";
import { providerLabel } from "../platform/social-providers";
import { pathPart } from "../protocol/path-part";
import { readOverview } from "./overview";
import {
  DeadLetter,
  DeadLetterDetail,
  LetterName,
  Overview,
  PublicSettings,
  Root,
} from "./schemas";

const getRoot = createRoute({
  method: "get",
  path: "/api/0/",
  tags: ["This installation"],
  summary: "Who the token stands for; nulls without a valid one",
  responses: { 200: json(Root, "Version, user and token") },
});

const getSettings = createRoute({
  method: "get",
  path: "/api/settings/",
  tags: ["This installation"],
  summary: "Public settings of this installation",
  responses: { 200: json(PublicSettings, "Settings") },
});

const listLetters = createRoute({
  method: "get",
  path: "/api/0/internal/dead-letters/",
  tags: ["This installation"],
  summary: "Messages that were given up, oldest first",
  request: { query: z.object({ cursor: z.string().max(1024).optional() }) },
  responses: {
    200: json(
      z.object({ letters: z.array(DeadLetter), cursor: z.string().optional() }),
      "Dead letters",
    ),
    ...faults(401, 403, 422),
  },
  ...allowSuperuser(),
});

const replayLetter = createRoute({
  method: "post",
  path: "/api/0/internal/dead-letters/replay/",
  tags: ["This installation"],
  summary: "Put a dead letter back on its queue",
  request: {
    body: {
      required: true,
      content: { "application/json": { schema: LetterName } },
    },
  },
  responses: {
    200: json(DeadLetter.pick({ id: true }), "Sent again"),
    ...faults(400, 401, 403, 404, 410, 422),
  },
  ...allowSuperuser(),
});

const LetterPath = z.object({
  letter_id: pathPart({ example: "019ab000-0000-7000-8000-000000000001" }),
});
const letterPath = "/api/0/internal/dead-letters/{letter_id}/";

const getLetter = createRoute({
  method: "get",
  path: letterPath,
  tags: ["This installation"],
  summary: "A dead letter with the beginning of what is in it",
  request: { params: LetterPath },
  responses: { 200: json(DeadLetterDetail, "The letter"), ...faults(401, 403, 404, 429) },
  ...allowSuperuser(),
});

const discardLetter = createRoute({
  method: "delete",
  path: letterPath,
  tags: ["This installation"],
  summary: "Forget a dead letter for good; an envelope is counted as filtered",
  request: { params: LetterPath },
  responses: { 204: empty("Gone"), ...faults(401, 403, 404, 429, 503) },
  ...allowSuperuser(),
});

const getOverview = createRoute({
  method: "get",
  path: "/api/0/internal/overview/",
  tags: ["This installation"],
  summary: "How the installation is doing: health, lag, queues, dead letters, sizes",
  responses: { 200: json(Overview, "As it is now"), ...faults(401, 403, 429) },
  ...allowSuperuser(),
});

export const adminRoutes = openApi();

adminRoutes.openapi(getRoot, async (c) => {
  const caller = await identify(c);
  const user = caller?.user;
  return c.json(
    {
      version: "0" as const,
      user: user ? toUser(user) : null,
      auth: caller ? { id: caller.id, label: caller.label, scopes: caller.scopes } : null,
    },
    200,
  );
});

adminRoutes.openapi(getSettings, async (c) => {
  const { config } = c.var.deps;
  return c.json(
    {
      socialApps: config.socialProviders.map((provider) => ({
        name: providerLabel(provider).name,
        client_id: provider.clientId,
        provider: providerLabel(provider).id,
        scopes: [] as string[],
        authorize_url: null,
      })),
      billingEnabled: false,
      iPaidForGlitchTip: false,
      enableUserRegistration: config.isRegistrationOpen,
      enableSocialAppsUserRegistration: config.isSocialRegistrationOpen,
      enableOrganizationCreation: config.isOrganizationCreationOpen,
      stripePublicKey: null,
      plausibleUrl: null,
      plausibleDomain: null,
      chatwootWebsiteToken: null,
      sentryDSN: config.frontendDsn,
      sentryTracesSampleRate: 0,
      environment: config.environment,
      version: config.version,
      serverTimeZone: "UTC",
      glitchtipInstanceName: config.instanceName,
      enabledFeatures: [],
      firstUser: await readFirstUserDoor(c.var.deps, c.req.url),
    },
    200,
  );
});

adminRoutes.openapi(listLetters, async (c) =>
  c.json(await listDeadLetters(c.var.deps, c.req.valid("query").cursor), 200),
);

adminRoutes.openapi(replayLetter, async (c) => {
  const letter = c.req.valid("json");
  await replayDeadLetter(c.var.deps, letter);
  return c.json({ id: letter.id }, 200);
});

adminRoutes.openapi(getLetter, async (c) => {
  const { letter, body } = await readDeadLetter(c.var.deps, c.req.valid("param").letter_id);
  const { text, isCut, ...seen } = await previewOf(c.var.deps, letter.queue, body);
  return c.json(
    {
      ...letter,
      projectId: seen.projectId === null ? null : String(seen.projectId),
      receivedAt: seen.receivedAt?.toISOString() ?? null,
      items: seen.items,
      preview: { text, isCut },
    },
    200,
  );
});

adminRoutes.openapi(discardLetter, async (c) => {
  const { deps, caller } = c.var;
  await discardDeadLetter(deps, c.req.valid("param").letter_id, caller.user?.id ?? null);
  return c.body(null, 204);
});

adminRoutes.openapi(getOverview, async (c) =>
  c.json(await readOverview(c.var.deps, countDeadLetters), 200),
);
