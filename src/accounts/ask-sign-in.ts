import type { Context } from "hono";
import { type Caller, findSessionCaller } from "../access/caller";
import { sessionCookieName, sessionTokenOf } from "../access/session-cookie";
import { Fault } from "../fault";
import type { AppEnv } from "../http/app-env";
import { commit } from "../platform/database";
import { dictionaryOf } from "../protocol/dictionary";
import { isObject, isStorable, unstorable } from "../protocol/json";
import { isOwnAddress } from "../protocol/own-address";
import { endOthers } from "./account-queries";
import { refusalOf } from "./confirm";
import { askLibrary, jsonIn, jsonOf } from "./enter";
import { deviceCookieOf } from "./known-device";
import { openIdProviderOf } from "./open-id-provider";
import { PasskeyAnswer, passkeyCharsMax } from "./passkey-answer";
import { passwordIn, type SensitiveDoor, sensitiveDoorOf } from "./sensitive-doors";
import { signInPath } from "./sign-in-path";
import { textLimits } from "./text-limits";

/**
 * Knocks at a door of the sign-in library, with the rules of ours for the door: what changes how one signs in is
 * confirmed first and ends what was open before. Faults: as askLibrary, and invalid.
 */
export async function askSignIn(
  c: Context<AppEnv>,
  method: string,
  path: string,
  body?: object | string,
): Promise<Response> {
  const { publicUrl, socialProviders } = c.var.deps.config;
  const text = typeof body === "object" ? JSON.stringify(body) : body;
  assertComesBack(publicUrl, path, text);
  assertFits(text);
  if (text !== undefined && !isStorable(text)) throw new Fault("invalid", unstorable);
  const door = sensitiveDoorOf(method, path);
  const caller = door && (await findSessionCaller(c.var.deps, c.req.header("cookie") ?? ""));
  let isConfirmed = false;
  if (door && caller) {
    const { given, isChecked } = passwordIn(door, jsonIn(text));
    const refusal = isChecked ? undefined : await refusalOf(c, caller, given);
    if (refusal) return refusal;
    isConfirmed = !isChecked;
  }
  const response = await askLibrary(
    c,
    ({ handler }, headers) => {
      if (typeof body === "object") headers.set("content-type", "application/json");
      const init = { method, headers, redirect: "manual" as const };
      return handler(
        new Request(`${publicUrl}${signInPath}${path}`, {
          ...init,
          ...(text !== undefined && { body: text }),
        }),
      );
    },
    {
      provider: openIdProviderOf(socialProviders, path, text),
      isConfirmed,
      asksElsewhere: asksElsewhere.test(path),
    },
  );
  if (!response.ok) return response;
  if (door && caller) await conclude(c, door, caller, response);
  return withKnownDevice(c, response);
}

/** Where somebody has come in, guesses of strangers at the same address do not keep them out. */
async function withKnownDevice(c: Context<AppEnv>, response: Response): Promise<Response> {
  const { authSecret, publicUrl } = c.var.deps.config;
  if (!authSecret || !(await newSessionTokenOf(response, authSecret))) return response;
  const { user } = await jsonOf(response.clone());
  if (!isObject(user) || typeof user.email !== "string") return response;
  const cookies = c.req.header("cookie") ?? "";
  const isSecure = publicUrl.startsWith("https:");
  const device = await deviceCookieOf(cookies, authSecret, user.email, isSecure);
  const marked = new Response(response.body, response);
  marked.headers.append("Set-Cookie", device);
  return marked;
}

/** Where the library talks to the service that somebody signs in with. */
const asksElsewhere = /^\/(callback|oauth2|sign-in\/social|link-social)\b/;

async function conclude(
  c: Context<AppEnv>,
  door: SensitiveDoor,
  caller: Caller,
  response: Response,
): Promise<void> {
  const { deps } = c.var;
  if (!door.endsOthers || !caller.user) return;
  const token = await newSessionTokenOf(response, deps.config.authSecret);
  const kept = { sessionId: caller.id, token };
  await commit(deps.db, endOthers(deps.db, caller.user.id, kept));
}

/** The token of the session that an answer hands out; undefined when the browser keeps the one it has. */
async function newSessionTokenOf(
  response: Response,
  secret: string | undefined,
): Promise<string | undefined> {
  const [given] = response.headers
    .getSetCookie()
    .filter((each) => each.startsWith(`${sessionCookieName}=`));
  return given && (await sessionTokenOf(given.split(";", 1)[0] ?? "", secret));
}

/** Where a browser is to go afterwards is an address of ours, in whatever field it is given. Faults: forbidden. */
function assertComesBack(publicUrl: string, path: string, text = ""): void {
  const query = new URLSearchParams(path.split("?", 2)[1] ?? "");
  const fields: [string, unknown][] = [...query, ...Object.entries(objectIn(text))];
  for (const [name, value] of fields) {
    if (!/(callbackURL|redirectTo|redirect_?ur[il])$/i.test(name) || value === undefined) continue;
    if (typeof value !== "string" || !isOwnAddress(publicUrl, value)) {
      throw new Fault("forbidden", `${name} must be an address of this installation`);
    }
  }
}

/** Faults: unprocessable, when a text or a passkey is larger than anything it may be. */
function assertFits(text = ""): void {
  const { email, name, other } = textLimits;
  const fields = objectIn(text);
  for (const [field, value] of Object.entries(fields)) {
    const charsMax = field === "email" ? email : field === "name" ? name : other;
    if (typeof value !== "string" || value.length <= charsMax) continue;
    throw new Fault("unprocessable", `A ${field.slice(0, 50)} has at most ${charsMax} characters`);
  }
  const { response } = fields;
  if (!isObject(response)) return;
  const { error } = PasskeyAnswer.safeParse(response);
  const [problem] = error?.issues ?? [];
  if (problem) {
    const place = ["response", ...problem.path].join(".").slice(0, 200);
    throw new Fault("unprocessable", `${place}: ${problem.message}`);
  }
  if (text.length > passkeyCharsMax) {
    throw new Fault("unprocessable", `A passkey has at most ${passkeyCharsMax} characters`);
  }
}

/** A JSON object, or the fields of a form: the library reads both. */
function objectIn(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return dictionaryOf(new URLSearchParams(text));
  }
}
