import type { Explanation } from "./grouping";

/** The parts of a grouping as the texts that are hashed. Of all versions. */
export const flattenParts = (parts: Explanation["parts"]) =>
  parts.flatMap(({ type, value, frames }) => [
    ...(type === undefined ? [] : [`T:${type}`]),
    ...(value === undefined ? [] : [`v:${value}`]),
    ...(frames ?? []),
  ]);
