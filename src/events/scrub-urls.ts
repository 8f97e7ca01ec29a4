import { filtered, isStandIn } from "./filtered";

const userInfoCharsMax = 1024;
const schemeless =
  /(?<![\w.%+~-])([\w.%+~-]{1,64}):([^\s:@/"'<>]{3,256})@(?=(?:tcp|unix|localhost|\d{1,3}(?:\.\d{1,3}){3}|[\w-]{1,64}(?:\.[\w-]{1,64}){0,6}:\d{2,5}(?!\w))\b)/g;
const notUsers =
  /^(?:mailto|sha256|sha512|npm|file|acct|sips?|xmpp|email|to|from|cc|bcc|workspace|image|git)$/i;

/** User and password before the host of a URL, wherever in a text it is. */
export function scrubUserInfo(text: string): string {
  let out = "";
  let copied = 0;
  for (let at = text.indexOf("://"); at >= 0; at = text.indexOf("://", at + 3)) {
    const start = at + 3;
    if (start < copied) continue;
    const end = userInfoEnd(text, start);
    if (end < 0) continue;
    const replaced = replacement(text.slice(start, end));
    if (replaced === undefined) continue;
    out += text.slice(copied, start) + replaced;
    copied = end;
  }
  const scrubbed = copied === 0 ? text : out + text.slice(copied);
  return scrubbed.replace(schemeless, (whole: string, user: string, password: string) =>
    notUsers.test(user) || isStandIn(password) || /^\d{1,64}$/.test(user)
      ? whole
      : `${filtered}:${filtered}@`,
  );
}

const userOption = /(?<=\s)(-u|--user|--proxy-user|-U)([ =]["']?)[^\s:"']{1,64}:[^\s"']{1,256}/g;

/** `curl -u name:password` */
export const scrubUserOptions = (text: string): string =>
  text.includes("-u") || text.includes("-U") || text.includes("-user")
    ? text.replace(userOption, `$1$2${filtered}:${filtered}`)
    : text;

/** Where the last `@` of the part before the host is; -1 when there is none. */
function userInfoEnd(text: string, start: number): number {
  let found = -1;
  let colon = -1;
  let isBeyondSlash = false;
  const limit = Math.min(text.length, start + userInfoCharsMax);
  for (let at = start; at < limit; at++) {
    const char = text[at] ?? "";
    if (char === "@") {
      found = at;
      if (isBeyondSlash) break;
    } else if (char === ":") {
      // The next URL: no text is read twice.
      if (text.startsWith("://", at)) break;
      if (colon < 0) colon = at;
    } else if (char === "/" || char === "?" || char === "#") {
      if (isBeyondSlash) continue;
      if (found >= 0 || colon < 0 || isPort(text.slice(colon + 1, at))) break;
      // Not encoded as it should be: the password goes on.
      isBeyondSlash = true;
    } else if (ends.has(char)) break;
  }
  return found;
}

const ends = new Set(" \t\r\n\"'`<>\\");
const isPort = (text: string) => /^\d{0,5}$/.test(text) || /[\])}]/.test(text);

function replacement(userInfo: string): string | undefined {
  const colon = userInfo.indexOf(":");
  if (colon < 0) return isTokenLike(userInfo) ? filtered : undefined;
  const password = userInfo.slice(colon + 1);
  if (password === "" ? !isTokenLike(userInfo.slice(0, -1)) : isStandIn(password)) return undefined;
  return `${filtered}:${filtered}`;
}

/** A key in the place of a name: long, and no word. 32 hexadecimal digits are the public key of a DSN. */
const isTokenLike = (user: string) =>
  user.length >= 16 && /\d/.test(user) && !user.includes(".") && !/^[\da-f]{32}$/.test(user);
