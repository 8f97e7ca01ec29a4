import { z } from "@hono/zod-openapi";
import { Fault } from "../fault";

const wordsMax = 20;

/** `query` of lists of things with names. */
export const nameQuery = (description = "Words that must all occur in name or slug") =>
  z.string().max(1000).optional().openapi({ description, example: "shop" });

/**
 * Words that must occur. `key:value` is how clients ask for something else, and an answer that does not regard it would
 * be a wrong one. Faults: invalid.
 */
export function wordsOf(query: string | undefined): string[] {
  const words = (query ?? "").split(/\s+/).filter((word) => word !== "");
  if (words.length > wordsMax) {
    throw new Fault("invalid", `A query has at most ${wordsMax} words`);
  }
  const term = words.find((word) => /^!?[A-Za-z_][\w.]{0,50}:./.test(word));
  if (term === undefined) return words;
  throw new Fault("invalid", `${term.slice(0, 100)} cannot be answered here: give words`);
}
