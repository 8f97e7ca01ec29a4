import type { HttpRequest } from "./event-parts";

/** Headers that a program sends by itself, or that would be wrong for another body. */
const ownHeaders = new Set(["content-length", "host", "connection", "accept-encoding"]);
const secretName = /auth|cookie|token|secret|password|passwd|session|api-?key|csrf|xsrf/i;
/** What the server put in place of a value that it removed. */
const removed = /^(\[filtered\]|\[removed\]|\*{3,})$/i;
const headersMax = 60;
const bodyCharsMax = 100_000;

/**
 * The request of an event as a command for a shell. What may be secret stands as a variable: a pasted command tells
 * nobody a secret.
 */
export function curlOf(request: HttpRequest): string {
  const method = request.method?.toUpperCase() ?? "GET";
  const body = bodyText(request.body);
  const headers = request.headers
    .filter(([name]) => !ownHeaders.has(name.toLowerCase()) && name.toLowerCase() !== "cookie")
    .slice(0, headersMax);
  const hasType = headers.some(([name]) => name.toLowerCase() === "content-type");
  const hasCookie =
    request.cookies.length > 0 || request.headers.some(([name]) => name.toLowerCase() === "cookie");
  const lines = [
    `curl ${method === "GET" && body === undefined ? "" : `-X ${quoted(method)} `}${quotedUrl(request)}`,
    ...headers.map(([name, value]) =>
      isSecret(name, value)
        ? `-H "${escaped(name)}: $${variableOf(name)}"`
        : `-H ${quoted(`${name}: ${value}`)}`,
    ),
    ...(body !== undefined && !hasType && request.contentType
      ? [`-H ${quoted(`content-type: ${request.contentType}`)}`]
      : []),
    ...(hasCookie ? ['-H "Cookie: $COOKIE"'] : []),
    ...(body === undefined ? [] : [`--data-raw ${quoted(body)}`]),
  ];
  return lines.join(" \\\n  ");
}

const isSecret = (name: string, value: string) =>
  secretName.test(name) || removed.test(value.trim());

const variableOf = (name: string) =>
  name
    .toUpperCase()
    .replaceAll(/[^A-Z\d]/g, "_")
    .slice(0, 60)
    .replace(/^(?=\d|$)/, "_");

/** In single quotes nothing has a meaning but the quote itself. */
const quoted = (text: string) =>
  /^[\w./:=-]+$/.test(text) && text.length < 200
    ? text
    : `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** Within double quotes, where a variable is to be seen. */
const escaped = (text: string) => text.replaceAll(/["\\$`!]/g, (sign) => `\\${sign}`);

function quotedUrl({ url = "", query, fragment }: HttpRequest): string {
  const base = url.split(/[?#]/, 1)[0] ?? "";
  const open = new URLSearchParams(query.filter(([name, value]) => !isSecret(name, value)));
  const secrets = query
    .filter(([name, value]) => isSecret(name, value))
    .map(([name]) => `${encodeURIComponent(name)}=$${variableOf(name)}`);
  const plain = open.toString();
  if (secrets.length === 0) {
    return quoted(base + (plain && `?${plain}`) + (fragment ? `#${fragment}` : ""));
  }
  return `${quoted(`${base}?${plain}`)}"${plain && "&"}${secrets.join("&")}"`;
}

function bodyText(body: unknown): string | undefined {
  if (body === undefined || body === null || body === "") return undefined;
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return text.slice(0, bodyCharsMax);
}
