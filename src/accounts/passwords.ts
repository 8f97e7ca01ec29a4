/** The first that guessers try, as far as they are long enough. */
const common = new Set(
  (
    "password password1 password12 password123 passw0rd p@ssw0rd p@ssword 1q2w3e4r 1q2w3e4r5t 1qaz2wsx qwertyui " +
    "qwertyuiop qwerty123 qwerty12 iloveyou sunshine princess football baseball superman trustno1 whatever " +
    "starwars computer michelle jennifer corvette mercedes liverpool chocolate butterfly internet abcd1234 " +
    "abc12345 a1b2c3d4 asdfghjk asdfghjkl zaq12wsx welcome1 welcome123 letmein1 letmein123 changeme changeme1 " +
    "admin123 admin1234 administrator default1 secret123 monkey123 dragon123 master123 shadow123 michael1 " +
    "facebook pokemon1 nintendo samsung1 blink182 metallica slipknot garfield remember everything midnight " +
    "hunter222 brinkwatch brinkwatch1 glitchtip glitchtip1 sentry123"
  ).split(" "),
);

export const passwordCharsMin = 8;
export const passwordCharsMax = 128;

/** Why a password is too easy to guess, or undefined. */
export function weaknessOf(password: string, email: string): string | undefined {
  if (password.length < passwordCharsMin) {
    return `The password must have at least ${passwordCharsMin} characters.`;
  }
  if (password.length > passwordCharsMax) {
    return `The password must have at most ${passwordCharsMax} characters.`;
  }
  const plain = password.toLowerCase();
  if (/^\d+$/.test(plain)) return "The password must not be all digits.";
  if (/^(.)\1+$/.test(plain)) return "The password must not be one character repeated.";
  if (common.has(plain)) return "The password is too common.";
  const address = email.toLowerCase();
  const [name = ""] = address.split("@");
  const isMostlyName = plain.includes(name) && name.length * 2 >= plain.length;
  if (plain === address || isMostlyName) {
    return "The password is too similar to the e-mail address.";
  }
  return undefined;
}
