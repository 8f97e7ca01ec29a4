import { type SQL, sql } from "drizzle-orm";

/** Text → pattern for ILIKE that matches itself. */
export const likeText = (text: string): string => text.replace(/[\\%_]/g, "\\$&");

/** Text → pattern for ILIKE: `*` matches anything, everything else itself. */
export const likePattern = (text: string): string => likeText(text).replaceAll("*", "%");

/** Conditions: each word occurs in the text, in any case. */
export const containsAll = (text: SQL, words: string[]): SQL[] =>
  words.map((word) => sql`${text} ilike ${`%${likeText(word)}%`}`);
