import { z } from "@hono/zod-openapi";
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

const RecipientIn = z
  .object({
    recipientType: z.enum(kinds),
    url: z.string().trim().max(urlCharsMax).nullish(),
    tagsToAdd: z.array(z.string().max(200)).max(50).optional(),
    config: z.record(z.string().max(64), z.string().max(2000)).nullish(),
  })
  .superRefine(({ recipientType, url }, context) => {
    if (recipientType === "email") return;
    const reason = url ? reasonNotPublic(url) : "is required";
    if (reason) context.addIssue({ code: "custom", path: ["url"], message: reason });
  });

export const AlertIn = z
  .object({
    name: z.string().trim().max(255).optional(),
    timespanMinutes: z.number().int().min(0).max(smallMax).nullable().optional(),
    quantity: z.number().int().min(0).max(smallMax).nullable().optional(),
    uptime: z.boolean().optional(),
    alertRecipients: z
      .array(RecipientIn)
      .max(50)
      .optional()
      .describe("Replaces the list when it is given"),
  })
  .openapi("AlertInput");
export type AlertIn = z.infer<typeof AlertIn>;

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

export const TestResult = z
  .object({
    recipientType: z.enum(kinds),
    status: z.enum(["sent", "error", "skipped"]),
    message: z.string(),
  })
  .openapi("AlertTestResult");
