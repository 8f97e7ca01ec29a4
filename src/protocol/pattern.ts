/** A text between wildcards: `a*b` is ["a", "b"], what has no wildcard is one piece. */
export type Pattern = readonly string[];

/** As it is written, its wildcards as `*`. */
export const written = (pattern: Pattern): string => pattern.join("*");
export const hasWildcard = (pattern: Pattern): boolean => pattern.length > 1;
