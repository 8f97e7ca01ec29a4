/** Names that GlitchTip's own clients expect. */
export const sessionCookieName = "sessionid";
export const csrfCookieName = "csrftoken";

/** The value of a cookie, percent-decoded. */
export function cookieOf(cookies: string, name: string): string | undefined {
  for (const part of cookies.split(";")) {
    const at = part.indexOf("=");
    if (part.slice(0, at).trim() !== name) continue;
    try {
      return decodeURIComponent(part.slice(at + 1).trim());
    } catch {
      return undefined;
    }
  }
  return undefined;
}

/**
 * The session's token, if the signature that sign-in put behind it is right: `token.base64(HMAC-SHA256)`. Checked
 * here, without the sign-in library, because every request of a browser passes.
 */
export async function sessionTokenOf(
  cookies: string,
  secret: string | undefined,
): Promise<string | undefined> {
  const value = cookieOf(cookies, sessionCookieName);
  if (!value || !secret) return undefined;
  const dot = value.lastIndexOf(".");
  const token = value.slice(0, dot);
  const signature = value.slice(dot + 1);
  if (dot < 1 || !/^[A-Za-z0-9+/]{43}=$/.test(signature)) return undefined;
  const bytes = Uint8Array.from(atob(signature), (char) => char.charCodeAt(0));
  const encoder = new TextEncoder();
  const key = await crypto.subtle.importKey(
    "raw",
    encoder.encode(secret),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["verify"],
  );
  const isGenuine = await crypto.subtle.verify("HMAC", key, bytes, encoder.encode(token));
  return isGenuine ? token : undefined;
}
