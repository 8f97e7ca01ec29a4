import { lookUp } from "../protocol/dictionary";

export const sorts = ["last_seen", "first_seen", "count", "priority", "users", "trend"] as const;
export type Sort = { by: (typeof sorts)[number]; descending: boolean };

const words: Record<string, Sort> = {
  date: { by: "last_seen", descending: true },
  new: { by: "first_seen", descending: true },
  freq: { by: "count", descending: true },
  user: { by: "users", descending: true },
  trends: { by: "trend", descending: true },
  recommended: { by: "priority", descending: true },
};

/** GlitchTip's names with an optional sign, or Sentry's words. undefined: neither. */
export function parseSort(text: string | undefined): Sort | undefined {
  if (!text) return { by: "last_seen", descending: true };
  const word = lookUp(words, text);
  if (word) return word;
  const by = sorts.find((sort) => sort === text.replace(/^-/, ""));
  return by && { by, descending: text.startsWith("-") };
}
