import { boundedMemory } from "../platform/memory";
/** How much a name says that its value is a secret: not at all, probably, or without doubt. */
export type Secrecy = 0 | 1 | 2;

const list = (words: string) => new Set(words.split(" "));

/** Anywhere in a word. Nothing harmless is called so. */
const strongParts =
  /passw|passphrase|passcode|passwd|pwd|secret(?!ar|e|ion|ly)|credential|api(?:key|token)|private?key|(?:master|encryption|decryption|signing|access|auth|shared)key|bearer|kennwort|contrase|senha|motdepasse|wachtwoord|l[öo]senord|парол|密码|密碼|パスワード|비밀번호/;
/** As whole words only, so that `author`, `keyboard` and `tokenizer` stay readable. */
const weakWords = list(
  "token tokens auth oauth authorization authorisation authentication authz authtok jwt jws saml samlresponse samlrequest csrf xsrf session sessionid sessid sess sid cookie cookies pin pincode cvv cvc ccv ssn otp totp mfa tfa card cardnumber cardno ccnumber ccnum ccn creditcard debitcard iban salt psk cred creds pw psw pswd pword passe passkey rememberme mnemonic hmac",
);
/** Secrets where they end a name: `DB_PASS`, but not `pass_rate`. */
const lastWords = list("pass signature sig");
const suffixes = /(?:token|auth|sessid|sessionid|sessionkey|cookie|csrf|xsrf|cardnumber|.pass)$/;
const prefixes = /^(?:aspsessionid|sessionid|phpsess)/;
const harmlessWords = list(
  "passwordless bypass compass encompass overpass underpass trespass surpass multipass secretless",
);
/** What a key must be for, to be one that opens something; `cache_key` and `primary_key` are none. */
const keyKinds = list(
  "access account admin aes anthropic api app application auth aws azure cipher client consumer cookie crypto decryption deploy dsa ecdsa encryption fernet functions gcp google gpg hmac integration jwt license licence maps master openai pgp private root rsa sas secret security sendgrid server session shared signing ssh ssl stripe subscription tls twilio vault webhook write",
);
const pairs = new Set([
  "card number",
  "card no",
  "cc number",
  "cc num",
  "credit card",
  "debit card",
  "id rsa",
  "access code",
  "auth code",
  "security code",
  "verification code",
  "activation code",
  "recovery code",
  "recovery codes",
  "backup code",
  "backup codes",
  "time code",
  "security answer",
  "seed phrase",
  "recovery phrase",
  "remember me",
  "client assertion",
  "social security",
]);
const harmlessPairs = new Set(["function signature", "method signature", "type signature"]);
/** About a secret, and not it. */
const tails = list(
  "label placeholder prompt tooltip strength length policy required enabled disabled expired expires expiry expiration at count type status valid error errors method provider algorithm alg path file dir ttl age domain regex pattern rules size limit visible toggle screen page form field input view controller service manager handler factory module component middleware guard exception name mode state",
);
const countedTokens =
  /^(?:max|min|prompt|completion|total|input|output|usage|num|cached|reasoning|used|remaining)$/;
const telemetry =
  /^(?:sentry\.session.{0,64}|.{0,128}token_count|gen_ai\.usage\..{0,64}|mechanism|thread\..{0,64}|messaging\.message\.id)$/;

const decidedMax = 5000;
const decided = boundedMemory<string, Secrecy>(decidedMax);
const rememberedCharsMax = 64;

/** Decided by the words of a name, whatever way they are joined: `dbPass`, `DB_PASS`, `db-pass`. */
export function secrecyOf(name: string): Secrecy {
  const known = decided.get(name);
  if (known !== undefined) return known;
  const secrecy = decide(name);
  if (name.length <= rememberedCharsMax) {
    // A copy: a piece of a text would keep the whole text in memory.
    decided.set(name.split("").join(""), secrecy);
  }
  return secrecy;
}

export const isSecretKey = (name: string): boolean => secrecyOf(name) > 0;

function decide(name: string): Secrecy {
  const words = wordsOf(name);
  const last = words.at(-1);
  if (last === undefined || telemetry.test(name)) return 0;
  if (words.length > 1 && (tails.has(last) || isHarmlessEnd(words))) return 0;
  let secrecy: Secrecy = 0;
  for (const [index, word] of words.entries()) {
    if (harmlessWords.has(word)) continue;
    if (strongParts.test(word)) return 2;
    const before = words[index - 1] ?? "";
    if (before && isKeyOf(before, word)) return 2;
    if (
      weakWords.has(word) ||
      suffixes.test(word) ||
      prefixes.test(word) ||
      (word === last && index === words.length - 1 && lastWords.has(word)) ||
      pairs.has(`${before} ${word}`)
    )
      secrecy = 1;
  }
  return secrecy;
}

const isKeyOf = (before: string, word: string) =>
  (word === "key" || word === "keys") && keyKinds.has(before);

function isHarmlessEnd(words: string[]): boolean {
  const [before = "", last = ""] = words.slice(-2);
  return (
    (last === "tokens" && countedTokens.test(before)) || harmlessPairs.has(`${before} ${last}`)
  );
}

const wordsMax = 32;

/** Names are compared by these: `connect.sid`, `SAMLResponse`, `user[password]`, `token2` → words in lower case without numbers at their end. */
export function wordsOf(name: string): string[] {
  return name
    .slice(-200)
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]{1,16}/u, wordsMax)
    .map((word) => word.replace(/(?<=[^\d])\d{1,4}$/, ""))
    .filter(Boolean);
}
