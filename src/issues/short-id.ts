/** Name of an issue for people: `SHOP-1A` is the 42nd issue of the project `shop`. */
export type ShortId = { slug: string; number: number };

const charsMax = 120;
const numberMax = 2_147_483_647;

/** Any case. undefined: not a short id. */
export function parseShortId(text: string): ShortId | undefined {
  if (text.length > charsMax) return undefined;
  const [, slug, digits] = /^([A-Za-z0-9_][A-Za-z0-9_-]*)-([0-9A-Va-v]{1,7})$/.exec(text) ?? [];
  if (slug === undefined || digits === undefined) return undefined;
  const number = Number.parseInt(digits, 32);
  return number > 0 && number <= numberMax ? { slug: slug.toLowerCase(), number } : undefined;
}

/** PROJECTSLUG-<number in base 32, digits and A to V>. */
export const shortIdOf = ({ slug, number }: ShortId) =>
  `${slug.toUpperCase()}-${number.toString(32).toUpperCase()}`;
