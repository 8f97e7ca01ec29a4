import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import {
  hashToken,
  isMinted,
  isTokenForm,
  mintOrgToken,
  mintUserToken,
} from "../../src/access/token";
import { newIp } from "../browser";
import { makeTenant, useStack } from "../harness";
import { authSecret } from "../stack";

const stack = useStack();
const secret = authSecret;
const path = "/api/0/organizations/";
const unknown = () => randomBytes(32).toString("hex");

const ask = async (token: string, ip: string) => {
  const response = await fetch(stack.url + path, {
    headers: { authorization: `Bearer ${token}`, "cf-connecting-ip": ip },
  });
  return [response.status, response.headers.get("retry-after")];
};

test("a network that tries tokens which nobody has must wait; whoever has one does not", async () => {
  const tenant = await makeTenant(stack);
  const ip = newIp();
  const minted = mintUserToken("sentry", secret);
  await tenant.addToken(minted, ["org:read"]);
  // A token from before tokens had check digits, in use here.
  expect(await ask(tenant.token, ip)).toEqual([200, null]);
  for (let n = 0; n < 60; n++) expect(await ask(unknown(), ip)).toEqual([401, null]);
  expect(await ask(unknown(), ip)).toEqual([429, "60"]);
  expect(await ask(tenant.token, ip)).toEqual([200, null]);
  expect(await ask(minted, ip)).toEqual([200, null]);
  expect(await ask(unknown(), newIp())).toEqual([401, null]);
});

test("what cannot be a token reaches no database, and counts for nothing", async () => {
  const ip = newIp();
  const malformed = [
    "x",
    `${unknown()}0`,
    unknown().toUpperCase(),
    "sntrys__x",
    `sntryx_${unknown()}`,
  ];
  for (let n = 0; n < 65; n++) {
    expect(await ask(malformed[n % malformed.length] ?? "", ip)).toEqual([401, null]);
  }
  expect(malformed.filter(isTokenForm)).toEqual([]);
  expect(await ask(unknown(), ip)).toEqual([401, null]);
});

test("tokens of every kind are known for ours by their check digits, and for nobody else's", () => {
  const now = new Date("2026-01-01T00:00:00Z");
  const made = [
    mintUserToken("glitchtip", secret),
    mintUserToken("sentry", secret),
    mintOrgToken("https://brinkwatch.example", "acme", now, secret),
  ];
  for (const token of made) {
    expect([isTokenForm(token), isMinted(token, secret)]).toEqual([true, true]);
    expect([isMinted(token, `${secret}x`), isMinted(token, undefined)]).toEqual([false, false]);
    const last = token.at(-1) === "A" || token.at(-1) === "0" ? "8" : "0";
    expect(isMinted(token.slice(0, -1) + last, secret)).toBe(false);
  }
  expect(isTokenForm(mintUserToken("sentry", undefined))).toBe(true);
  expect(isMinted(mintUserToken("sentry", undefined), secret)).toBe(false);
  expect(new Set(made.map(hashToken)).size).toBe(3);
});
