/** An id of a row as text: as many digits as every number keeps exactly. */
export const idPattern = /^\d{1,15}$/;
export const idMax = 999_999_999_999_999;

/** undefined: not an id. */
export const idIn = (text: string): number | undefined =>
  idPattern.test(text) ? Number(text) : undefined;

/** Paths take a slug or an id. Digits alone are always an id, and too many of them one that nothing has; undefined: a slug. */
export const idInPath = (slugOrId: string): number | undefined =>
  /^\d+$/.test(slugOrId) ? (idIn(slugOrId) ?? 0) : undefined;
