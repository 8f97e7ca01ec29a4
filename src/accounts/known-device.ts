import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { cookieOf } from "../access/session-cookie";

/** Tells a browser that somebody signed in from before. It opens nothing: guesses from it are counted by themselves. */
const cookieName = "brinkwatch.device";
const addressesMax = 5;
const days = 180;
const markChars = 16;

type Device = { id: string; marks: string[] };

const sign = (secret: string, text: string) =>
  createHmac("sha256", secret).update(`device:${text}`).digest("hex");

const markOf = (secret: string, address: string) =>
  sign(secret, `address:${address.toLowerCase()}`).slice(0, markChars);

/** The device that the cookie names, if the signature is ours: `id.mark-mark.signature`. */
function deviceOf(cookies: string, secret: string): Device | undefined {
  const [, id = "", marks = "", signature = ""] =
    /^([0-9a-f]{32})\.([0-9a-f-]{16,84})\.([0-9a-f]{64})$/.exec(
      cookieOf(cookies, cookieName) ?? "",
    ) ?? [];
  if (!id) return undefined;
  const expected = Buffer.from(sign(secret, `${id}.${marks}`));
  if (!timingSafeEqual(expected, Buffer.from(signature))) return undefined;
  return { id, marks: marks.split("-") };
}

/** The id of the device if this address signed in from it before; undefined for all others. */
export function knownDeviceOf(
  cookies: string,
  secret: string | undefined,
  address: string | undefined,
): string | undefined {
  if (!secret || address === undefined) return undefined;
  const device = deviceOf(cookies, secret);
  return device?.marks.includes(markOf(secret, address)) ? device.id : undefined;
}

/** The cookie to set after an address has signed in; it knows the last few of them. */
export function deviceCookieOf(
  cookies: string,
  secret: string,
  address: string,
  isSecure: boolean,
): string {
  const known = deviceOf(cookies, secret) ?? { id: randomBytes(16).toString("hex"), marks: [] };
  const mark = markOf(secret, address);
  const marks = [mark, ...known.marks.filter((each) => each !== mark)].slice(0, addressesMax);
  const text = `${known.id}.${marks.join("-")}`;
  const attributes = `Path=/; Max-Age=${days * 86_400}; HttpOnly; SameSite=Lax`;
  return `${cookieName}=${text}.${sign(secret, text)}; ${attributes}${isSecure ? "; Secure" : ""}`;
}
