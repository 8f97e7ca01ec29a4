import { createHash } from "node:crypto";
import { randomHex } from "../platform/ids";
import type { Dialect } from "./dialect";

/** Only this is stored of a token. Tokens are 256 random bits, so a plain hash is enough. */
export const hashToken = (token: string) => createHash("sha256").update(token).digest("hex");

const secretBytes = 32;

/** A new token of a person, in the form that its clients look for. */
export const mintUserToken = (dialect: Dialect): string =>
  dialect === "sentry" ? `sntryu_${randomHex(secretBytes)}` : randomHex(secretBytes);

/**
 * A new token of an organization. sentry-cli reads address and organization out of it, so that neither must be
 * configured (documented form of Sentry's organization tokens: prefix, payload in base64, secret).
 */
export function mintOrgToken(publicUrl: string, orgSlug: string, now: Date): string {
  const payload = { iat: +now / 1000, url: publicUrl, region_url: publicUrl, org: orgSlug };
  const secret = Buffer.from(randomHex(secretBytes), "hex").toString("base64").replace(/=+$/, "");
  return `sntrys_${btoa(JSON.stringify(payload))}_${secret}`;
}

/** Enough to recognise a token by, too little to use it. */
export const hintOf = (token: string) =>
  `${/^sntry[us]_/.exec(token)?.[0] ?? ""}${"*".repeat(8)}${token.slice(-4)}`;

const hashedMark = "sha256:";

/** Recovery codes are kept hashed; one that is so already stays as it is. */
export const hashRecoveryCode = (code: string) =>
  code.startsWith(hashedMark) ? code : hashedMark + hashToken(code);
