import { dictionaryOf } from "../protocol/dictionary";
import { withExactNumbers } from "../protocol/exact-numbers";
import { isObject, type Json, type JsonObject } from "../protocol/json";
import { noteError, type Report } from "./report";
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
export function normalizeRequest(value: unknown, report: Report): HttpRequest | undefined {
  if (value === null || value === undefined) return undefined;
  if (!isObject(value)) {
    noteError(report, "invalid_data", "request", value);
    return undefined;
  }
  const request: HttpRequest = {};
  const method = textOf(value.method, 32)?.toUpperCase();
  if (method) request.method = method;

  let cookies = pairsOf(value.cookies, /;\s*/);
  const headers = headersOf(value.headers).filter(([name, text]) => {
    if (name !== "Cookie") return true;
    if (cookies.length === 0) cookies = pairsOf(text, /;\s*/);
    return false;
  });

  let query = queryOf(value.query_string);
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
      if (query.length === 0) query = queryOf(url.slice(mark + 1));
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
  const body = bodyOf(value.data);
  if (body !== undefined) request.data = clip(body, bodyLimits, report, "request.data");
  if (isObject(value.env) && Object.keys(value.env).length > 0) {
    request.env = clip(value.env, bodyLimits, report, "request.env") as JsonObject;
  }
  for (const key of ["inferred_content_type", "api_target", "protocol"] as const) {
    const text = textOf(value[key], 128);
    if (text) request[key] = text;
  }
  if (typeof value.body_size === "number") request.body_size = value.body_size;
  return Object.keys(request).length > 0 ? request : undefined;
}

/** Header of a request, by its title-cased name. */
export const headerOf = (request: HttpRequest | undefined, name: string) =>
  request?.headers?.find(([each]) => each === name)?.[1];

/** Map or list of pairs; PHP sends a list of values per name. Names are title-cased. */
function headersOf(value: unknown): Pair[] {
  return entriesOf(value).flatMap(([name, text]): Pair[] => {
    const title = name
      .toLowerCase()
      .replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase());
    return title === "" ? [] : [[title, text]];
  });
}

function queryOf(value: unknown): Pair[] {
  if (typeof value !== "string") return entriesOf(value);
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

function pairsOf(value: unknown, separator: RegExp): Pair[] {
  if (typeof value !== "string") return entriesOf(value);
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

function entriesOf(value: unknown): Pair[] {
  const entries: [unknown, unknown][] = Array.isArray(value)
    ? value.filter(Array.isArray).map(([name, each]) => [name, each])
    : isObject(value)
      ? Object.entries(value)
      : [];
  return entries.slice(0, pairsMax).flatMap(([name, each]): Pair[] => {
    if (each === null || each === undefined || name === null || name === undefined) return [];
    const first = Array.isArray(each)
      ? each.map((one) => textOf(one, 4096) ?? "").join(", ")
      : each;
    return [[textOf(name, 200) ?? "", textOf(first, 4096) ?? ""]];
  });
}

/** A body that is JSON or a form in a string is opened, so that it can be read and scrubbed. */
function bodyOf(value: unknown): unknown {
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
    return dictionaryOf(queryOf(text));
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
