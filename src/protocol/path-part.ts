import { z } from "@hono/zod-openapi";

/** Nothing that a path names is longer: slugs, ids, short ids, names of environments, tokens of invitations. */
export const pathPartCharsMax = 255;

/** One part of a path. A longer one names nothing: it is 404 before anybody looks (`openApi`). */
export const pathPart = (about: { description?: string; example?: string } = {}) =>
  z.string().max(pathPartCharsMax).openapi(about);
