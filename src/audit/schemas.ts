import { z } from "@hono/zod-openapi";

export const AuditEntry = z
  .object({
    id: z.string(),
    event: z.string().openapi({ example: "member.invite" }),
    actor: z.object({ id: z.string().nullable(), name: z.string() }),
    ipAddress: z.string().nullable(),
    target: z.string().openapi({ example: "ada@example.com" }),
    data: z
      .looseObject({
        before: z.record(z.string(), z.unknown()).optional(),
        after: z.record(z.string(), z.unknown()).optional(),
      })
      .describe("Of a change: the fields that got another value"),
    dateCreated: z.iso.datetime(),
  })
  .openapi("AuditEntry");
export type AuditEntry = z.infer<typeof AuditEntry>;
