import type { Hono } from "hono";
import type { Bindings } from "../env";
import { platformHeader, withClientAddress } from "../platform/client-address";
import type { AppEnv } from "./app-env";
import { drainBody } from "./body";
import { secure } from "./outgoing";

const ingestPath = /\/api\/(?:\d+|embed)\/|\/tunnel\/?$/;

/** Everything that comes in by HTTP: to the app that it is for, and what every answer has in common. */
export function dispatch({ ingest, api }: Record<"ingest" | "api", Hono<AppEnv>>) {
  return async (request: Request, env: Bindings, context: ExecutionContext): Promise<Response> => {
    const [path = ""] = request.url.split("?", 1);
    const isIngest = ingestPath.test(path) && !path.includes("/api/0/");
    // An SDK's request is not copied for its address: its door looks it up.
    const asked = isIngest ? request : withClientAddress(request, addressHeaderOf(env));
    const response = await (isIngest ? ingest : api).fetch(asked, env, context);
    secure(response.headers, env.PUBLIC_URL);
    // Of a body that was too large the rest is left.
    if (!asked.bodyUsed || response.status === 413) await drainBody(asked);
    return response;
  };
}

const addressHeaderOf = ({ CLIENT_ADDRESS_HEADER: header }: Bindings): string =>
  typeof header === "string" && header !== "" ? header : platformHeader;
