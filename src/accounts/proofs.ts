import { createHash } from "node:crypto";
import { personalKinds } from "./account-queries";

/** The count of guesses begins with the name of what is guessed at, so it is looked for first. */
const kinds = ["2fa-attempts", ...personalKinds];

/** How a proof is found again: hashed, so that the table opens nothing, but for its kind, so that it can be ended. */
export function storedIdentifier(identifier: string): string {
  const kind = kinds.find((each) => identifier.startsWith(each)) ?? "other";
  return `${kind}:${createHash("sha256").update(identifier).digest("base64url")}`;
}
