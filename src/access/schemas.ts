import { z } from "@hono/zod-openapi";
import { pathPart } from "../protocol/path-part";

/** Everything a token may be allowed to do, in GlitchTip's bit order. */
export const scopes = [
  "project:read",
  "project:write",
  "project:admin",
  "project:releases",
  "team:read",
  "team:write",
  "team:admin",
  "event:read",
  "event:write",
  "event:admin",
  "org:read",
  "org:write",
  "org:admin",
  "member:read",
  "member:write",
  "member:admin",
] as const;

/** Operates the whole installation. No door gives it to a token: only `npm run create-user` does. */
export const operatorScope = "internal:admin";

/** From the least to the most. */
export const roles = ["member", "admin", "manager", "owner"] as const;

export const OrganizationPath = z.object({
  organization_slug: pathPart({ description: "Slug or id", example: "acme" }),
});
