const addressesMax = 20;
const textCharsMax = 10_000;

/** E-mail addresses in a text that somebody pasted, each once; "Ada <ada@example.com>" is one too. */
export function addressesIn(text: string): string[] {
  const words = text
    .slice(0, textCharsMax)
    .split(/[\s,;<>"']+/)
    .filter((word) => word.length <= 254 && /^[^@\s]{1,64}@[^@\s]{1,190}$/.test(word));
  return [...new Set(words.map((word) => word.toLowerCase()))].slice(0, addressesMax);
}
