import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { randomHex } from "../platform/ids";
import type { Dialect } from "./dialect";

/** Only this is stored of a token. Tokens have 192 random bits or more, so a plain hash is enough. */
export const hashToken = (token: string) => createHash("sha256").update(token).digest("hex");

const randomBytes = 24;
const checkBytes = 8;

/** Check digits that only this installation can make: a token is known for ours without being looked up. */
const checkOf = (random: string, authSecret: string) =>
  createHmac("sha256", authSecret)
    .update(`api-token:${random}`)
    .digest("hex")
    .slice(0, checkBytes * 2);

/** 256 bits in hex, 192 of them random; all of them where there is no secret to make check digits with. */
function mintSecret(authSecret: string | undefined): string {
  const random = randomHex(randomBytes);
  return random + (authSecret ? checkOf(random, authSecret) : randomHex(checkBytes));
}

/** A new token of a person, in the form that its clients look for. */
export const mintUserToken = (dialect: Dialect, authSecret: string | undefined): string =>
  (dialect === "sentry" ? "sntryu_" : "") + mintSecret(authSecret);

/**
 * A new token of an organization. sentry-cli reads address and organization out of it, so that neither must be
 * configured (documented form of Sentry's organization tokens: prefix, payload in base64, secret).
 */
export function mintOrgToken(
  publicUrl: string,
  orgSlug: string,
  now: Date,
  authSecret: string | undefined,
): string {
  const payload = { iat: +now / 1000, url: publicUrl, region_url: publicUrl, org: orgSlug };
  const secret = Buffer.from(mintSecret(authSecret), "hex").toString("base64").replace(/=+$/, "");
  return `sntrys_${btoa(JSON.stringify(payload))}_${secret}`;
}

const userToken = /^(?:sntryu_)?([0-9a-f]{64})$/;
const orgToken = /^sntrys_[A-Za-z0-9+/=]{1,4096}_([A-Za-z0-9+/]{43})$/;

/** Whether a token could be one of ours at all. */
export const isTokenForm = (token: string): boolean =>
  userToken.test(token) || orgToken.test(token);

/** Whether this installation made the token, by its check digits. Tokens from elsewhere and older ones have none. */
export function isMinted(token: string, authSecret: string | undefined): boolean {
  const [, packed] = orgToken.exec(token) ?? [];
  const secret = packed
    ? Buffer.from(packed, "base64").toString("hex")
    : userToken.exec(token)?.[1];
  if (!secret || !authSecret) return false;
  const random = secret.slice(0, randomBytes * 2);
  const given = Buffer.from(secret.slice(randomBytes * 2));
  return timingSafeEqual(given, Buffer.from(checkOf(random, authSecret)));
}

/** Enough to recognise a token by, too little to use it. */
export const hintOf = (token: string) =>
  `${/^sntry[us]_/.exec(token)?.[0] ?? ""}${"*".repeat(8)}${token.slice(-4)}`;
