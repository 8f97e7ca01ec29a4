import { z } from "@hono/zod-openapi";
import { User } from "../accounts/schemas";

export const DeadLetter = z
  .object({
    id: z.string(),
    queue: z.string(),
    reason: z.string(),
    attempts: z.number().int(),
    failedAt: z.string(),
    bytes: z.number().int(),
  })
  .openapi("DeadLetter");

/** Which letter to send again. */
export const LetterName = z.object({ id: z.string().max(200), queue: z.string().max(100) });

export const Root = z
  .object({
    version: z.literal("0"),
    user: User.nullable(),
    auth: z
      .object({ id: z.number().int(), label: z.string(), scopes: z.array(z.string()) })
      .nullable(),
  })
  .openapi("Root");

export const PublicSettings = z
  .object({
    socialApps: z.array(z.unknown()),
    billingEnabled: z.boolean(),
    iPaidForGlitchTip: z.boolean(),
    enableUserRegistration: z.boolean(),
    enableSocialAppsUserRegistration: z.boolean(),
    enableOrganizationCreation: z.boolean(),
    stripePublicKey: z.string().nullable(),
    plausibleUrl: z.string().nullable(),
    plausibleDomain: z.string().nullable(),
    chatwootWebsiteToken: z.string().nullable(),
    sentryDSN: z.string().nullable(),
    sentryTracesSampleRate: z.number(),
    environment: z.string().nullable(),
    version: z.string(),
    serverTimeZone: z.string(),
    glitchtipInstanceName: z.string().nullable(),
    enabledFeatures: z.array(z.string()),
  })
  .openapi("Settings");
