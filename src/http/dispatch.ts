import type { Hono } from "hono";
import type { Bindings } from "../env";
import { platformHeader, withClientAddress } from "../platform/client-address";
import type { AppEnv } from "./app-env";
import { drainBody } from "./body";
import { secure } from "./outgoing";

/** Slashes may be doubled: the path has one spelling only inside. */
const ingestPath = /\/api\/{1,8}(?:\d+|embed)\/|\/tunnel\/{0,8}$/;
const apiPath = /\/api\/{1,8}0\//;

type Apps = {
  ingest: Hono<AppEnv>;
  /** Loaded when it is asked for: most isolates only ever take events, and consumers none. */
  api: () => Promise<Hono<AppEnv>>;
};

/** Everything that comes in by HTTP: to the app that it is for, and what every answer has in common. */
export function dispatch({ ingest, api }: Apps) {
  return async (request: Request, env: Bindings, context: ExecutionContext): Promise<Response> => {
    const [path = ""] = request.url.split("?", 1);
    const isIngest = ingestPath.test(path) && !apiPath.test(path);
    // An SDK's request is not copied for its address: its door looks it up.
    const asked = isIngest ? request : withClientAddress(request, addressHeaderOf(env));
    const app = isIngest ? ingest : await api();
    const response = await app.fetch(asked, env, context);
    secure(response.headers, env.PUBLIC_URL);
    // Of a body that was too large the rest is left.
    if (!asked.bodyUsed || response.status === 413) await drainBody(asked);
    return response;
  };
}

const addressHeaderOf = ({ CLIENT_ADDRESS_HEADER: header }: Bindings): string =>
  typeof header === "string" && header !== "" ? header : platformHeader;
