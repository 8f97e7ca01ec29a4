import { z } from "@hono/zod-openapi";
import { dictionaryOf, lookUp } from "./dictionary";

/** What fields that clients know and we do not keep always are. `undefined`: we have no such thing. */
export type FixedFields = { readonly [name: string]: unknown };

/**
 * A body whose clients know more fields than we keep. Each of these is refused with words unless it is what it always
 * is here: nothing that was accepted is dropped. Names that nobody documents are ignored, as GlitchTip does.
 */
export const withFixed = <S extends z.ZodObject>(fixed: FixedFields, schema: S) =>
  z.preprocess((body, context) => {
    if (typeof body !== "object" || body === null || Array.isArray(body)) return body;
    for (const [name, value] of Object.entries(body)) {
      if (!Object.hasOwn(fixed, name) || value === undefined) continue;
      const words = refusalOf(value, lookUp(fixed, name));
      if (words) context.addIssue({ code: "custom", path: [name], message: words, input: value });
    }
    return body;
  }, schema);

function refusalOf(value: unknown, always: unknown): string | undefined {
  if (always === undefined) {
    return value === null ? undefined : "cannot be set: there is no such setting here";
  }
  const fixed = JSON.stringify(always);
  return JSON.stringify(value) === fixed ? undefined : `cannot be changed: it is always ${fixed}`;
}

/** For the description of a body. */
export const listFixed = (fixed: FixedFields) =>
  `Known to clients but not kept, so anything but what they always are is refused: ${Object.keys(fixed).join(", ")}`;

/** Those of them that an answer shows. */
export const shownOf = (fixed: FixedFields) =>
  dictionaryOf(Object.entries(fixed).filter(([, value]) => value !== undefined));
