/** Of a project: names of fields that are sensitive, or safe. */
export const fieldsMax = 100;
export const fieldCharsMax = 200;
const partsMax = 20;

/**
 * The way to a place in an event, in lower case: `user.id`, `extra.cart.**`, `request.headers.'x.y'`. `*` is one step,
 * `**` at the end all that is below. Undefined where it is a name alone, or no way.
 */
export function selectorOf(text: string): string[] | undefined {
  const parts: string[] = [];
  let at = 0;
  while (at <= text.length && parts.length <= partsMax) {
    const quoted = /^'((?:[^']|''){1,200})'(?=\.|$)/.exec(text.slice(at));
    const plain = quoted ? undefined : /^[^.']{1,200}(?=\.|$)/.exec(text.slice(at));
    const part = quoted ? (quoted[1] ?? "").replaceAll("''", "'") : plain?.[0];
    if (part === undefined) return undefined;
    parts.push(part.toLowerCase());
    at += (quoted ?? plain)?.[0].length ?? 0;
    if (at === text.length) break;
    at++;
  }
  const isWay = parts.length > 1 && parts.length <= partsMax && !parts.slice(0, -1).includes("**");
  return isWay ? parts : undefined;
}

/** What is wrong with a name or a way to a safe field, for people. */
export function faultOfSafeField(text: string): string | undefined {
  if (/[&|!()$]/.test(text)) return "takes names and ways like user.id, extra.cart.** alone";
  if (/[.*']/.test(text) && !selectorOf(text)) return "is no way like user.id or extra.cart.**";
  return undefined;
}

/** Of sensitive ones: a name, which is looked for in names of fields word by word. */
export const faultOfSensitiveField = (text: string): string | undefined =>
  /[\p{L}\p{N}]{2}/u.test(text) ? undefined : "needs a word of two letters at least";
