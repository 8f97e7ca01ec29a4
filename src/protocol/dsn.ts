/** What a client said about itself, wherever it said it. `projectId` where it named a whole DSN. */
export type Credentials = { publicKey: string; projectId?: number; client?: string };

const dsnPattern = /^https?:\/\/([^:@/]+)(?::[^@/]*)?@[^/]+(?:\/.*)?\/(\d+)\/?$/;

/** `{scheme}://{public_key}[:{secret}]@{host}{/path}/{project_id}` → key and project, or undefined. */
export function parseDsn(dsn: unknown): { publicKey: string; projectId: number } | undefined {
  if (typeof dsn !== "string") return undefined;
  const [, key, project] = dsnPattern.exec(dsn.trim()) ?? [];
  return key && project ? { publicKey: normalizeKey(key), projectId: Number(project) } : undefined;
}

/** The three addresses that a key is handed out as. `publicUrl` has no trailing slash. */
export function dsnsOf(publicUrl: string, publicKey: string, projectId: number) {
  const key = normalizeKey(publicKey);
  const [scheme, rest] = publicUrl.split("://");
  const dsn = `${scheme}://${key}@${rest}/${projectId}`;
  return {
    public: dsn,
    secret: dsn,
    security: `${publicUrl}/api/${projectId}/security/?sentry_key=${key}`,
  };
}

/** Keys are UUIDs; GlitchTip shows them with dashes, DSNs carry 32 hex digits. */
export const normalizeKey = (key: string) => key.replaceAll("-", "").toLowerCase();

export const isKey = (key: string) => /^[0-9a-f]{32}$/.test(key);

/**
 * Query string first, then X-Sentry-Auth, then Authorization (Sentry, DSN or Basic). Browsers and proxies add credentials
 * of the page itself: an Authorization that holds no key is not meant for us.
 */
export function readCredentials(query: URLSearchParams, headers: Headers): Credentials[] {
  const found: Credentials[] = [];
  const fromQuery = query.get("sentry_key") ?? query.get("glitchtip_key");
  if (fromQuery) {
    const client = query.get("sentry_client");
    found.push({ publicKey: normalizeKey(fromQuery), ...(client && { client }) });
  }
  const fromHeader = readAuthHeader(headers.get("x-sentry-auth"));
  if (fromHeader) found.push(fromHeader);
  const authorization = headers.get("authorization");
  const fromAuthorization = readAuthHeader(authorization) ?? readBasic(authorization);
  if (fromAuthorization) found.push(fromAuthorization);
  return found;
}

/**
 * `Sentry sentry_key=K, sentry_client=C …`: any case, any order, with or without blanks and a scheme word. `DSN …`: the
 * same, or a whole DSN.
 */
function readAuthHeader(header: string | null): Credentials | undefined {
  if (!header) return undefined;
  const pairs = new Map<string, string>();
  for (const part of header.replace(/^\s*(sentry|dsn)\s+/i, "").split(/[,\s]+/)) {
    const at = part.indexOf("=");
    if (at > 0) pairs.set(part.slice(0, at), part.slice(at + 1).replace(/^"|"$/g, ""));
  }
  const key = pairs.get("sentry_key") ?? pairs.get("glitchtip_key");
  if (!key) return parseDsn(/^\s*dsn\s+"?([^\s",]{1,2048})/i.exec(header)?.[1]);
  const client = pairs.get("sentry_client");
  return { publicKey: normalizeKey(key), ...(client && { client }) };
}

function readBasic(header: string | null): Credentials | undefined {
  const [, encoded] = /^\s*basic\s+([A-Za-z0-9+/=]+)\s*(?:,|$)/i.exec(header ?? "") ?? [];
  if (!encoded) return undefined;
  try {
    const publicKey = normalizeKey(atob(encoded).split(":")[0] ?? "");
    return isKey(publicKey) ? { publicKey } : undefined;
  } catch {
    return undefined;
  }
}
