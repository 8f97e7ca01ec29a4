import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBrowser } from "../browser";
import { makeTenant, type Stack, startStack } from "../harness";
import { changingNothing } from "../state";
import { type OpenIdProvider, startOpenIdProvider } from "./openid-provider";

const holder: { provider?: OpenIdProvider } = {};
const provider = () => {
  if (!holder.provider) throw new Error("no provider");
  return holder.provider;
};

const stacks: { open?: Stack; closed?: Stack } = {};
const stackOf = (name: "open" | "closed"): Stack => {
  const stack = stacks[name];
  if (!stack) throw new Error("no stack");
  return stack;
};

beforeAll(async () => {
  holder.provider = await startOpenIdProvider();
  const SOCIAL_PROVIDERS = JSON.stringify([
    provider().setting,
    { provider: "github", clientId: "gh", clientSecret: "s3cret" },
    {
      provider: "gitlab",
      clientId: "gl",
      clientSecret: "s3cret",
      url: "https://gitlab.example.com",
    },
    { provider: "google", clientId: "go", clientSecret: "s3cret" },
    { provider: "microsoft", clientId: "ms", clientSecret: "s3cret", tenant: "acme" },
  ]);
  const open = {
    SOCIAL_PROVIDERS,
    ENABLE_SOCIAL_APPS_USER_REGISTRATION: "true",
    ENABLE_USER_REGISTRATION: "true",
  };
  stacks.open = await startStack({ bindings: open });
  stacks.closed = await startStack({ bindings: { SOCIAL_PROVIDERS } });
});
afterAll(async () => {
  await stacks.open?.dispose();
  await stacks.closed?.dispose();
  await holder.provider?.close();
});

const newAddress = () => `${randomBytes(5).toString("hex")}@example.com`;

/** Goes to the provider and comes back; what the callback answers with. */
async function come(
  stack: Stack,
  who: { sub: string; email: string; email_verified?: boolean },
  change: (callback: URL) => void = () => {},
  by = openBrowser(stack),
) {
  const started = await by.post("/api/auth/sign-in/social", {
    provider: "company",
    callbackURL: "/",
  });
  const { url } = (await started.json()) as { url: string };
  const asked = new URL(url).searchParams;
  Object.assign(provider().claims, { email_verified: true, ...who, nonce: asked.get("nonce") });
  const callback = new URL(`${stack.url}/api/auth/callback/company`);
  callback.searchParams.set("code", "abc");
  callback.searchParams.set("state", asked.get("state") ?? "");
  change(callback);
  const back = await by.get(callback.pathname + callback.search);
  return { asked, back, browser: by, isSignedIn: await by.isSignedIn() };
}

describe("signing in with another service", () => {
  test("a provider that does not answer says so, keeps nobody else out, and is there again when it does", async () => {
    // The first of all requests: what it finds must not be remembered.
    const by = openBrowser(stackOf("open"));
    const body = { provider: "company", callbackURL: "/" };
    provider().state.isDown = true;
    const down = await by.post("/api/auth/sign-in/social", body);
    expect([down.status, await down.json()]).toEqual([
      503,
      { detail: "Company does not answer; try again later." },
    ]);
    const password = "a long enough phrase";
    expect((await by.signUp(newAddress(), password)).status).toBe(200);
    const other = await openBrowser(stackOf("open")).post("/api/auth/sign-in/social", {
      ...body,
      provider: "github",
    });
    expect(other.status).toBe(200);
    provider().state.isDown = false;
    expect((await by.post("/api/auth/sign-in/social", body)).status).toBe(200);
  });

  test("GlitchTip's page sends a form and is sent on to the provider", async () => {
    const stack = stackOf("open");
    const by = openBrowser(stack);
    await by.get("/_allauth/browser/v1/config");
    const send = (fields: Record<string, string>) =>
      by.sendForm("/_allauth/browser/v1/auth/provider/redirect", {
        provider: "company",
        process: "login",
        callback_url: "/projects",
        csrfmiddlewaretoken: by.jar.get("csrftoken") ?? "",
        ...fields,
      });
    const sent = await send({});
    const goal = new URL(sent.headers.get("location") ?? "");
    expect([sent.status, goal.pathname]).toEqual([302, "/authorize"]);
    const email = newAddress();
    Object.assign(provider().claims, { sub: email, email, nonce: goal.searchParams.get("nonce") });
    const state = goal.searchParams.get("state");
    const back = await by.get(`/api/auth/callback/company?code=abc&state=${state}`);
    expect([back.status, back.headers.get("location")]).toEqual([302, "/projects"]);
    expect(await by.isSignedIn()).toBe(true);

    expect((await send({ csrfmiddlewaretoken: "x" })).status).toBe(403);
    expect((await send({ callback_url: "https://evil.example/" })).status).toBe(403);
    expect((await send({ provider: "nobody" })).status).toBe(400);
  });

  test("the state and a PKCE challenge go out; the person comes back signed in", async () => {
    const email = newAddress();
    const { asked, back, browser, isSignedIn } = await come(stackOf("open"), { sub: email, email });
    expect([back.status, back.headers.get("location"), isSignedIn]).toEqual([302, "/", true]);
    expect(asked.get("code_challenge_method")).toBe("S256");
    const challenge = createHash("sha256").update(provider().seen.verifier).digest("base64url");
    expect(asked.get("code_challenge")).toBe(challenge);
    expect(asked.get("redirect_uri")).toBe("https://brinkwatch.example/api/auth/callback/company");
    const me = await (await browser.get("/api/0/users/me/")).json();
    expect(me).toMatchObject({
      email,
      hasPasswordAuth: false,
      identities: [{ provider: "company" }],
    });
  });

  test("a state of another browser, a made-up one, and a wrong nonce are refused", async () => {
    const stack = stackOf("open");
    const email = newAddress();
    const forged = await come(stack, { sub: email, email }, (callback) =>
      callback.searchParams.set("state", "made-up"),
    );
    expect(forged.isSignedIn).toBe(false);
    const victim = openBrowser(stack);
    const mine = openBrowser(stack);
    const { asked } = await come(stack, { sub: email, email }, () => {}, mine);
    const stolen = await victim.get(
      `/api/auth/callback/company?code=abc&state=${asked.get("state")}`,
    );
    expect([stolen.status, await victim.isSignedIn()]).toEqual([302, false]);
    const replayed = await come(stack, { sub: email, email }, () => {
      provider().claims.nonce = "another";
    });
    expect(replayed.isSignedIn).toBe(false);
  });

  test("an id token that the browser brings along by itself is not taken", async () => {
    const body = { provider: "company", idToken: { token: "a.b.c", nonce: "x" } };
    for (const path of ["/api/auth/sign-in/social", "/api/auth/link-social"]) {
      const sent = await openBrowser(stackOf("open")).post(path, body);
      expect([sent.status, await sent.json()]).toEqual([
        400,
        expect.objectContaining({ code: "ID_TOKEN_NOT_SUPPORTED" }),
      ]);
    }
  });

  test("who is turned away comes back to the page of signing in with the reason", async () => {
    const stack = stackOf("closed");
    await makeTenant(stack);
    const stranger = newAddress();
    const { back } = await come(stack, { sub: stranger, email: stranger });
    const goal = new URL(back.headers.get("location") ?? "", "https://brinkwatch.example");
    expect([goal.origin, goal.pathname]).toEqual(["https://brinkwatch.example", "/login"]);
    expect(goal.searchParams.get("socialLoginError")).toBe("true");
    expect(goal.searchParams.get("error")).toBe("REGISTRATION_CLOSED");
  });

  test("a provider that is named twice is a mistake in the settings", async () => {
    const one = { provider: "github", clientId: "a", clientSecret: "b" };
    const stack = await startStack({ bindings: { SOCIAL_PROVIDERS: JSON.stringify([one, one]) } });
    try {
      const answer = await fetch(`${stack.url}/api/settings/`);
      expect([answer.status, await answer.json()]).toEqual([
        503,
        { detail: "Brinkwatch is not configured. SOCIAL_PROVIDERS: names github twice" },
      ]);
    } finally {
      await stack.dispose();
    }
  });

  test("the way back leads to our own origin only", async () => {
    const body = { provider: "company", callbackURL: "https://evil.example/" };
    const response = await openBrowser(stackOf("open")).post("/api/auth/sign-in/social", body);
    expect(response.status).toBe(403);
  });

  test("joins an existing person only when both addresses are proven", async () => {
    const stack = stackOf("open");
    const tries = async (isLocalProven: boolean, isTheirsProven: boolean) => {
      const email = newAddress();
      await openBrowser(stack).signUp(email, "correct horse battery");
      await stack.sql.query("update users set email_verified = $2 where email = $1", [
        email,
        isLocalProven,
      ]);
      const who = { sub: email, email, email_verified: isTheirsProven };
      return (await come(stack, who)).isSignedIn;
    };
    expect([
      await tries(true, true),
      await tries(true, false),
      await tries(false, true),
      await tries(false, false),
    ]).toEqual([true, false, false, false]);
  });

  test("where social sign-up is closed, only an invited and proven address may come in", async () => {
    const stack = stackOf("closed");
    const tenant = await makeTenant(stack);
    const stranger = newAddress();
    expect((await come(stack, { sub: stranger, email: stranger })).isSignedIn).toBe(false);
    const guest = newAddress();
    const invited = await tenant.call("POST", `/api/0/organizations/${tenant.slug}/members/`, {
      email: guest,
    });
    expect(invited.status).toBe(201);
    const unproven = { sub: guest, email: guest, email_verified: false };
    expect((await come(stack, unproven)).isSignedIn).toBe(false);
    expect((await come(stack, { sub: guest, email: guest })).isSignedIn).toBe(true);
  });

  test("coming back from the service proves again who it is: what asks for a fresh sign-in opens, for nobody else", async () => {
    const stack = stackOf("open");
    const [email, other] = [newAddress(), newAddress()];
    const { browser } = await come(stack, { sub: email, email });
    const age = () =>
      stack.sql.query(
        `update sessions set authenticated_at = now() - interval '1 hour'
          where user_id = (select id from users where email = $1)`,
        [email],
      );
    const addAddress = async () => {
      const send = () => browser.post("/api/0/users/me/emails/", { email: newAddress() });
      return (await send()).status;
    };
    await age();
    const path = "/api/0/users/me/emails/";
    const refused = await changingNothing(stack.sql, path, () =>
      browser.post(path, { email: newAddress() }),
    );
    expect([refused.status, await refused.json()]).toEqual([
      403,
      { detail: expect.stringContaining("sign in again first"), code: "SESSION_NOT_FRESH" },
    ]);
    // A state that nobody began, or a person that the service does not vouch for, proves nothing.
    const forge = (callback: URL) => callback.searchParams.set("state", "made-up");
    await come(stack, { sub: email, email }, forge, browser);
    expect(await addAddress()).toBe(403);
    await come(stack, { sub: email, email }, () => {}, browser);
    expect(await addAddress()).toBe(201);
    // Somebody else's account at the service makes the browser theirs; the first person is no fresher for it.
    await age();
    const { browser: theirs } = await come(stack, { sub: other, email: other }, () => {}, browser);
    expect(await (await theirs.get("/api/0/users/me/")).json()).toMatchObject({ email: other });
    const { rows } = await stack.sql.query(
      `select 1 from sessions s join users u on u.id = s.user_id
        where u.email = $1 and s.authenticated_at > now() - interval '10 minutes'`,
      [email],
    );
    expect(rows).toEqual([]);
  });

  test("a deactivated person does not come back in", async () => {
    const stack = stackOf("open");
    const email = newAddress();
    await come(stack, { sub: email, email });
    await stack.sql.query("update users set is_active = false where email = $1", [email]);
    expect((await come(stack, { sub: email, email })).isSignedIn).toBe(false);
  });

  test("the providers are listed for both kinds of pages", async () => {
    const stack = stackOf("open");
    const settings = await (await fetch(`${stack.url}/api/settings/`)).json();
    expect(settings).toMatchObject({
      socialApps: [
        { name: "Company", provider: "company", client_id: "brinkwatch" },
        { name: "GitHub", provider: "github", client_id: "gh" },
        { name: "GitLab", provider: "gitlab", client_id: "gl" },
        { name: "Google", provider: "google", client_id: "go" },
        { name: "Microsoft", provider: "microsoft", client_id: "ms" },
      ],
    });
    const config = await (await fetch(`${stack.url}/_allauth/browser/v1/config`)).json();
    expect(config).toMatchObject({
      data: { socialaccount: { providers: [{ id: "company" }, { id: "github" }, {}, {}, {}] } },
    });
    expect(JSON.stringify([settings, config])).not.toContain("s3cret");
  });

  test.each([
    ["github", "https://github.com/login/oauth/authorize", "gh"],
    ["gitlab", "https://gitlab.example.com/oauth/authorize", "gl"],
    ["google", "https://accounts.google.com/o/oauth2/v2/auth", "go"],
    ["microsoft", "https://login.microsoftonline.com/acme/oauth2/v2.0/authorize", "ms"],
  ])("%s begins at its own address, and comes back to ours", async (name, address, client) => {
    const body = { provider: name, callbackURL: "/" };
    const started = await openBrowser(stackOf("open")).post("/api/auth/sign-in/social", body);
    const { url } = (await started.json()) as { url: string };
    const asked = new URL(url);
    expect(asked.origin + asked.pathname).toBe(address);
    expect(Object.fromEntries(asked.searchParams)).toMatchObject({
      client_id: client,
      redirect_uri: `https://brinkwatch.example/api/auth/callback/${name}`,
      state: expect.stringMatching(/.{16,}/),
    });
  });

  test("a provider's tokens are stored encrypted and handed out to nobody", async () => {
    const stack = stackOf("open");
    const email = newAddress();
    const { browser } = await come(stack, { sub: email, email });
    const { rows } = await stack.sql.query(
      "select access_token from accounts where account_id = $1",
      [email],
    );
    expect(rows[0].access_token).not.toBe("a");
    const asked = await browser.post("/api/auth/get-access-token", { providerId: "company" });
    expect(asked.status).toBe(404);
  });
});
