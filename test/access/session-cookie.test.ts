import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { sessionTokenOf } from "../../src/access/session-cookie";

const secret = "0123456789abcdef0123456789abcdef";
const token = "Yp3wHOLm6zTnLq0V1c2tVn8pJr5sKx7a";
const signatureOf = (text: string, by = secret) =>
  createHmac("sha256", by).update(text).digest("base64");
const signed = (text: string, by?: string) =>
  encodeURIComponent(`${text}.${signatureOf(text, by)}`);

test.each([
  ["as sign-in signs it", `sessionid=${signed(token)}`],
  ["between other cookies", `csrftoken=abc; sessionid=${signed(token)}; xsessionid=1`],
  ["before a second one of the same name", `sessionid=${signed(token)}; sessionid=x.y`],
])("a cookie is a session's %s", async (_, cookies) => {
  expect(await sessionTokenOf(cookies, secret)).toBe(token);
  expect(await sessionTokenOf(cookies, undefined)).toBeUndefined();
});

test.each([
  ["no cookie", ""],
  ["another cookie", `xsessionid=${signed(token)}`],
  ["no signature", `sessionid=${token}`],
  ["the signature of another secret", `sessionid=${signed(token, "f".repeat(32))}`],
  ["the signature of another token", `sessionid=${encodeURIComponent(`x.${signatureOf(token)}`)}`],
  ["a signature that is none", `sessionid=${token}.${"*".repeat(43)}%3D`],
  ["a signature of nothing", `sessionid=${signed("")}`],
  ["an encoding that is broken", `sessionid=${token}.%E0%A4%A`],
  ["a name of every object", "__proto__=x; constructor=y"],
])("%s is no session", async (_, cookies) => {
  expect(await sessionTokenOf(cookies, secret)).toBeUndefined();
});
