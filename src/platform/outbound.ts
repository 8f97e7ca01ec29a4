import { joinBytes } from "../protocol/join-bytes";
import {
  isForOneOrigin,
  type OutboundRules,
  reasonNotAsked,
  reasonNotReached,
  reasonNotSent,
} from "../protocol/outbound-rules";
import { bareHost, isAddress } from "../protocol/public-url";
import { within } from "./deadline";
import type { ResolveName } from "./resolve-name";

export type OutboundRequest = {
  url: string;
  method: string;
  headers: readonly (readonly [name: string, value: string])[];
  body?: string | undefined;
  /** 0: an answer that leads elsewhere is the answer. */
  redirectsMax: number;
  /** What is read of the answer's body; 0: none of it. */
  bodyBytesMax: number;
  /** For all of it: looking names up, connections, redirects, the body. */
  deadlineMs: number;
};

/** Why there is no answer. */
export type OutboundFailure =
  | "refused"
  | "timeout"
  | "unknown host"
  | "tls"
  | "connection"
  | "redirects";

export type OutboundAnswer = {
  status: number;
  headers: Headers;
  body: Uint8Array;
  /** The body went on behind what was read of it. */
  isCut: boolean;
  /** Until the headers were there. */
  durationMs: number;
};

export type OutboundResult =
  | ({ ok: true } & OutboundAnswer)
  | { ok: false; failure: OutboundFailure; words: string; durationMs: number };

export type Outbound = {
  /** Whether requests to private networks are let through. */
  readonly rules: OutboundRules;
  /** Asks an address that a user typed, and nothing else does. Never throws. */
  ask(request: OutboundRequest): Promise<OutboundResult>;
};

type Outside = { rules: OutboundRules; resolve: ResolveName; now: () => Date };

/**
 * The one way to addresses that users typed. Where they lead is looked at before each request, at each redirect again:
 * no private network unless the installation allows it, and never its own servers. What a name stands for may change
 * between that look and the request; at the edge there is no private network behind it.
 */
export function openOutbound({ rules, resolve, now }: Outside): Outbound {
  return {
    rules,
    ask: async (request) => {
      const started = +now();
      const failed = (failure: OutboundFailure, words: string): OutboundResult => ({
        ok: false,
        failure,
        words,
        durationMs: +now() - started,
      });
      try {
        return await within(request.deadlineMs, "It", async (signal) => {
          const refused = await reasonRefused(request.url, rules, resolve, signal);
          const header = request.headers.map(([name, value]) => reasonNotSent(name, value));
          const wrong = refused ?? header.find((reason) => reason !== undefined);
          if (wrong === unknownHost) return failed("unknown host", unknownHost);
          if (wrong) return failed("refused", wrong);
          return await follow(request, { rules, resolve, now, started, failed }, signal);
        });
      } catch (error) {
        const failure = failureOf(error);
        return failed(failure, wordsOf[failure]);
      }
    },
  };
}

const unknownHost = "There is no such host.";
const wordsOf: Record<OutboundFailure, string> = {
  refused: "It must not be asked.",
  timeout: "It did not answer in time.",
  "unknown host": unknownHost,
  tls: "The connection could not be secured: its certificate is not trusted.",
  connection: "The connection failed.",
  redirects: "It leads elsewhere too many times.",
};

/** Why an address must not be asked, by itself or by what its name stands for. */
async function reasonRefused(
  url: string,
  rules: OutboundRules,
  resolve: ResolveName,
  signal: AbortSignal,
): Promise<string | undefined> {
  const reason = reasonNotAsked(url, rules);
  if (reason) return reason;
  const { hostname, port, protocol } = new URL(url);
  // Names of private networks are not for resolvers outside, and all that they could stand for is allowed.
  if (rules.allowsPrivate || isAddress(hostname)) return undefined;
  const addresses = await resolve(bareHost(hostname), signal);
  // Nobody could say: then the request itself fails, or the platform lets nobody into its own networks.
  if (addresses === undefined) return undefined;
  if (addresses.length === 0) return unknownHost;
  const number = port ? Number(port) : protocol === "http:" ? 80 : 443;
  return addresses
    .map((address) => reasonNotReached(address, number, rules))
    .find((found) => found !== undefined);
}

type Following = Outside & {
  started: number;
  failed(failure: OutboundFailure, words: string): OutboundResult;
};

async function follow(
  request: OutboundRequest,
  { rules, resolve, now, started, failed }: Following,
  signal: AbortSignal,
): Promise<OutboundResult> {
  let { url, method, body, headers } = request;
  for (let hops = 0; hops <= request.redirectsMax; hops++) {
    const response = await fetch(url, {
      method,
      headers: headers.map(([name, value]): [string, string] => [name, value]),
      redirect: "manual",
      signal,
      ...(body !== undefined && { body }),
    });
    const durationMs = +now() - started;
    const next = request.redirectsMax > 0 ? placeAfter(response, url) : undefined;
    if (next === undefined) {
      const read = await readStart(response, request.bodyBytesMax);
      const { status, headers: answered } = response;
      return { ok: true, status, headers: answered, ...read, durationMs };
    }
    await response.body?.cancel();
    const wrong = await reasonRefused(next, rules, resolve, signal);
    if (wrong === unknownHost) return failed("unknown host", unknownHost);
    if (wrong) return failed("refused", `It leads to an address that ${wrong}.`);
    if (new URL(next).origin !== new URL(url).origin) {
      headers = headers.filter(([name]) => !isForOneOrigin(name));
    }
    // As browsers do (Fetch, HTTP-redirect fetch): only 307 and 308 keep what was sent.
    if (response.status < 307 && method !== "GET" && method !== "HEAD") {
      [method, body] = ["GET", undefined];
    }
    url = next;
  }
  return failed("redirects", wordsOf.redirects);
}

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

function placeAfter(response: Response, url: string): string | undefined {
  const location = response.headers.get("location");
  if (!redirects.has(response.status) || location === null) return undefined;
  return URL.canParse(location, url) ? new URL(location, url).href : undefined;
}

/** The beginning of a body; the rest is not waited for. */
async function readStart({ body }: Response, bytesMax: number) {
  if (!body) return { body: new Uint8Array(), isCut: false };
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  while (size < bytesMax) {
    const { done, value } = await reader.read();
    if (done) return { body: joinBytes(chunks, size), isCut: false };
    const part = value.subarray(0, bytesMax - size);
    chunks.push(part);
    size += part.length;
  }
  // An answer that nobody reads would keep its connection.
  await reader.cancel();
  return { body: joinBytes(chunks, size), isCut: true };
}

/** What runtimes say is theirs to change: it is looked at for a few words, and never shown. */
function failureOf(error: unknown): OutboundFailure {
  const { name, message, cause } = error as Error & {
    cause?: { code?: unknown; message?: string };
  };
  if (name === "Fault" || name === "AbortError" || name === "TimeoutError") return "timeout";
  const text = `${message} ${String(cause?.code ?? "")} ${cause?.message ?? ""}`.slice(0, 500);
  if (/\b(ENOTFOUND|DNS lookup failed|EAI_AGAIN)\b/i.test(text)) return "unknown host";
  return /certificate|\bTLS\b|\bSSL\b|\bCERT_/i.test(text) ? "tls" : "connection";
}
