import { z } from "zod";

export const listItemsMax = 100;

/** A query parameter that may be given once, several times, or not at all. */
export const listOf = <S extends z.ZodType>(item: S) =>
  z
    .union([z.array(item).max(listItemsMax), item])
    .optional()
    .transform((given): z.output<S>[] =>
      given === undefined ? [] : Array.isArray(given) ? given : [given as z.output<S>],
    );
