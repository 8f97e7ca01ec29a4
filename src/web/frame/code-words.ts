/** What was typed or pasted as a code of an authenticator app: its digits, without the blanks that apps show. */
export const digitsOf = (typed: string): string => typed.replace(/\D/g, "").slice(0, codeDigits);

export const codeDigits = 6;

export const isWholeCode = (digits: string): boolean => digits.length === codeDigits;

const recoveryCharsMax = 40;

/** A recovery code as it is kept: without blanks around or in it; capital letters count. */
export const recoveryCodeOf = (typed: string): string =>
  typed.replace(/\s/g, "").slice(0, recoveryCharsMax);
