import { type Context, Hono } from "hono";
import type { AcceptedEnvelope } from "../../queues/catalog";
import type { Deps } from "../deps";
import { Fault } from "../fault";
import { answerNotFound } from "../http/answers";
import { readBody } from "../http/body";
import { corsOf } from "../http/cors";
import type { IngestEnv } from "../http/ingest-app";
import { clientAddress } from "../platform/client-address";
import { uuidv7 } from "../platform/ids";
import { reasonOf } from "../platform/logger";
import type { WaitUntil } from "../platform/wait-until";
import { isCovered, limitGroup } from "../protocol/categories";
import { decodeBody } from "../protocol/content-encoding";
import { readCredentials } from "../protocol/dsn";
import type { Outcome, Reason } from "../protocol/outcomes";
import { type ActiveLimit, rateLimitHeader } from "../protocol/rate-limits";
import type { RefusalReason } from "../protocol/refusals";
import { accept } from "./accept";
import { type Arrival, type Door, senderOf } from "./arrival";
import { type Content, readContent, readDsn } from "./content";
import { findKey } from "./key";
import { isAllowedOrigin } from "./origins";
import { countOutcome, sendOutcomes } from "./outcomes";
import { exceededLimits, wantedOf } from "./quota";
import { noteRefusal } from "./refusals";
import type { KeyRecord } from "./schemas";
import { throttledSeconds } from "./throttle";

const cors = corsOf({
  exposed: "X-Sentry-Error, X-Sentry-Rate-Limits, Retry-After",
  methods: "GET, POST, OPTIONS",
  allowed:
    "X-Sentry-Auth, X-Requested-With, Origin, Accept, Content-Type, Content-Encoding, Transfer-Encoding, Authentication, Authorization, Referer, X-Forwarded-For, sentry-trace, baggage, traceparent",
  more: { "Cross-Origin-Resource-Policy": "cross-origin", "Timing-Allow-Origin": "*" },
});
const scriptHeaders = { "Content-Type": "text/javascript; charset=utf-8" };
const noDialog = "/* This server does not take crash reports from a dialog yet. */\n";

/** A key that was switched off on purpose: SDKs go quiet for this long. */
const disabledSeconds = 300;

/** Doors that SDKs knock at. Every answer has CORS headers, none is a redirect, success is exactly 200. */
export const ingestRoutes = new Hono<IngestEnv>();

for (const [path, door] of [
  ["envelope", "envelope"],
  ["store", "store"],
  ["security", "security"],
  ["csp-report", "security"],
  ["csp", "security"],
] as const) {
  ingestRoutes.all(`/api/:project{[0-9]+}/${path}/`, (c) => answer(c, door));
}
ingestRoutes.all("/tunnel/", (c) => answer(c, "envelope"));
ingestRoutes.all("/api/tunnel/", (c) => answer(c, "envelope"));
// A page loads this as a script: any other answer would be an error of its own there.
ingestRoutes.all("/api/embed/error-page/", (c) => {
  const isRead = c.req.method === "GET";
  return new Response(noDialog, {
    status: isRead ? 200 : 405,
    headers: { ...cors.headers, ...(!isRead && { Allow: "GET, HEAD" }), ...scriptHeaders },
  });
});
/** A page can read the status of a door that is not there only with the headers of those that are. */
export const answerNothing = (c: Context): Response =>
  c.req.method === "OPTIONS"
    ? new Response(null, { status: 204, headers: cors.preflight })
    : answerNotFound(cors.headers);

async function answer(c: Context<IngestEnv>, door: Door): Promise<Response> {
  if (c.req.method === "OPTIONS")
    return new Response(null, { status: 204, headers: cors.preflight });
  if (c.req.method !== "POST") {
    return refuse(405, "method not allowed", { Allow: "POST, OPTIONS" });
  }
  const { deps } = c.var;
  try {
    const waitUntil: WaitUntil = (work) => c.executionCtx.waitUntil(work);
    const project = c.req.param("project");
    return await receive(deps, waitUntil, c.req.raw, door, project ? Number(project) : undefined);
  } catch (error) {
    if (error instanceof Fault && error.status < 500) return refuse(error.status, error.message);
    if (!(error instanceof Fault)) {
      deps.log("error", "ingest failed", { door, reason: reasonOf(error) });
    }
    const status = error instanceof Fault ? error.status : 500;
    // Never a Retry-After here: JavaScript SDKs would go silent for that time.
    const headers = { ...cors.headers, "X-Sentry-Error": "temporarily unavailable" };
    return new Response(null, { status, headers });
  }
}

/** What a door answers. Faults: forbidden, invalid, limited, too_large, unauthenticated, unavailable. */
export async function receive(
  deps: Deps,
  waitUntil: WaitUntil,
  request: Request,
  door: Door,
  projectInPath: number | undefined,
): Promise<Response> {
  const { requestBytesMax, inflatedBytesMax } = deps.config;
  const query = new URL(request.url).searchParams;
  const credentials = readCredentials(query, request.headers);
  const [first] = credentials;
  let publicKey = first?.publicKey;
  const note: Note = (projectId, reason, quantity = 1) => {
    if (projectId === undefined) return;
    const sent = { publicKey, origin: request.headers.get("origin") };
    noteRefusal(deps, waitUntil, projectId, reason, sent, quantity);
  };
  const named = projectInPath ?? first?.projectId;
  if (
    credentials.some((each) => each.publicKey !== publicKey || (each.projectId ?? named) !== named)
  ) {
    note(named, "conflicting_keys");
    throw new Fault("forbidden", "conflicting credentials");
  }
  // Nothing is inflated or parsed of a stranger's body but the line that names the key, where no other place does.
  const category = door === "security" ? "security" : "error";
  const count: Count = (projectId, outcome, reason) => {
    countOutcome(deps, waitUntil, projectId, outcome, reason, [{ category, quantity: 1 }]);
    note(projectId, reason);
  };
  const asked = { request, query, door, credentials: first, note };
  const encoding = request.headers.get("content-encoding");
  let body: Uint8Array | undefined;
  let key: KeyRecord | Response;
  if (publicKey) key = await authorize(deps, waitUntil, publicKey, named, asked, count);
  else {
    if (door !== "envelope") {
      note(projectInPath, "missing_key");
      throw new Fault("unauthenticated", "missing authorization information");
    }
    body = await readBody(request, requestBytesMax);
    const dsn = await readDsn(body, encoding).catch((error: unknown) => {
      note(projectInPath, "missing_key");
      throw error;
    });
    publicKey = dsn.publicKey;
    const project = projectInPath ?? dsn.projectId;
    key = await authorize(deps, waitUntil, publicKey, project, asked, count);
  }
  if (key instanceof Response) return key;

  let content: Content;
  try {
    body ??= await readBody(request, requestBytesMax);
    content = readContent(door, decodeBody(body, encoding, inflatedBytesMax), inflatedBytesMax);
  } catch (error) {
    if (error instanceof Fault) {
      if (error.kind === "too_large") count(key.projectId, "abuse", "too_large");
      else count(key.projectId, "invalid", "malformed");
    }
    throw error;
  }

  const { dsn } = content;
  const isOther = dsn && first && dsn.publicKey !== first.publicKey;
  if (isOther || (dsn && dsn.projectId !== key.projectId)) {
    note(key.projectId, "conflicting_keys");
    throw new Fault("forbidden", "conflicting credentials");
  }
  return admit(deps, waitUntil, asked, key, content, body);
}

async function authorize(
  deps: Deps,
  waitUntil: WaitUntil,
  publicKey: string,
  projectId: number | undefined,
  { request, note }: Asked,
  count: Count,
): Promise<KeyRecord | Response> {
  const ip = clientAddress(request, deps.config.clientAddressHeader);
  const key = await findKey(deps, waitUntil, publicKey, ip ?? null);
  // Unknown key and foreign project sound alike, so that keys cannot be probed.
  if (!key || key.projectId !== projectId) {
    note(projectId, "unknown_key");
    throw new Fault("forbidden", "invalid project or key");
  }
  if (!key.isActive || !key.isAcceptingEvents) {
    const reason = key.isActive ? "organization_disabled" : "project_disabled";
    const scope = key.isActive ? "organization" : "key";
    count(key.projectId, "filtered", reason);
    // No body: sentry-php reads the header of a refusal only then.
    return new Response(null, {
      status: 403,
      headers: {
        ...cors.headers,
        "X-Sentry-Error": "this key is disabled",
        "X-Sentry-Rate-Limits": `${disabledSeconds}::${scope}:${reason}`,
      },
    });
  }
  const origin = request.headers.get("origin");
  if (origin && key.allowedOrigins.length > 0 && !isAllowedOrigin(origin, key.allowedOrigins)) {
    count(key.projectId, "filtered", "origin");
    throw new Fault("forbidden", "this origin is not allowed");
  }
  const quietSeconds = throttledSeconds(key.throttleRates);
  if (quietSeconds !== undefined) {
    count(key.projectId, "rate_limited", "throttled");
    return new Response(null, {
      status: 429,
      headers: { ...cors.headers, "Retry-After": String(quietSeconds) },
    });
  }
  return key;
}

/** Keeps for the people of a project why something was turned away; for nobody, where no project was named. */
type Note = (projectId: number | undefined, reason: RefusalReason, quantity?: number) => void;
/** Counts what was turned away before it was read, and notes it. */
type Count = (projectId: number, outcome: Outcome, reason: Reason & RefusalReason) => void;
type Asked = Arrival & { note: Note };

async function admit(
  deps: Deps,
  waitUntil: WaitUntil,
  asked: Asked,
  key: KeyRecord,
  content: Content,
  body: Uint8Array,
): Promise<Response> {
  const { request, door, note } = asked;
  if (content.items.length > 0 && content.items.every((item) => item.isTooLarge)) {
    countOutcome(deps, waitUntil, key.projectId, "invalid", "too_large", content.items);
    note(key.projectId, "too_large", content.items.length);
    throw new Fault("too_large", "nothing of the body is small enough to be read");
  }
  const exceeded = await exceededLimits(deps, waitUntil, key.limits, wantedOf(content.items));
  const limitedGroups = new Set(exceeded.map(({ category }) => category));
  const limited = content.items.filter(({ category }) => isCovered(limitedGroups, category));
  for (const { category, reason } of exceeded) {
    const items = limited.filter((item) => limitGroup(item.category) === category);
    countOutcome(deps, waitUntil, key.projectId, "rate_limited", reason, items);
    note(key.projectId, reason, items.length);
  }
  const rateLimits: Record<string, string> =
    exceeded.length > 0 ? { "X-Sentry-Rate-Limits": rateLimitHeader(exceeded) } : {};
  if (limited.length > 0 && limited.length === content.items.length) {
    return tooMany(exceeded, rateLimits);
  }

  const receivedAt = +deps.now();
  const meta: AcceptedEnvelope = {
    v: 1,
    id: uuidv7(receivedAt),
    receivedAt,
    door,
    projectId: key.projectId,
    orgId: key.orgId,
    scrubDefaults: key.scrubDefaults,
    scrubIpAddresses: key.scrubIpAddresses,
    ...(key.isOnG2Alone && { isOnG2Alone: true }),
    ...(key.rulesVersion > 0 && { rulesVersion: key.rulesVersion }),
    encoding: request.headers.get("content-encoding") || null,
    ...(content.eventId && { eventId: content.eventId }),
    ...(limitedGroups.size > 0 && { limited: [...limitedGroups] }),
    ...senderOf(asked, deps.config.clientAddressHeader),
  };
  try {
    await accept(deps, meta, body);
  } catch (error) {
    // Whatever is limited was counted above.
    const refused = content.items.filter((item) => !limited.includes(item));
    countOutcome(deps, waitUntil, key.projectId, "rate_limited", "unavailable", refused);
    note(key.projectId, "unavailable", refused.length);
    throw error;
  }
  sendOutcomes(deps, waitUntil);
  const headers = { ...cors.headers, ...rateLimits };
  if (door === "security") return new Response(null, { status: 200, headers });
  return Response.json(content.eventId ? { id: content.eventId } : {}, { headers });
}

/** Empty on purpose: sentry-php does not look at the headers of a 429 that has a body. */
function tooMany(exceeded: ActiveLimit[], rateLimits: Record<string, string>): Response {
  const seconds = Math.max(...exceeded.map(({ retryAfterSeconds }) => retryAfterSeconds));
  return new Response(null, {
    status: 429,
    headers: { ...cors.headers, ...rateLimits, "Retry-After": String(Math.ceil(seconds)) },
  });
}

function refuse(status: number, detail: string, headers: Record<string, string> = {}): Response {
  return Response.json(
    { detail, causes: [detail] },
    { status, headers: { ...cors.headers, "X-Sentry-Error": detail, ...headers } },
  );
}
