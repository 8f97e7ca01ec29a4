import { parseSigned } from "hono/utils/cookie";
import { lookUp } from "../protocol/dictionary";

/** Names that GlitchTip's own clients expect. */
export const sessionCookieName = "sessionid";
export const csrfCookieName = "csrftoken";

/**
 * The session's token, if the signature that sign-in put behind it is right: `token.base64(HMAC-SHA256)`, which is how
 * Hono signs cookies too. Checked here, without the sign-in library, because every request of a browser passes.
 */
export async function sessionTokenOf(
  cookies: string,
  secret: string | undefined,
): Promise<string | undefined> {
  if (!secret) return undefined;
  const signed = await parseSigned(cookies, secret, sessionCookieName);
  return lookUp(signed, sessionCookieName) || undefined;
}
