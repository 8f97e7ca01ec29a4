import { Buffer } from "node:buffer";
import { lookUp } from "../protocol/dictionary";
import { isObject } from "../protocol/json";

export type TokenPerson = {
  id: string;
  email: string;
  emailVerified: boolean;
  name?: string;
};

/**
 * Who an ID token is about, with the address from a claim that the operator named. The token came from the provider itself,
 * which the sign-in library asked. Without such a claim, or where it holds no address: nobody.
 */
export function personOfToken(idToken: string | undefined, claim: string): TokenPerson | null {
  const claims = claimsOf(idToken);
  if (!claims) return null;
  const text = (name: string) => {
    const value = lookUp(claims, name);
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const [id, email, name] = [text("sub"), text(claim), text("name")];
  if (id === undefined || email === undefined || !/^[^\s@]{1,64}@[^\s@]{1,255}$/.test(email))
    return null;
  return {
    id,
    email,
    emailVerified: lookUp(claims, "email_verified") === true,
    ...(name !== undefined && { name }),
  };
}

function claimsOf(idToken: string | undefined): { [name: string]: unknown } | undefined {
  const [, payload = ""] = (idToken ?? "").split(".");
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString());
    return isObject(claims as never) ? (claims as { [name: string]: unknown }) : undefined;
  } catch {
    return undefined;
  }
}
