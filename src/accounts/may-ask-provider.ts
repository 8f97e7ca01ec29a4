import { z } from "zod";
import type { Deps } from "../deps";
import { reasonNotAsked } from "../protocol/outbound-rules";

const documentBytesMax = 200_000;
const redirectsMax = 3;

/** OpenID Connect Discovery 1.0, section 3, as far as somebody is asked because of it. */
const Discovery = z.object({
  token_endpoint: z.url(),
  userinfo_endpoint: z.url().optional(),
  jwks_uri: z.string().optional(),
});

/**
 * Whether an OpenID provider answers, and leads to no place that may not be asked. The sign-in library asks by itself
 * afterwards, and cannot be given what was found here.
 */
export async function mayAskProvider({ outbound, deadlineMs }: Deps, url: string) {
  const answer = await outbound.ask({
    url,
    method: "GET",
    headers: [["accept", "application/json"]],
    redirectsMax,
    bodyBytesMax: documentBytesMax,
    deadlineMs,
  });
  if (!answer.ok || answer.status !== 200 || answer.isCut) return false;
  const found = Discovery.safeParse(jsonOf(answer.body));
  if (!found.success) return false;
  const { token_endpoint, userinfo_endpoint, jwks_uri } = found.data;
  return [token_endpoint, userinfo_endpoint, jwks_uri].every((each) => {
    if (each === undefined) return true;
    return URL.canParse(each, url) && !reasonNotAsked(new URL(each, url).href, outbound.rules);
  });
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
