import { readAddress } from "../protocol/network-address";

/** Cloudflare's own; nobody else can set it there. */
export const platformHeader = "cf-connecting-ip";

/**
 * Where a request comes from, as the header says that the platform or the operator's proxy sets. Of a list it is the
 * last one, which the proxy itself put there: those before it are the client's words. Without a platform and a proxy, the
 * connection's address as workerd tells it.
 */
export function clientAddress(request: Request, header: string): string | undefined {
  const given = request.headers.get(header);
  if (given !== null) return readAddress(given.slice(given.lastIndexOf(",") + 1));
  const { clientIp } = (request.cf ?? {}) as { clientIp?: unknown };
  return typeof clientIp === "string" ? readAddress(clientIp) : undefined;
}

/** The same request, with its address where the platform would have put it. */
export function withClientAddress(request: Request, header: string): Request {
  const known = request.headers.get(platformHeader);
  const found = clientAddress(request, header);
  if ((known ?? undefined) === found) return request;
  const headers = new Headers(request.headers);
  if (found) headers.set(platformHeader, found);
  else headers.delete(platformHeader);
  return new Request(request, { headers });
}
