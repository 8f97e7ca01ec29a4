import createClient, { type ClientOptions, type Middleware } from "openapi-fetch";
import type { Booted } from "../first-requests";
import { mount, root } from "../mount";
import { ApiFault, faultOf } from "./fault";
import type { components, paths } from "./schema";

/** A schema of the API's document, by name. */
export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];

const csrfCookie = /(?:^|;\s*)csrftoken=([^;]{1,200})/;
const csrfToken = () => csrfCookie.exec(document.cookie)?.[1];

/** What changes something proves by the cookie that it began on a page of ours. */
const prove: Middleware = {
  onRequest({ request }) {
    if (/^(GET|HEAD)$/.test(request.method)) return undefined;
    const token = csrfToken();
    if (token) request.headers.set("X-CSRFToken", token);
    return request;
  },
};

/** Asks the person to sign in again and says whether they did. The frame brings it. */
let signInAgain: (() => Promise<boolean>) | undefined;
export const whenSignedOut = (ask: () => Promise<boolean>): void => {
  signInAgain = ask;
};

const ofTheApi = /^\/api\/0\//;

/** What was asked after the session had ended goes out again as soon as there is one: nothing typed is lost. */
const ask: NonNullable<ClientOptions["fetch"]> = async (request) => {
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

/** The API, typed by its own document. Wrap a call in `ok` or `page`. */
export const api = createClient<paths>({
  baseUrl: root,
  fetch: ask,
  headers: { accept: "application/json" },
});
api.use(prove);

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
};

export async function page<T>(call: Promise<Answer<T[]>>): Promise<Page<T>> {
  const { data, response } = await answered(call);
  const links = response.headers.get("link") ?? "";
  const hits = response.headers.get("x-hits");
  return {
    rows: data ?? [],
    next: cursorIn(links, "next"),
    previous: cursorIn(links, "previous"),
    total: hits === null ? undefined : Number(hits),
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
export async function call<T = unknown>(
  method: "GET" | "POST" | "PUT" | "DELETE",
  path: string,
  body?: object,
): Promise<T> {
  const token = csrfToken();
  const sent = ask(
    new Request(root + path, {
      method,
      headers: {
        accept: "application/json",
        ...(method !== "GET" && token && { "X-CSRFToken": token }),
        ...(body && { "content-type": "application/json" }),
      },
      ...(body && { body: JSON.stringify(body) }),
    }),
  );
  const { data } = await answered<T>(
    sent.then(async (response) => {
      const text = await response.text();
      const parsed = parse(text);
      return response.ok ? { data: parsed as T, response } : { error: parsed, response };
    }),
  );
  return data as T;
}

function parse(text: string): unknown {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}
