import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { recordedDocument } from "./openapi-document";

/**
 * Every answer of the API that a test gets is held against the OpenAPI document: the status must be documented for
 * the operation, and the body must fit. Loaded before the first test file.
 */

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema({ ...recordedDocument, $id: "openapi" });

const routes = Object.entries(recordedDocument.paths).map(([path, methods]) => ({
  pattern: new RegExp(`^${path.replace(/\{\w+\}/g, "[^/]+")}$`),
  // The most exact pattern wins: fewest parameters first.
  parameters: path.split("{").length,
  path,
  methods,
}));
routes.sort((a, b) => a.parameters - b.parameters);

/** What is wrong with an answer; undefined when nothing is. */
export function violationOf(
  method: string,
  url: string,
  status: number,
  contentType: string,
  body: string,
): string | undefined {
  const { pathname } = new URL(url);
  const slashed = pathname.endsWith("/") || /\.\w+$/.test(pathname) ? pathname : `${pathname}/`;
  const route = routes.find(({ pattern }) => pattern.test(slashed));
  const operation = route?.methods[method.toLowerCase()];
  if (!route || !operation || status >= 500) return undefined;
  const where = `${method} ${route.path} answered ${status}`;
  const documented = operation.responses[String(status)];
  if (!documented) return `${where}, which the OpenAPI document does not know`;
  if (!documented.content)
    return body === "" ? undefined : `${where} with a body, against the document`;
  if (!documented.content["application/json"]) return undefined;
  if (!contentType.startsWith("application/json")) return `${where} as ${contentType}, not JSON`;
  const escape = (part: string) => part.replaceAll("~", "~0").replaceAll("/", "~1");
  const pointer = ["paths", route.path, method.toLowerCase(), "responses", String(status)]
    .concat("content", "application/json", "schema")
    .map((part) => encodeURIComponent(escape(part)))
    .join("/");
  const validate = ajv.getSchema(`openapi#/${pointer}`);
  if (!validate) throw new Error(`no schema at ${pointer}`);
  if (validate(JSON.parse(body))) return undefined;
  return `${where} against its schema: ${ajv.errorsText(validate.errors)}\n${body.slice(0, 2000)}`;
}

const bare = globalThis.fetch;
const requestMsMax = 120_000;

// Each request has a connection of its own: on a busy machine, one that is kept may be closed by the server in the very
// moment it is used again.
await bare("data:,");
const dispatcher = Symbol.for("undici.globalDispatcher.1");
const place = globalThis as unknown as Record<
  symbol,
  { constructor: new (options: object) => object }
>;
const Agent = place[dispatcher]?.constructor;
if (!Agent) throw new Error("fetch has another way to its connections now");
(place as Record<symbol, object>)[dispatcher] = new Agent({ pipelining: 0 });

globalThis.fetch = async (input, init) => {
  const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : []));
  // Compressing answers is the edge's part, not ours: the simulator plays it at the expense of both sides.
  if (!headers.has("accept-encoding")) headers.set("accept-encoding", "identity");
  // No request outlives its test by much: a server that hangs must not hold the whole run.
  const signal = AbortSignal.timeout(requestMsMax);
  const response = await bare(input, { signal, ...init, headers });
  const url = typeof input === "string" || input instanceof URL ? String(input) : input.url;
  const isSignIn = /^http:\/\/127\.0\.0\.1:\d+\/api\/auth\//.test(url) && response.status === 200;
  if (!isSignIn && !/^http:\/\/127\.0\.0\.1:\d+\/(api\/0|api\/settings|_health)/.test(url)) {
    return response;
  }
  const method =
    init?.method ?? (typeof input === "object" && "method" in input ? input.method : "GET");
  const body = await response.clone().text();
  const violation = violationOf(
    method,
    url,
    response.status,
    response.headers.get("content-type") ?? "",
    body,
  );
  if (violation) throw new Error(violation);
  return response;
};
