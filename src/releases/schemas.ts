import { z } from "@hono/zod-openapi";
import { boolean } from "../protocol/lenient";

const id = z
  .union([z.number().int(), z.string()])
  .describe("A number; a string for Sentry's clients");

export const Environment = z
  .object({ id, name: z.string().openapi({ example: "production" }) })
  .openapi("Environment");

export const ProjectEnvironment = Environment.extend({ isHidden: z.boolean() }).openapi(
  "ProjectEnvironment",
);

export const EnvironmentUpdate = z
  .object({
    name: z.string().max(255).optional().describe("The one it has: it cannot be renamed"),
    isHidden: boolean(),
  })
  .openapi("EnvironmentUpdate");
