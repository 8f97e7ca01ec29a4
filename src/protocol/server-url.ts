/**
 * Why an address with user and password cannot be that of a server, or undefined. Never says a piece of it: where a
 * character of a password ends the part that holds it, the rest would be taken for host, port or database, and be named in
 * messages about these.
 */
export function reasonNotServerUrl(text: string, protocols: readonly string[]): string | undefined {
  if (!URL.canParse(text)) return `is no address of a server: ${escapingWords}`;
  const { protocol, hostname, username, password, pathname, search, hash } = new URL(text);
  if (!protocols.includes(protocol)) {
    return `must begin with ${protocols.map((each) => `${each}//`).join(" or ")}`;
  }
  const isCut = hash !== "" || `${pathname}${search}`.includes("@");
  if (isCut || ![username, password].every(isEscaped)) return escapingWords;
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

export const databaseProtocols = ["postgres:", "postgresql:"] as const;
