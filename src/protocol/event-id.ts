/** With braces, dashes or blanks it is never longer. */
const charsMax = 100;

/** 32 lower-case hex digits from a UUID in any spelling; undefined for anything else and for the nil id. */
export function normalizeEventId(value: unknown): string | undefined {
  if (typeof value !== "string" || value.length > charsMax) return undefined;
  const hex = value.trim().replaceAll("-", "").toLowerCase();
  return /^[0-9a-f]{32}$/.test(hex) && !/^0+$/.test(hex) ? hex : undefined;
}
