import { z } from "@hono/zod-openapi";

/** Characters of base64url: an id has at most 1023 bytes, a user handle 64; certificates are the longest of the rest. */
const base64url = (charsMax: number) => z.string().max(charsMax).optional();
const word = z.string().max(32);
const membersMax = 20;

/**
 * What a browser says of a passkey (WebAuthn level 3, RegistrationResponseJSON and AuthenticationResponseJSON). Only
 * sizes are held here: what is in it, the sign-in library checks.
 */
export const PasskeyAnswer = z
  .object({
    id: base64url(1400),
    rawId: base64url(1400),
    type: word.optional(),
    authenticatorAttachment: word.nullish(),
    clientExtensionResults: z
      .record(z.string().max(64), z.unknown())
      .refine((results) => Object.keys(results).length <= membersMax, "has too many members")
      .optional()
      .openapi({ type: "object", maxProperties: membersMax }),
    response: z
      .object({
        clientDataJSON: base64url(4000),
        attestationObject: base64url(32_000),
        authenticatorData: base64url(4000),
        signature: base64url(4000),
        userHandle: base64url(100).nullable(),
        publicKey: base64url(4000),
        publicKeyAlgorithm: z.number().int().min(-1_000_000).max(1_000_000).optional(),
        transports: z.array(word).max(membersMax).optional(),
      })
      .optional(),
  })
  .openapi("PasskeyAnswer");

/** Of the whole, with whatever else a browser adds. */
export const passkeyCharsMax = 65_536;
