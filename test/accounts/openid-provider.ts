import { generateKeyPairSync, sign } from "node:crypto";
import { createServer, type RequestListener } from "node:http";
import { closeServer, listen, portOf, readAll } from "../../scripts/local/neon-bridge";

/** What the provider vouches for, as each test says it. */
export type Claims = { sub: string; email: string; email_verified: boolean; nonce: string };

/** An OpenID provider outside. A browser that comes is sent back at once, as the person of the claims. */
export async function startOpenIdProvider() {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const claims: Claims = { sub: "", email: "", email_verified: true, nonce: "" };
  const seen = { verifier: "", authorized: 0 };
  const base = () => `http://127.0.0.1:${portOf(server)}`;
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

  const idToken = () => {
    const now = Math.floor(Date.now() / 1000);
    const about = { iss: base(), aud: "brinkwatch", iat: now, exp: now + 300 };
    const text = `${part({ alg: "RS256", kid: "1" })}.${part({ ...claims, ...about })}`;
    return `${text}.${sign("sha256", Buffer.from(text), privateKey).toString("base64url")}`;
  };
  const answerAll: RequestListener = (request, response) => {
    const url = new URL(request.url ?? "/", base());
    const answer = (body: object) =>
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (url.pathname === "/.well-known/openid-configuration") {
      return void answer({
        issuer: base(),
        authorization_endpoint: `${base()}/authorize`,
        token_endpoint: `${base()}/token`,
        jwks_uri: `${base()}/keys`,
        id_token_signing_alg_values_supported: ["RS256"],
      });
    }
    if (url.pathname === "/keys") {
      const key = { ...publicKey.export({ format: "jwk" }), kid: "1", alg: "RS256", use: "sig" };
      return void answer({ keys: [key] });
    }
    if (url.pathname === "/authorize") {
      seen.authorized += 1;
      claims.nonce = url.searchParams.get("nonce") ?? "";
      const back = new URL(url.searchParams.get("redirect_uri") ?? "");
      back.searchParams.set("code", "abc");
      back.searchParams.set("state", url.searchParams.get("state") ?? "");
      return void response.writeHead(302, { location: back.href }).end();
    }
    return void readAll(request).then((body) => {
      seen.verifier = new URLSearchParams(body.toString()).get("code_verifier") ?? "";
      answer({ access_token: "a", token_type: "Bearer", id_token: idToken() });
    });
  };
  const state = { isDown: false };
  const server = createServer((request, response) =>
    state.isDown ? void response.writeHead(503).end() : answerAll(request, response),
  );
  await listen(server);
  return {
    claims,
    seen,
    state,
    /** As `SOCIAL_PROVIDERS` names it. */
    setting: {
      provider: "oidc",
      id: "company",
      name: "Company",
      clientId: "brinkwatch",
      clientSecret: "s3cret",
      discoveryUrl: `${base()}/.well-known/openid-configuration`,
    },
    close: () => closeServer(server),
  };
}
export type OpenIdProvider = Awaited<ReturnType<typeof startOpenIdProvider>>;
