import { createHmac, randomBytes } from "node:crypto";
import type { Stack } from "./harness";
import { noteSecret } from "./secrets";

/** An address that no other browser of this or an earlier run has: guesses are counted per address. */
export const newIp = () => `10.${[...randomBytes(3)].join(".")}`;

const secretField = /"(?:\w*[pP]assword|code|token|key|invitation)":"([^"]+)"/g;

/** A browser without a screen: keeps cookies, names its origin, proves where its requests begin. */
export function openBrowser(stack: Stack, ip = newIp()) {
  const jar = new Map<string, string>();
  const send = (method: string, path: string, body?: unknown, headers = {}) =>
    ask(method, path, body === undefined ? undefined : JSON.stringify(body), {
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    });
  const ask = async (
    method: string,
    path: string,
    body: string | undefined,
    headers: Record<string, string>,
  ) => {
    for (const [, secret] of body?.matchAll(secretField) ?? []) noteSecret(secret);
    const response = await fetch(stack.url + path, {
      method,
      redirect: "manual",
      headers: {
        origin: "https://brinkwatch.example",
        "cf-connecting-ip": ip,
        ...(jar.size > 0 && { cookie: [...jar].map(([k, v]) => `${k}=${v}`).join("; ") }),
        ...(jar.has("csrftoken") && { "x-csrftoken": jar.get("csrftoken") ?? "" }),
        ...headers,
      },
      ...(body !== undefined && { body }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = "", ...attributes] = cookie.split(";");
      const at = pair.indexOf("=");
      noteSecret(...pair.slice(at + 1).split("."));
      const isGone = attributes.some((each) => /^ *max-age=0$/i.test(each));
      if (isGone) jar.delete(pair.slice(0, at));
      else jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  };
  const post = (path: string, body: unknown = {}, headers = {}) =>
    send("POST", path, body, headers);
  return {
    jar,
    send,
    post,
    get: (path: string) => send("GET", path),
    /** As a page without scripts sends it: fields, no header of ours. */
    sendForm: (path: string, fields: Record<string, string>) =>
      ask("POST", path, new URLSearchParams(fields).toString(), {
        "content-type": "application/x-www-form-urlencoded",
        "x-csrftoken": "",
      }),
    signUp: (email: string, password: string, more = {}) =>
      post("/api/auth/sign-up/email", { email, password, name: "Ada", ...more }),
    signIn: (email: string, password: string) =>
      post("/api/auth/sign-in/email", { email, password }),
    /** Whether the API knows who this is. */
    isSignedIn: async () => (await send("GET", "/api/0/users/me/")).status === 200,
  };
}

type Browser = ReturnType<typeof openBrowser>;

/** Opens a page, as a browser without scripts does. */
export async function visit(browser: Browser, path: string) {
  const response = await browser.get(path);
  return { status: response.status, text: await response.text(), response };
}

/** Sends a form of a page, with the hidden field it had. */
export async function submit(
  browser: Browser,
  path: string,
  page: string,
  fields: Record<string, string>,
) {
  const [, csrf = ""] = /name="csrf" value="([^"]+)"/.exec(page) ?? [];
  const response = await browser.sendForm(path, { csrf, ...fields });
  return { status: response.status, text: await response.text() };
}

/**
 * RFC 6238, SHA-1, six digits; the secret as an otpauth address carries it. A code is good for one use, and none before
 * it afterwards: a second use takes the one that comes `later`. Each is accepted for half a minute more, however slow
 * the machine is; a code of the past might be too old when it arrives.
 */
export function totpOf(uri: string, later: -1 | 0 | 1 = 0): string {
  const secret = new URL(uri).searchParams.get("secret") ?? "";
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  let bits = "";
  for (const char of secret.replace(/=+$/, "")) {
    bits += alphabet.indexOf(char).toString(2).padStart(5, "0");
  }
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + later));
  const digest = createHmac("sha1", key).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 15;
  const code = (digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000;
  return String(code).padStart(6, "0");
}

type Mail = { to: string; subject: string; text: string; html: string };

/** Mails that were read already: they stay as they are, and a mailbox that many tests use grows long. */
const readMails = new Map<string, Promise<Mail>>();

/** What was mailed to an address, newest first. */
export async function mailsTo(stack: Stack, address: string): Promise<Mail[]> {
  const { bucket } = stack.control;
  const read = async (key: string) =>
    JSON.parse(Buffer.from((await bucket.get(key)) ?? "").toString()) as Mail;
  const mails = (await bucket.list("mailbox/")).map((key) => {
    const name = `${stack.databaseUrl} ${key}`;
    const mail = readMails.get(name) ?? read(key);
    readMails.set(name, mail);
    return mail;
  });
  return (await Promise.all(mails)).filter(({ to }) => to === address);
}

/** The link in the newest mail to an address. */
export async function linkTo(stack: Stack, address: string): Promise<string> {
  const [mail] = await mailsTo(stack, address);
  const [link] = /https:\/\/\S+/.exec(mail?.text ?? "") ?? [];
  noteSecret(...(link ?? "").split(/[/?=&]/).filter((part) => part.length >= 24));
  if (!link) throw new Error(`no mail to ${address}`);
  return link;
}
