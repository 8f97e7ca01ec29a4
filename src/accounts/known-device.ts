import { createHmac, randomBytes } from "node:crypto";
import { generateSignedCookie } from "hono/cookie";
import { parseSigned } from "hono/utils/cookie";
import { lookUp } from "../protocol/dictionary";
import { daySeconds } from "../protocol/durations";

/** Tells a browser that somebody signed in from before. It opens nothing: guesses from it are counted by themselves. */
const cookieName = "brinkwatch.device";
const addressesMax = 5;
const days = 180;
const markChars = 16;

type Device = { id: string; marks: string[] };

/** Of this cookie alone, so that no other signature of ours is one of a device. */
const signingSecret = (secret: string) => `device:${secret}`;

const markOf = (secret: string, address: string) =>
  createHmac("sha256", secret)
    .update(`device:address:${address.toLowerCase()}`)
    .digest("hex")
    .slice(0, markChars);

/** The device that the cookie names, if the signature is ours: `id.mark-mark`. */
async function deviceOf(cookies: string, secret: string): Promise<Device | undefined> {
  const signed = await parseSigned(cookies, signingSecret(secret), cookieName);
  const text = lookUp(signed, cookieName);
  const [, id, marks] = /^([0-9a-f]{32})\.([0-9a-f-]{16,84})$/.exec(text || "") ?? [];
  return id && marks ? { id, marks: marks.split("-") } : undefined;
}

/** The id of the device if this address signed in from it before; undefined for all others. */
export async function knownDeviceOf(
  cookies: string,
  secret: string | undefined,
  address: string | undefined,
): Promise<string | undefined> {
  if (!secret || address === undefined) return undefined;
  const device = await deviceOf(cookies, secret);
  return device?.marks.includes(markOf(secret, address)) ? device.id : undefined;
}

/** The cookie to set after an address has signed in; it knows the last few of them. */
export async function deviceCookieOf(
  cookies: string,
  secret: string,
  address: string,
  isSecure: boolean,
): Promise<string> {
  const known = (await deviceOf(cookies, secret)) ?? {
    id: randomBytes(16).toString("hex"),
    marks: [],
  };
  const mark = markOf(secret, address);
  const marks = [mark, ...known.marks.filter((each) => each !== mark)].slice(0, addressesMax);
  return generateSignedCookie(cookieName, `${known.id}.${marks.join("-")}`, signingSecret(secret), {
    maxAge: days * daySeconds,
    httpOnly: true,
    sameSite: "Lax",
    secure: isSecure,
  });
}
