/** Hashes without a digit have this many letters: of Vite eight, of Symfony seven. Of other lengths they are words. */
const letterHashChars = { min: 7, max: 8 };

/** `report-202401.js`: so many digits may be a month. */
const dateChars = 6;

/**
 * Whether a piece of a name is what a build drew or computed, and no word of a person. Hashes of bundlers are hex
 * (webpack, Next, Rails), base 32 (esbuild), or base64url (Vite, Rollup): of the last, two in ten have no digit, so
 * that only their letters tell.
 */
export function isMadeUp(token: string): boolean {
  if (token.length < 6) return false;
  if (/\d/.test(token)) {
    if (/^\d+$/.test(token)) return token.length > dateChars;
    if (/^[0-9a-f]+$/i.test(token)) return true;
    return !isNumberedWord(token);
  }
  if (token.length < letterHashChars.min || token.length > letterHashChars.max) return false;
  return !token.split(/[-_]/).every((part) => /^[a-z]{0,2}$/.test(part) || isWord(part));
}

/** `section2`, `step10`, `i18nsetup`, `oauth2client`: words with one number, which people write. */
function isNumberedWord(token: string): boolean {
  const parts = token.split(/[-_]/);
  return parts.every((part) => {
    const match = /^([A-Za-z]{0,40})(?:\d{1,4}([A-Za-z]{0,40}))?$/.exec(part);
    if (!match) return false;
    const [, before = "", after = ""] = match;
    if (before.length + after.length < 3)
      return parts.length > 1 && /^(?:[a-z]{0,2}\d{0,4}|[a-z]{1,2})$/.test(part);
    return (
      (before.length < 2 ? /^[a-zA-Z]?$/.test(before) : isWord(before)) &&
      (after.length < 2 ? /^[a-z]?$/.test(after) : isWord(after))
    );
  });
}

/** One word or several in camel case that can be spoken, or capitals only. */
const isWord = (text: string): boolean =>
  (/^(?:[A-Z]?[a-z]{2,}|[A-Z]{2,4}|[a-z](?=[A-Z]))(?:[A-Z][a-z]{2,}){0,8}$/.test(text) ||
    /^[A-Z]{2,16}$/.test(text)) &&
  !/[^aeiouy]{6}/i.test(text) &&
  /[aeiouy]/i.test(text);
