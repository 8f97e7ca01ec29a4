import { newDictionary, put } from "../protocol/dictionary";
import type { Json } from "../protocol/json";
import type { Contexts } from "./contexts";
import type { NormalEvent } from "./normalize";
import { noteRemoval, type Report } from "./report";
import type { Pair } from "./request";

export const filtered = "[Filtered]";

const keyRule = "@password:filter";
const valueRule = "@secret:filter";
const addressRule = "@ip:remove";
const valueCharsMax = 16 * 1024;

/** Unmistakable: anywhere in a key. */
const secretParts =
  /password|passwd|passphrase|secret|credential|api[_-]?key|private[_-]?key|bearer|mysql_pwd/i;
/** Only as whole words, so that `author`, `keyboard` and `tokenizer` stay readable. */
const secretWords = new Set(
  "pwd token auth authorization accesskey jwt saml csrf xsrf session sessionid sid cookie cookies pin cvv cvc ssn otp mfa card cardnumber iban".split(
    " ",
  ),
);
const secretPairs = new Set([
  "access key",
  "set cookie",
  "connect sid",
  "card number",
  "session id",
]);
const telemetryKey =
  /^(sentry\..*|.*\.token_count|gen_ai\.usage\..*tokens|mechanism|thread\..*|messaging\.message\.id)$/;

const addressHeaders = new Set([
  "X-Forwarded-For",
  "Forwarded",
  "X-Real-Ip",
  "Cf-Connecting-Ip",
  "True-Client-Ip",
  "X-Client-Ip",
  "Fastly-Client-Ip",
]);

/**
 * Replaces secrets in place, before anything is grouped, stored or sent on. By key in everything that has keys,
 * by value in every text; what was replaced is noted in the report. `defaults` off leaves only the address rule.
 */
export function scrubEvent(
  event: NormalEvent,
  report: Report,
  options: { defaults: boolean; keepIp: boolean },
): void {
  if (!options.keepIp) removeAddresses(event, report);
  if (!options.defaults) return;
  const text = (value: string, path: string) => scrubText(value, report, path);

  for (const [index, exception] of (event.exception?.values ?? []).entries()) {
    const path = `exception.values.${index}`;
    if (exception.value) exception.value = text(exception.value, `${path}.value`);
    scrubFrames(exception.stacktrace?.frames, report, `${path}.stacktrace`);
    scrubFrames(exception.raw_stacktrace?.frames, report, `${path}.raw_stacktrace`);
    if (exception.mechanism?.data) {
      exception.mechanism.data = scrubTree(
        exception.mechanism.data as Json,
        report,
        `${path}.mechanism.data`,
      );
    }
  }
  for (const [index, thread] of (event.threads?.values ?? []).entries()) {
    scrubFrames(thread.stacktrace?.frames, report, `threads.values.${index}.stacktrace`);
  }
  if (event.logentry) {
    const { formatted, message, params } = event.logentry;
    event.logentry.formatted = text(formatted, "logentry.formatted");
    if (message) event.logentry.message = text(message, "logentry.message");
    if (params) event.logentry.params = scrubTree(params, report, "logentry.params");
  }
  for (const [index, crumb] of (event.breadcrumbs?.values ?? []).entries()) {
    const path = `breadcrumbs.values.${index}`;
    if (crumb.message) crumb.message = text(crumb.message, `${path}.message`);
    if (crumb.data) crumb.data = scrubTree(crumb.data, report, `${path}.data`);
  }
  const { request } = event;
  if (request) {
    if (request.url) request.url = text(request.url, "request.url");
    scrubPairs(request.headers, report, "request.headers");
    scrubPairs(request.cookies, report, "request.cookies");
    scrubPairs(request.query_string, report, "request.query_string");
    if (request.data !== undefined) request.data = scrubTree(request.data, report, "request.data");
    if (request.env)
      request.env = scrubTree(request.env, report, "request.env") as typeof request.env;
    if (request.fragment) request.fragment = text(request.fragment, "request.fragment");
  }
  if (event.user?.data)
    event.user.data = scrubTree(event.user.data, report, "user.data") as typeof event.user.data;
  if (event.extra) event.extra = scrubTree(event.extra, report, "extra") as typeof event.extra;
  const contexts = newDictionary<Contexts[string]>();
  for (const [name, context] of Object.entries(event.contexts)) {
    if (name === "trace") {
      if (context.data) context.data = scrubTree(context.data, report, "contexts.trace.data");
      put(contexts, name, context);
    } else put(contexts, name, scrubTree(context, report, `contexts.${name}`) as typeof context);
  }
  event.contexts = contexts;
  if (event.csp) event.csp = scrubTree(event.csp, report, "csp") as typeof event.csp;
  if (event.transaction) event.transaction = text(event.transaction, "transaction");
  scrubPairs(event.tags, report, "tags");
}

function scrubFrames(
  frames:
    | {
        vars?: { [name: string]: Json };
        context_line?: string;
        pre_context?: string[];
        post_context?: string[];
      }[]
    | undefined,
  report: Report,
  path: string,
): void {
  for (const [index, frame] of (frames ?? []).entries()) {
    const at = `${path}.frames.${index}`;
    if (frame.vars) frame.vars = scrubTree(frame.vars, report, `${at}.vars`) as typeof frame.vars;
    if (frame.context_line)
      frame.context_line = scrubText(frame.context_line, report, `${at}.context_line`);
    for (const lines of [frame.pre_context, frame.post_context]) {
      for (const [line, source] of (lines ?? []).entries()) {
        if (lines && mayHoldSecret.test(source))
          lines[line] = scrubText(source, report, `${at}.context`);
      }
    }
  }
}

function scrubPairs(pairs: Pair[] | undefined, report: Report, path: string): void {
  for (const pair of pairs ?? []) {
    const [name, value] = pair;
    if (value === "" || value === filtered) continue;
    if (isSecretKey(name)) {
      pair[1] = filtered;
      noteRemoval(report, `${path}.${name}`, keyRule);
    } else pair[1] = scrubString(value, report, `${path}.${name}`);
  }
}

/** A copy with secrets replaced; shares what did not change. Input depth is bounded by normalisation. */
function scrubTree(value: Json, report: Report, path: string): Json {
  if (typeof value === "string") return scrubString(value, report, path);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    // A list of [name, value] pairs is a map in disguise.
    if (
      value.length === 2 &&
      typeof value[0] === "string" &&
      isFilterable(value[1]) &&
      isSecretKey(value[0])
    ) {
      noteRemoval(report, `${path}.1`, keyRule);
      return [value[0], filtered];
    }
    return value.map((member, index) => scrubTree(member, report, `${path}.${index}`));
  }
  const copy = newDictionary<Json>();
  for (const [key, member] of Object.entries(value)) {
    if (isFilterable(member) && isSecretKey(key)) {
      if (member !== filtered) noteRemoval(report, `${path}.${key}`, keyRule);
      put(copy, key, filtered);
    } else put(copy, key, scrubTree(member, report, `${path}.${key}`));
  }
  return copy;
}

/** A yes, a no or nothing is no secret. */
const isFilterable = (value: Json | undefined) =>
  value !== null && value !== undefined && typeof value !== "boolean" && value !== "";

/** A text that holds JSON or a query is opened, scrubbed by key and closed again. */
function scrubString(value: string, report: Report, path: string): string {
  if (value.length > valueCharsMax) return scrubText(value.slice(0, valueCharsMax), report, path);
  if (/^\s*[[{]/.test(value)) {
    try {
      const before = report.removals;
      const scrubbed = scrubTree(JSON.parse(value) as Json, report, path);
      return report.removals === before ? value : JSON.stringify(scrubbed);
    } catch {
      return scrubText(value, report, path);
    }
  }
  if (value.includes("=")) {
    const scrubbed = value.replace(
      /(^|[?&;\s])([\w.[\]-]{1,64})=([^&;\s]{1,2048})/g,
      (whole, lead: string, name: string, text: string) => {
        if (text === filtered || !isSecretKey(name)) return whole;
        noteRemoval(report, path, keyRule);
        return `${lead}${name}=${filtered}`;
      },
    );
    return scrubText(scrubbed, report, path);
  }
  return scrubText(value, report, path);
}

const mayHoldSecret =
  /\d[ -]?\d{3}[ -]?\d{3}|\d{3}-\d\d-\d{4}|PRIVATE KEY|earer |asic |eyJ|_live_|gh[po]_|github_pat_|xox[abpr]-|AKIA|AIza|sntry|glpat-|npm_|:\/\/[^\s/]*@|passw|pwd|secret|api_?key/i;

const valuePatterns: [RegExp, string | ((...groups: string[]) => string)][] = [
  [
    /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|$)/g,
    filtered,
  ],
  [
    /\b(bearer|basic) +([A-Za-z0-9._~+/=-]{8,})/gi,
    (whole, scheme, credential = "") =>
      /[\d=]/.test(credential) || credential.length > 24 ? `${scheme} ${filtered}` : (whole ?? ""),
  ],
  [/\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*/g, filtered],
  [
    /\b(?:sk_live_|ghp_|gho_|github_pat_|xox[abpr]-|AKIA|AIza|sntrys_|sntryu_|glpat-|npm_)[\w\-+=/]{10,}/g,
    filtered,
  ],
  [
    /\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/:@"']{0,256}:[^\s/@"']{1,256}@/gi,
    `$1${filtered}:${filtered}@`,
  ],
  [/(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])/g, filtered],
  [
    /\b(\w{0,20}(?:password|passwd|pwd|secret|api_?key))(["']?\s{0,3}[=:]\s{0,3})(["']?)([^\s"'&,;)]{3,256})/gi,
    (whole, name, sign, quote, secret = "") =>
      secret.startsWith("[Filtered") ? (whole ?? "") : `${name}${sign}${quote}${filtered}`,
  ],
  [
    /(?<![\w.-])(?:\d[ -]?){12,18}\d(?![\w.-]*\d)/g,
    (whole = "") => (isCardNumber(whole.replace(/[ -]/g, "")) ? filtered : whole),
  ],
];

/** Secrets that can be told from their own form, whatever they are called. Linear in the text. */
export function scrubText(value: string, report: Report, path: string): string {
  if (value.length < 7 || !mayHoldSecret.test(value)) return value;
  let text = value;
  for (const [pattern, replacement] of valuePatterns) {
    text = text.replace(pattern, replacement as string);
  }
  if (text !== value) noteRemoval(report, path, valueRule);
  return text;
}

const decided = new Map<string, boolean>();
const decidedMax = 5000;

export function isSecretKey(key: string): boolean {
  const known = decided.get(key);
  if (known !== undefined) return known;
  const answer = decide(key);
  if (decided.size >= decidedMax) decided.clear();
  decided.set(key, answer);
  return answer;
}

function decide(key: string): boolean {
  if (telemetryKey.test(key)) return false;
  if (secretParts.test(key)) return true;
  const words = key
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
  return words.some(
    (word, index) => secretWords.has(word) || secretPairs.has(`${word} ${words[index + 1] ?? ""}`),
  );
}

/** 13 to 19 digits with a known first digit and a valid Luhn sum. */
export function isCardNumber(digits: string): boolean {
  if (!/^[2-6]\d{12,18}$/.test(digits) || /^(\d)\1+$/.test(digits)) return false;
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

function removeAddresses(event: NormalEvent, report: Report): void {
  const { request } = event;
  if (event.user) delete event.user.ip_address;
  if (request?.env && "REMOTE_ADDR" in request.env) {
    delete request.env.REMOTE_ADDR;
    noteRemoval(report, "request.env.REMOTE_ADDR", addressRule, "x");
  }
  if (request?.headers?.some(([name]) => addressHeaders.has(name))) {
    request.headers = request.headers.filter(([name]) => !addressHeaders.has(name));
    noteRemoval(report, "request.headers", addressRule, "x");
  }
  event.tags = event.tags.filter(([key, value]) => key !== "user" || !value.startsWith("ip:"));
}
