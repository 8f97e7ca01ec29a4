import { z } from "@hono/zod-openapi";

const slugCharsMax = 50;

/** Words that are paths of the web UI and the API. */
const reserved = new Set([
  "login",
  "register",
  "app",
  "profile",
  "organizations",
  "settings",
  "issues",
  "performance",
  "_health",
  "rest-auth",
  "api",
  "accept",
  "stripe",
  "admin",
  "status_page",
  "__debug__",
  "new",
]);

/**
 * Name → slug as GlitchTip makes it: ASCII letters, digits, `-` and `_`. A reserved word and a bare number, which
 * would be taken for an id, get a `-1`.
 */
export function slugify(name: string, fallback: string): string {
  const slug = name
    .normalize("NFKD")
    .replace(/[^\w\s-]/g, "")
    .trim()
    .toLowerCase()
    .replace(/[-\s]+/g, "-")
    .slice(0, slugCharsMax)
    .replace(/^[-_]+|[-_]+$/g, "");
  if (slug === "") return fallback;
  return reserved.has(slug) || /^\d+$/.test(slug) ? `${slug}-1` : slug;
}

/** What a slug in a request may look like: a bare number would be taken for an id. */
export const slugPattern = /^(?!\d+$)[-a-zA-Z0-9_]+$/;

/** A slug in a body. */
export const slugText = z
  .string()
  .trim()
  .min(1)
  .max(slugCharsMax)
  .regex(slugPattern, "letters, digits, - and _ only, not digits alone");
