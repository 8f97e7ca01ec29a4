import { z } from "@hono/zod-openapi";

export const momentCharsMax = 64;

/** A point in time in a query. */
export const moment = z
  .string()
  .max(momentCharsMax)
  .refine((text) => !Number.isNaN(+new Date(text)), "must be ISO 8601")
  .transform((text) => new Date(text))
  .openapi({
    type: "string",
    format: "date-time",
    maxLength: momentCharsMax,
    example: "2026-01-01T00:00:00Z",
  });
