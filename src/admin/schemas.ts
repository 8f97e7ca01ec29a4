import { z } from "@hono/zod-openapi";
import { FirstUserDoor, User } from "../accounts/schemas";

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

export const DeadLetterDetail = DeadLetter.extend({
  projectId: z.string().nullable().describe("Null where the letter cannot be read"),
  receivedAt: z.iso.datetime().nullable(),
  items: z.array(z.object({ type: z.string(), bytes: z.number().int() })).describe("At most 50"),
  preview: z.object({
    text: z.string().describe("The beginning of the first item, without secrets"),
    isCut: z.boolean(),
  }),
}).openapi("DeadLetterDetail");

/** Which letter to send again. */
export const LetterName = z.object({ id: z.string().max(200), queue: z.string().max(100) });

const Check = z
  .object({
    status: z.enum(["ok", "failing"]),
    ms: z.number().int().describe("How long the look took"),
    oldestSeconds: z
      .number()
      .int()
      .optional()
      .describe("Of the queues: the age of the message that waits longest"),
  })
  .openapi("HealthCheck");

export const Health = z
  .object({
    status: z.enum(["ok", "failing"]),
    checks: z
      .partialRecord(z.enum(["database", "redis", "bucket", "queues", "disk"]), Check)
      .describe("Queues and disk where the platform tells of them"),
  })
  .openapi("Health");
export type Health = z.infer<typeof Health>;

const count = z.number().int();
export const Overview = z
  .object({
    version: z.string(),
    environment: z.string(),
    health: Health.nullable().describe("Null while others look at it; ask again in a moment"),
    lag: z
      .object({
        queueSeconds: z.number().describe("How long the last batch waited in the queue"),
        digestSeconds: z.number().describe("From receipt until it was stored"),
      })
      .nullable()
      .describe("Null while Redis cannot be asked"),
    queues: z
      .array(z.object({ queue: z.string(), messages: count, oldestSeconds: count }))
      .describe("What waits; empty where the platform does not count"),
    deadLetters: count.nullable().describe("At most 1000; null while the bucket cannot be asked"),
    totals: z
      .object({
        organizations: count,
        projects: count,
        users: count,
        issues: count.describe("As the database estimates it, like events"),
        events: count,
        databaseBytes: count,
      })
      .nullable()
      .describe("Null while the database cannot be asked"),
    disk: z
      .object({ freeBytes: count, totalBytes: count })
      .nullable()
      .describe("Of the machine; null at the edge"),
    limitsAreLocal: z.boolean().describe("Whether this isolate keeps rate limits by itself"),
  })
  .openapi("Overview");
export type Overview = z.infer<typeof Overview>;

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
    socialApps: z.array(
      z.object({
        name: z.string(),
        client_id: z.string(),
        provider: z.string().describe("For POST /api/auth/sign-in/social"),
        scopes: z.array(z.string()),
        authorize_url: z.string().nullable(),
      }),
    ),
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
    firstUser: FirstUserDoor,
  })
  .openapi("Settings");
