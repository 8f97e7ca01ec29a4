import { z } from "@hono/zod-openapi";

const charsMax = 1000;
const valuesMax = 100;

/**
 * A query parameter that clients know and that cannot be answered at this door. It is refused with words: the answer
 * without it would be another one than was asked for. Empty, or one of `usual`, it asks for nothing.
 */
export const unanswerable = (words: string, usual: string[] = []) =>
  z
    .union([z.string().max(charsMax), z.array(z.string().max(charsMax)).max(valuesMax)])
    .optional()
    .refine((given) => [given ?? ""].flat().every((each) => each === "" || usual.includes(each)), {
      error: words,
    })
    .openapi({
      type: "string",
      maxLength: charsMax,
      description: `Refused${usual.length > 0 ? ` unless ${usual.join(" or ")}` : ""}: ${words}`,
    });
