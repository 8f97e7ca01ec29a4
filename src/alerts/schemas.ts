import { z } from "@hono/zod-openapi";
import { listFixed, withFixed } from "../protocol/fixed-fields";
import { boolean, bothCases, integer } from "../protocol/lenient";
import { reasonNotPublic } from "../protocol/public-url";

const urlCharsMax = 2000;
const smallMax = 32_767;

const kinds = [
  "email",
  "webhook",
  "discord",
  "googlechat",
  "ntfy",
  "teams",
  "zulip",
  "feishu",
] as const;

const configMembersMax = 50;

const RecipientIn = z
  .preprocess(
    bothCases,
    z.object({
      recipientType: z.enum(kinds),
      url: z.string().trim().max(urlCharsMax).nullish(),
      tagsToAdd: z.array(z.string().max(200)).max(50).optional(),
      config: z
        .record(z.string().max(64), z.string().max(2000))
        .refine((config) => Object.keys(config).length <= configMembersMax, "has too many members")
        .openapi({ maxProperties: configMembersMax })
        .nullish(),
    }),
  )
  .superRefine(({ recipientType, url }, context) => {
    if (recipientType === "email") return;
    const reason = url ? reasonNotPublic(url) : "is required";
    if (reason) context.addIssue({ code: "custom", path: ["url"], message: reason });
  });

const fixedAlert = {
  environment: null,
  environments: [],
  uptimeQuantity: null,
  uptimeTimespanMinutes: null,
};

export const AlertIn = withFixed(
  fixedAlert,
  z.object({
    name: z.string().trim().max(255).optional(),
    timespanMinutes: integer(0, smallMax).nullable().optional(),
    quantity: integer(0, smallMax).nullable().optional(),
    uptime: boolean().optional(),
    alertRecipients: z
      .array(RecipientIn)
      .max(50)
      .optional()
      .describe("Replaces the list when it is given"),
  }),
).openapi("AlertInput", { description: listFixed(fixedAlert) });
export type AlertIn = z.output<typeof AlertIn>;

export const Alert = z
  .object({
    id: z.number().int().openapi({ example: 11 }),
    name: z.string().openapi({ example: "Spike" }),
    timespanMinutes: z.number().int().nullable().openapi({ example: 10 }),
    quantity: z.number().int().nullable().openapi({ example: 20 }),
    uptime: z.boolean(),
    alertRecipients: z.array(
      z.object({
        id: z.number().int(),
        recipientType: z.enum(kinds),
        url: z.string(),
        tagsToAdd: z.array(z.string()),
        config: z.record(z.string(), z.string()).nullable(),
      }),
    ),
  })
  .openapi("Alert");
export type Alert = z.infer<typeof Alert>;

export const OrganizationAlert = Alert.extend({
  project: z.object({ id: z.string(), slug: z.string(), name: z.string() }),
}).openapi("OrganizationAlert");
export type OrganizationAlert = z.infer<typeof OrganizationAlert>;

export const TestResult = z
  .object({
    recipientType: z.enum(kinds),
    status: z.enum(["sent", "error", "skipped"]),
    message: z.string(),
  })
  .openapi("AlertTestResult");
