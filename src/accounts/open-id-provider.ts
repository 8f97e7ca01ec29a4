import type { OpenIdProvider, SocialProvider } from "../platform/social-providers";

/**
 * The OpenID provider that a request to the sign-in library is about: to begin with it, to come back from it, or to
 * join it to an account. `path` is the library's own.
 */
export function openIdProviderOf(
  providers: SocialProvider[],
  path: string,
  body: string | undefined,
): OpenIdProvider | undefined {
  const [, fromCallback] = /^\/callback\/([^/?]+)/.exec(path) ?? [];
  const id = fromCallback ?? (/^\/(sign-in\/social|link-social)\b/.test(path) && providerIn(body));
  return providers.find(
    (each): each is OpenIdProvider => each.provider === "oidc" && each.id === id,
  );
}

function providerIn(body: string | undefined): unknown {
  try {
    return (JSON.parse(body ?? "") as { provider?: unknown } | null)?.provider;
  } catch {
    return undefined;
  }
}
