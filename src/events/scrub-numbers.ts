import { filtered } from "./filtered";

const socialSecurity = /(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])/g;
const iban =
  /(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])/g;
/** Digits in groups, as they are written on cards. */
const digitGroups = /(?<![A-Za-z0-9.,])\d(?:[ .-]?\d){12,40}(?![A-Za-z0-9_])/g;
const cardDigitsMin = 13;
const cardDigitsMax = 19;

/** Numbers of cards, accounts and people, where their check digits are right. */
export function scrubNumbers(text: string): string {
  return text
    .replace(socialSecurity, filtered)
    .replace(iban, (whole) => (isIban(whole.replaceAll(" ", "")) ? filtered : whole))
    .replace(digitGroups, scrubGroups);
}

/** A card among other groups of digits, like the date and code that follow it. */
function scrubGroups(whole: string): string {
  const parts = whole.split(/([ .-])/);
  for (let first = 0; first < parts.length; first += 2) {
    let digits = "";
    for (let last = first; last < parts.length && digits.length < cardDigitsMax; last += 2) {
      digits += parts[last];
      if (digits.length < cardDigitsMin || !isCardNumber(digits)) continue;
      // Random digits of other lengths pass too often; grouped ones are cards only as cards are grouped.
      if (last > first && !isCardGrouping(parts.slice(first, last + 1))) continue;
      const after = parts.slice(last + 1).join("");
      return `${parts.slice(0, first).join("")}${filtered}${after}`;
    }
  }
  return whole;
}

function isCardGrouping(parts: string[]): boolean {
  const separators = new Set(parts.filter((_, index) => index % 2 === 1));
  const lengths = parts.filter((_, index) => index % 2 === 0).map(({ length }) => length);
  return separators.size === 1 && lengths.every((length) => length >= 2 && length <= 7);
}

/** 13 to 19 digits with the first digits and length of a known network and a valid Luhn sum. */
export function isCardNumber(digits: string): boolean {
  if (!/^[2-6]\d{12,18}$/.test(digits) || /^(\d)\1{12,18}$/.test(digits)) return false;
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** ISO 13616: the number, its first four characters put last, leaves 1 when divided by 97. */
function isIban(text: string): boolean {
  if (text.length < 15 || text.length > 34) return false;
  let rest = 0;
  for (const char of text.slice(4) + text.slice(0, 4)) {
    const value = Number.parseInt(char, 36);
    rest = (value > 9 ? rest * 100 + value : rest * 10 + value) % 97;
  }
  return rest === 1;
}
