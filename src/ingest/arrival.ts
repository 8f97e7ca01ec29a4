import type { AcceptedEnvelope } from "../../queues/catalog";
import { clientAddress } from "../platform/client-address";
import type { Credentials } from "../protocol/dsn";

export type Door = AcceptedEnvelope["door"];

/** A request at a door, as far as it is read before its body. */
export type Arrival = {
  request: Request;
  query: URLSearchParams;
  door: Door;
  credentials: Credentials | undefined;
};

/** Who sent it: kept with the message, because only the edge can see it. */
export function senderOf({ request, query, credentials }: Arrival, addressHeader: string) {
  const { headers } = request;
  const ip = clientAddress(request, addressHeader);
  const userAgent = headers.get("user-agent");
  const client = credentials?.client ?? query.get("sentry_client");
  const release = query.get("sentry_release");
  const environment = query.get("sentry_environment");
  const { country, region, city } = (request.cf ?? {}) as Partial<IncomingRequestCfProperties>;
  const geo = {
    ...(country && { country_code: country }),
    ...(region && { region }),
    ...(city && { city }),
  };
  return {
    ...(ip && { ip }),
    ...(userAgent && { userAgent: userAgent.slice(0, 512) }),
    ...(client && { client: client.slice(0, 128) }),
    ...(release && { release: release.slice(0, 250) }),
    ...(environment && { environment: environment.slice(0, 100) }),
    ...(Object.keys(geo).length > 0 && { geo }),
  };
}
