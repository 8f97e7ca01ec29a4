import { z } from "@hono/zod-openapi";

const slugCharsMax = 50;

/** Words that stand for something else wherever a slug may stand in a path. */
const reserved = new Set(
  (
    "login register app profile organizations settings issues performance _health rest-auth api accept stripe admin " +
    "status_page __debug__ new"
  ).split(" "),
);

/** Slugs of organizations stand at the root, beside every path of the web UI and of the Worker. */
const reservedAtRoot = new Set(
  (
    "assets account auth docs help mcp metrics orgredirect reset-password search shared status-pages system-info " +
    "tunnel v1 welcome _allauth _dev"
  ).split(" "),
);

/** What an organization must not be called: pages and doors that people look for under the same path. */
export const reservedForOrganizations: readonly string[] = [...reserved, ...reservedAtRoot];

/** Whether a slug in a request, in either case, is a path of the web UI or of the Worker. */
export const isReservedForOrganizations = (slug: string): boolean =>
  reserved.has(slug.toLowerCase()) || reservedAtRoot.has(slug.toLowerCase());

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

/** The same for an organization, which has more to stay clear of. */
export function slugifyOrganization(name: string): string {
  const slug = slugify(name, "organization");
  return reservedAtRoot.has(slug) ? `${slug}-1` : slug;
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
