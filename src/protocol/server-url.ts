const http = ["http:", "https:"] as const;

/** Settings that are addresses of servers, and how each begins. */
export const serverProtocols = {
  DATABASE_URL: ["postgres:", "postgresql:"],
  REDIS_URL: ["redis:", "rediss:"],
  SMTP_URL: ["smtp:", "smtps:"],
  UPSTASH_REDIS_REST_URL: http,
  NEON_HTTP_ENDPOINT: http,
  S3_ENDPOINT: http,
} as const;
export type ServerName = keyof typeof serverProtocols;

/**
 * Why an address with user and password cannot be that of a server, or undefined. Never says a piece of it: where a
 * character of a password ends the part that holds it, the rest would be taken for host, port or database, and be named in
 * messages about these.
 */
export function reasonNotServerUrl(text: string, name: ServerName): string | undefined {
  const protocols: readonly string[] = serverProtocols[name];
  if (!URL.canParse(text)) return `is no address of a server: ${escapingWords}`;
  const { protocol, hostname, username, password, pathname, search, hash } = new URL(text);
  if (!protocols.includes(protocol) || !/^\s*[a-z]+:\/\//i.test(text)) {
    return `must begin with ${protocols.map((each) => `${each}//`).join(" or ")}`;
  }
  const isCut = hash !== "" || `${pathname}${search}`.includes("@");
  if (isCut || ![username, password].every(isEscaped)) return escapingWords;
  // Requests refuse these, and repeat the whole address then.
  if (protocol.startsWith("http") && `${username}${password}` !== "") {
    return "must be without user and password";
  }
  const hasSocket = new URLSearchParams(search).has("host");
  return hostname === "" && !hasSocket ? "names no host" : undefined;
}

function isEscaped(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

const escapingWords =
  "characters such as # / ? @ % in a password have to be written as %23 %2F %3F %40 %25";
