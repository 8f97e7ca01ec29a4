import { dictionaryOf } from "../protocol/dictionary";
import { withExactNumbers } from "../protocol/exact-numbers";
import { type Json, type JsonObject } from "../protocol/json";
import { isNothing, memberIn, objectIn, pairsIn, saysAnything } from "./expected";
import { noteError, noteLength, type Report } from "./report";
import { textOf, wellFormed } from "./text";
import { clip } from "./tree";

export type Pair = [string, string];

export type HttpRequest = {
  method?: string;
  url?: string;
  query_string?: Pair[];
  fragment?: string;
  cookies?: Pair[];
  headers?: Pair[];
  data?: Json;
  env?: JsonObject;
  inferred_content_type?: string;
  api_target?: string;
  body_size?: number;
  protocol?: string;
};

const pairsMax = 100;
/** Longer texts are not parsed: what is kept of them is a few pages. */
const openedCharsMax = 128 * 1024;
const bodyLimits = { depth: 10, chars: 16_384, stringChars: 16_384, members: 500 };

/** Undefined when nothing is left of it. */
export function normalizeRequest(given: unknown, report: Report): HttpRequest | undefined {
  const value = objectIn(report, "request", given);
  if (!value) return undefined;
  const request: HttpRequest = {};
  const method = textOf(value.method, 32)?.toUpperCase();
  if (method) request.method = method;

  let cookies = pairsOf(value.cookies, /;\s*/, report, "request.cookies");
  const headers = headersOf(value.headers, report).filter(([name, text]) => {
    if (name !== "Cookie") return true;
    if (cookies.length === 0) cookies = pairsOf(text, /;\s*/, report, "request.headers");
    return false;
  });

  let query = queryOf(value.query_string, report);
  let fragment = textOf(value.fragment, 1024);
  let url = textOf(value.url, 2048);
  if (url) {
    const hash = url.indexOf("#");
    if (hash >= 0) {
      fragment ??= url.slice(hash + 1);
      url = url.slice(0, hash);
    }
    const mark = url.indexOf("?");
    if (mark >= 0) {
      if (query.length === 0) query = queryOf(url.slice(mark + 1), report);
      url = url.slice(0, mark);
    }
    const host = headers.find(([name]) => name === "Host")?.[1];
    if (url.startsWith("/") && host && /^[\w.:[\]-]+$/.test(host)) url = `http://${host}${url}`;
    if (url) request.url = url;
  }
  if (query.length > 0) request.query_string = query;
  if (fragment) request.fragment = fragment;
  if (headers.length > 0) request.headers = headers;
  if (cookies.length > 0) request.cookies = cookies;
  const body = bodyOf(value.data, report);
  if (body !== undefined) request.data = clip(body, bodyLimits, report, "request.data");
  const env = objectIn(report, "request.env", value.env);
  if (env && !isNothing(env)) {
    request.env = clip(env, bodyLimits, report, "request.env") as JsonObject;
  }
  for (const key of ["inferred_content_type", "api_target", "protocol"] as const) {
    const text = textOf(value[key], 128);
    if (text) request[key] = text;
  }
  const bodySize = memberIn(report, "request", value, "body_size", sizeOf);
  if (bodySize !== undefined) request.body_size = bodySize;
  if (Object.keys(request).length > 0) return request;
  if (saysAnything(value)) noteError(report, "invalid_data", "request", value);
  return undefined;
}

/** Header of a request, by its title-cased name. */
export const headerOf = (request: HttpRequest | undefined, name: string) =>
  request?.headers?.find(([each]) => each === name)?.[1];

/** Map or list of pairs; PHP sends a list of values per name. Names are title-cased. */
function headersOf(value: unknown, report: Report): Pair[] {
  return entriesOf(value, report, "request.headers").flatMap(([name, text]): Pair[] => {
    const title = name
      .toLowerCase()
      .replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase());
    return title === "" ? [] : [[title, text]];
  });
}

function queryOf(value: unknown, report: Report): Pair[] {
  if (isNothing(value)) return [];
  if (typeof value !== "string" || isJson(value))
    return entriesOf(value, report, "request.query_string");
  return value
    .replace(/^\?/, "")
    .slice(0, 8192)
    .split("&")
    .filter((part) => part !== "")
    .slice(0, pairsMax)
    .map((part) => {
      const [name = "", ...rest] = part.split("=");
      return [unescapeForm(name), unescapeForm(rest.join("="))];
    });
}

function pairsOf(value: unknown, separator: RegExp, report: Report, path: string): Pair[] {
  if (typeof value !== "string" || isJson(value)) return entriesOf(value, report, path);
  if (!value.includes("=") && !isNothing(value)) noteError(report, "invalid_data", path, value);
  return value
    .slice(0, 8192)
    .split(separator)
    .filter((part) => part.includes("="))
    .slice(0, pairsMax)
    .map((part) => {
      const at = part.indexOf("=");
      return [wellFormed(part.slice(0, at).trim()), wellFormed(part.slice(at + 1))];
    });
}

/** A list or object that became a text on its way. */
const isJson = (text: string) => /^\s{0,64}(?:\[[[{"]|\{")/.test(text);

const sizeOf = (value: unknown): number | undefined => {
  const size = typeof value === "string" && !isNothing(value) ? Number(value) : value;
  return typeof size === "number" && Math.abs(size) <= Number.MAX_SAFE_INTEGER ? size : undefined;
};

function entriesOf(value: unknown, report: Report, path: string): Pair[] {
  const entries = isNothing(value) ? [] : pairsIn(report, path, value);
  if (entries.length > pairsMax) noteLength(report, path, entries.length);
  return entries.slice(0, pairsMax).flatMap(([name, each]): Pair[] => {
    if (each === null || each === undefined || name === null || name === undefined) return [];
    const first = Array.isArray(each)
      ? each.map((one) => textOf(one, 4096) ?? "").join(", ")
      : each;
    return [[textOf(name, 200) ?? "", textOf(first, 4096) ?? ""]];
  });
}

/** A body that is JSON or a form in a string is opened, so that it can be read and scrubbed. */
function bodyOf(value: unknown, report: Report): unknown {
  if (value === null || value === undefined || value === "") return undefined;
  if (typeof value !== "string") return value;
  const text = value.trim();
  if (text.length <= openedCharsMax && /^[[{]/.test(text)) {
    try {
      return JSON.parse(withExactNumbers(text, "all"));
    } catch {
      return value;
    }
  }
  if (/^[\w.[\]%-]+=[^&\s]*(&[\w.[\]%-]+=[^&\s]*)*$/.test(text.slice(0, 8192))) {
    return dictionaryOf(queryOf(text, report));
  }
  return value;
}

function unescapeForm(text: string): string {
  try {
    return wellFormed(decodeURIComponent(text.replaceAll("+", " ")));
  } catch {
    return wellFormed(text);
  }
}
