import type { Client } from "openapi-fetch";
import { stringifySearch } from "../filters";
import type { Booted } from "../first-requests";
import { mount, root } from "../mount";
import { ApiFault, faultOf } from "./fault";
import type { components, paths } from "./schema";

/** A schema of the API's document, by name. */
export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];

const csrfCookie = /(?:^|;\s*)csrftoken=([^;]{1,200})/;
const csrfToken = () => csrfCookie.exec(document.cookie)?.[1];

/** Asks the person to sign in again and says whether they did. The frame brings it. */
let signInAgain: (() => Promise<boolean>) | undefined;
export const whenSignedOut = (ask: () => Promise<boolean>): void => {
  signInAgain = ask;
};

const ofTheApi = /^\/api\/0\//;

/** What was asked after the session had ended goes out again as soon as there is one: nothing typed is lost. */
const ask = async (request: Request): Promise<Response> => {
  const path = new URL(request.url).pathname.slice(mount.length);
  const spare = signInAgain && ofTheApi.test(path) ? request.clone() : undefined;
  const answer = await askOnce(request);
  if (answer.status !== 401 || !spare || !(await signInAgain?.())) return answer;
  const token = csrfToken();
  if (token && spare.headers.has("X-CSRFToken")) spare.headers.set("X-CSRFToken", token);
  return fetch(spare);
};

/** An answer that the boot script asked for is taken once; everything else goes out now. */
const askOnce = async (request: Request): Promise<Response> => {
  const { pathname, search } = new URL(request.url);
  const known = (window as Booted).firstAnswers;
  const first = request.method === "GET" ? known?.get(pathname + search) : undefined;
  if (first) {
    known?.delete(pathname + search);
    const answer = await first.catch(() => undefined);
    if (answer) return answer;
  }
  return fetch(request);
};

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

type Sent = {
  params?: { path?: Record<string, unknown>; query?: Record<string, unknown> };
  /** The query as it stands after the `?`, instead of one that is made of `params`. */
  querySerializer?: (query: unknown) => string;
  body?: object;
  headers?: Record<string, string>;
  parseAs?: "text";
  signal?: AbortSignal;
};

const addressOf = (path: string, { params = {}, querySerializer }: Sent): string => {
  const parts = new Map(Object.entries(params.path ?? {}));
  const filled = path.replace(/\{([^{}]{1,100})\}/g, (_, name: string) =>
    encodeURIComponent(String(parts.get(name))),
  );
  const query = querySerializer?.(params.query);
  return (
    filled + (query === undefined ? stringifySearch(params.query ?? {}) : query && `?${query}`)
  );
};

/** What changes something proves by the cookie that it began on a page of ours. */
async function send(method: Method, path: string, sent: Sent = {}): Promise<Answer<unknown>> {
  const token = method === "GET" ? undefined : csrfToken();
  const response = await ask(
    new Request(root + addressOf(path, sent), {
      method,
      headers: {
        accept: "application/json",
        ...(token && { "X-CSRFToken": token }),
        ...(sent.body && { "content-type": "application/json" }),
        ...sent.headers,
      },
      ...(sent.body && { body: JSON.stringify(sent.body) }),
      ...(sent.signal && { signal: sent.signal }),
    }),
  );
  const text = await response.text();
  const body = sent.parseAs === "text" && response.ok ? text : parse(text);
  return response.ok ? { data: body, response } : { error: body, response };
}

const by = (method: Method) => (path: string, sent?: Sent) => send(method, path, sent);
const methods = {
  GET: by("GET"),
  POST: by("POST"),
  PUT: by("PUT"),
  PATCH: by("PATCH"),
  DELETE: by("DELETE"),
};

/** The API, typed by its own document. Wrap a call in `ok` or `page`. */
export const api = methods as unknown as Pick<Client<paths>, Method>;

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** The body of an answer. Throws `ApiFault` for everything but 2xx, also where nothing answers. */
export async function ok<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data } = await answered(call);
  return data as T;
}

/** One page of a list, and where the next one begins. */
export type Page<T> = {
  rows: T[];
  /** Cursors; undefined where the list ends. */
  next: string | undefined;
  previous: string | undefined;
  /** How many there are in all, where the list says so. */
  total: number | undefined;
  /** Counting ended there: it may be more. */
  isTotalCapped?: boolean;
  /** What of a search was read otherwise than it is written. */
  notes?: string;
};

export async function page<T>(call: Promise<Answer<T[]>>): Promise<Page<T>> {
  const { data, response } = await answered(call);
  const links = response.headers.get("link") ?? "";
  const [hits, most] = ["x-hits", "x-max-hits"].map(
    (name) => response.headers.get(name) ?? undefined,
  );
  const notes = response.headers.get("x-query-notes");
  return {
    rows: data ?? [],
    next: cursorIn(links, "next"),
    previous: cursorIn(links, "previous"),
    total: hits === undefined ? undefined : Number(hits),
    isTotalCapped: hits !== undefined && hits === most,
    ...(notes && { notes }),
  };
}

/** `<…>; rel="next"; results="true"; cursor="…"` → the cursor, where there is more. */
function cursorIn(links: string, rel: string): string | undefined {
  const link = links.split(/,\s*</).find((part) => part.includes(`rel="${rel}"`));
  if (!link?.includes('results="true"')) return undefined;
  return /cursor="([^"]{0,500})"/.exec(link)?.[1];
}

async function answered<T>(call: Promise<Answer<T>>): Promise<Answer<T>> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiFault({ status: 0, detail: "The server cannot be reached." });
  }
  if (answer.response.ok) return answer;
  throw faultOf(answer.response, answer.error);
}

/** A call that the document has no types for: sign-in doors. The body of the answer; throws `ApiFault`. */
export const call = <T = unknown>(
  method: "GET" | "POST" | "PUT" | "DELETE",
  path: string,
  body?: object,
): Promise<T> => ok(send(method, path, body && { body }) as Promise<Answer<T>>);

function parse(text: string): unknown {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}
