import { firstLine } from "../../events/text";

const inputCharsMax = 400;
const outputCharsMax = 200;

/** Digits of numbers that stay are written with these while the other numbers are replaced. */
const shieldBase = 0xe000;
const shield = (text: string) =>
  text.replace(/\d/g, (digit) => String.fromCharCode(shieldBase + Number(digit)));
const shielded = /[\uE000-\uE009]/g;
const unshield = (text: string) =>
  text.replace(shielded, (char) => String(char.charCodeAt(0) - shieldBase));

/** Numbers that say what failed, by what stands around them. */
const meaningful: RegExp[] = [
  // HTTP: `status code 404`, `HTTP/1.1 503`, `HTTP404`, `failed with 502`, `404 Not Found`.
  /\bstatus(?:[ _-]?code)?["']?(?: of| is| was)?[ :=]{0,3}["'(]?[1-5]\d\d\b/gi,
  /\bHTTP(?:S|\/\d(?:\.\d)?)?(?: error| status| code| response)?[ :=-]{0,3}[1-5]\d\d\b/gi,
  /\b(?:failed|responded|response|returned|replied|rejected|answered|received|resulted in)(?: with| code| a| an)?[ :=]{1,2}["'`(]?[45]\d\d\b(?! (?:[a-z]{1,20}s|of)\b)/gi,
  /\b[1-5]\d\d(?=["')\]]?[ :-]{1,3}(?:Bad|Unauthorized|Payment|Forbidden|Not|Method|Proxy|Request|Conflict|Gone|Length|Precondition|Payload|URI|Unsupported|Range|Expectation|Misdirected|Unprocessable|Locked|Failed|Too|Unavailable|Internal|Service|Gateway|Client|Server|Moved|Found|Temporary|Permanent)\b)/g,
  // Numbers of systems and libraries.
  /\b(?:errno|errcode|errorcode|error_code|winerror|(?:error|err)[ _](?:code|no|number|nr))\b["']?(?: of| is| was)?[ :=#(]{0,3}-?\d{1,6}\b/gi,
  /\b(?:error|err)[ :=#(]{1,3}-?\d{1,6}\b(?=$|[:,;.)\]'"]| [-(])/gi,
  /(?<!\b(?:zip|postal|post|promo|coupon|invite|invitation|country|area|bar|qr|discount|product|currency|verification|access|security|login|item|voucher|booking|order|reference)[ -])\bcode["']?(?: of| is| was)?(?:[ :=(]{0,3}(?:-32\d{3}|-?\d{1,4})|[ ]?[:=][ ]?\d{5})\b/gi,
  /\b(?:OSStatus|Win32Exception) \(?-?\d{1,6}\b/g,
  /\bcode["']?[ :=(]{1,3}[A-Z]{1,4}\d{3,5}\b/gi,
  // Databases.
  /^\(-?\d{1,5}(?=, ["'])/g,
  /\b(?:ORA|TNS|PLS|DPY|DPI|RMAN|DRG|SP2|SQL|CRS)-\d{4,5}\b/g,
  /\bSQL ?(?:STATE|CODE)[ :=[(]{0,3}-?[0-9A-Z]{2,5}\b/gi,
  /\bERROR \d{1,5}(?= \()|\bMsg \d{1,5}(?=,)/g,
  /(?<=\()(?:0[8A]|2[1-8BD]|3[4DF]|4[024]|5[3-8]|F0|HV|HY|IM|P0|XX)[0-9]{0,2}[A-Z][0-9]{0,2}(?=\))/g,
  /\b(?:E11000|P[1-6]\d{3}|NG-?0?\d{3,5}|TS\d{4,5}|CS\d{4}|TF\d{5,6})\b/g,
  /\bviolation: \d{4}\b/gi,
  // Processes: exit codes and signals.
  /\bexit(?:ed|s)?(?: with)?(?: status| code| value)?[ :=(]{1,2}-?\d{1,5}\b/gi,
  /\b(?:non-zero )?(?:exit|return(?:ed)?)(?: non-zero)?(?: exit)? (?:status|code|value)[ :=(]{1,2}-?\d{1,5}\b/gi,
  /\b(?:signal|rc|alert number)[ :=(]{1,2}\d{1,3}\b/gi,
  // Windows: HRESULT and NTSTATUS, which look like addresses.
  /\b0x(?:80[0-3][0-9a-f]|887[0-9a-f]|8898|c0[0-4][0-9a-f]|e0(?:43|6d))[0-9a-f]{4}\b/gi,
  /\b(?:HRESULT|NTSTATUS|hr|Exception ?code)[ :=]{1,3}0x[0-9a-f]{1,8}\b/gi,
  /\berror:[0-9A-F]{8}(?=:)/g,
  // Texts that production builds replaced by a number.
  /\bminified [\w ]{0,30}error(?: nr)?[ :]{0,2}#?\d{1,4}\b/gi,
  /\bInvariant Violation: \d{1,4}\b/g,
  /\(#\d{1,5}\)/g,
  // gRPC, AMQP, SMTP: `14 UNAVAILABLE`, `(403) ACCESS_REFUSED`, `550 5.1.1`.
  /\b\d{1,3}(?=\)? ?-? ?(?:CANCELLED|UNKNOWN|INVALID_ARGUMENT|DEADLINE_EXCEEDED|NOT[_-]FOUND|ALREADY_EXISTS|PERMISSION_DENIED|RESOURCE_EXHAUSTED|FAILED_PRECONDITION|ABORTED|OUT_OF_RANGE|UNIMPLEMENTED|INTERNAL|UNAVAILABLE|DATA_LOSS|UNAUTHENTICATED|ACCESS[_-]REFUSED|RESOURCE[_-]LOCKED|PRECONDITION[_-]FAILED|CONNECTION[_-]FORCED|NOT[_-]ALLOWED)\b)/g,
  /\b[245]\d\d[ -]\d\.\d{1,3}\.\d{1,3}\b/g,
];

/** Where projects explain the errors of their production builds: such an address names the error. */
const errorPages =
  /\bhttps?:\/\/(?:www\.)?((?:react\.dev\/errors|reactjs\.org\/docs\/error-decoder\.html|vuejs\.org\/error-reference|svelte\.dev\/e|angular\.(?:dev|io)\/errors|errors\.angularjs\.org|redux\.js\.org\/errors|nextjs\.org\/docs\/messages|mui\.com\/production-error|lit\.dev\/msg|js\.devexpress\.com\/error)[^\s"'`)\]}>&]{0,80})/gi;

const weekdays = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}";
const months = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}";
const clock = String.raw`\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:\s?(?:[AP]M|Z|UTC|GMT|[+-]\d\d:?\d\d)){0,2}`;

const uuid = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi;

/** What varies also where there is no digit; each with a piece that it always has. */
const wordy: [RegExp, string, has: string][] = [
  [/[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}/g, "<email>", "@"],
  [/\b(?:blob:)?[a-z][a-z0-9+.-]{1,20}:\/\/[^\s"'`)\]}>]+/gi, "<url>", "://"],
  [/\bdata:[a-z]{1,20}\/[^\s"'`)\]}>]+/gi, "<url>", "data:"],
  [/minified:\w{1,20}/g, "<type>", "minified:"],
];

/** In this order: what an earlier pattern took, a later one cannot see. All are linear on the bounded input. */
const variable: [RegExp, string][] = [
  [
    /\b\d{4}[-/]\d\d[-/]\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:\s?(?:Z|UTC|[+-]\d\d:?\d\d))?)?\b/g,
    "<date>",
  ],
  [/\b\d{8}T\d{6}(?:\.\d{1,9})?Z?\b/g, "<date>"],
  [
    new RegExp(
      String.raw`\b(?:${weekdays},? )?(?:\d{1,2}[ -]${months}|${months} \d{1,2})(?:,?[ -](?:${clock} )?\d{4})?(?:,? ${clock})?(?: \d{4}\b)?`,
      "g",
    ),
    "<date>",
  ],
  [/\b\d{1,2}([./])\d{1,2}\1\d{4}\b/g, "<date>"],
  [/(?<![\d.:])\d{1,2}:\d\d(?::\d\d(?:\.\d{1,9})?)?(?![\d:])/g, "<time>"],
  [/(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?(?![\d.]*\d)/g, "<ip>"],
  [/(?<![\w:])(?=:{0,2}[0-9a-f])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])/gi, "<ip>"],
  [/\b(?=[A-Z]{0,26}\d)[0-7][0-9A-HJKMNP-TV-Z]{25}\b/g, "<id>"],
  [
    /(?<![\w-])(?=[\w-]{0,21}\d)(?=[\w-]{0,21}[a-z])(?=[\w-]{0,21}[A-Z])[\w-]{21}(?![\w-])/g,
    "<id>",
  ],
  [/\b(?=[a-z]{0,28}\d)(?=\d{0,28}[A-Za-z])[0-9A-Za-z]{25,64}\b/g, "<id>"],
  // As Stripe and AWS write them: letters of both cases with two numbers, or capitals with three.
  [
    /(?<![0-9A-Za-z])(?=[a-z0-9]*[A-Z])(?=[A-Z0-9]*[a-z])(?=[A-Za-z]*\d+[A-Za-z]+\d)[0-9A-Za-z]{20,64}(?![0-9A-Za-z])/g,
    "<id>",
  ],
  [/\b(?=[A-Z]*\d+[A-Z]+\d+[A-Z]+\d)[0-9A-Z]{12,40}\b/g, "<id>"],
  [/(?<=[a-z0-9]-)(?=[a-f]{0,10}\d)[0-9a-f]{7,10}-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, "<pod>"],
  [/(?<=[\w\]]@)(?=[a-f]{0,8}\d)[0-9a-f]{3,8}\b/g, "<hex>"],
  [/\b0x[0-9a-f]+\b/gi, "<hex>"],
  [/\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{8,}\b/gi, "<hex>"],
  [/(?<![\w<.])(?:\d{1,9}(?:\.\d{1,9})?(?:h|ms|us|µs|ns|m|s)){1,5}(?!\w)/g, "<num>"],
  [
    /(?<![\w<])[-+]?\d+(?:[.,]\d+)*(?: ?(?:[kmgt]i?b)|ms|sec|secs|s|b|bytes|px|em|st|nd|rd|th|%)?(?!\w)/gi,
    "<num>",
  ],
  [/\d{3,}/g, "<num>"],
];

/**
 * The part of a text that stays the same from one occurrence to the next: its first line with ids, times, addresses,
 * sizes and numbers replaced by what they are. Numbers that say what failed stay (a status of HTTP, an errno, an exit
 * code, an HRESULT, an SQLSTATE, the number of a text that a build left out), and so do quoted names.
 */
export function parameterizeG2(text: string): string {
  let result = firstLine(text.slice(0, inputCharsMax * 8))
    .slice(0, inputCharsMax)
    .replace(shielded, "")
    .replace(/\s+/g, " ")
    .trim();
  // Ruby before 3.4, PHP and gcc open a quotation with a grave accent.
  if (result.includes("`")) result = result.replace(/`([^`']{0,100})'/g, "'$1'");
  if (result.includes("://"))
    result = result.replace(errorPages, (_, page: string) => shield(page));
  const hasDigits = /\d/.test(result);
  if (hasDigits) {
    for (const pattern of meaningful) result = result.replace(pattern, shield);
    result = result.replace(uuid, "<uuid>");
  }
  for (const [pattern, name, has] of wordy) {
    if (result.includes(has)) result = result.replace(pattern, name);
  }
  if (hasDigits) for (const [pattern, name] of variable) result = result.replace(pattern, name);
  // A cut may go through the middle of a character, which no JSON of the database may hold.
  return unshield(result).slice(0, outputCharsMax).toWellFormed();
}
