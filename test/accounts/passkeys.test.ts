import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { openBrowser } from "../browser";
import { useStack } from "../harness";
import { changingNothing } from "../state";
import { makeAuthenticator } from "./authenticator";

const stack = useStack({ bindings: { ENABLE_USER_REGISTRATION: "true" } });
const [rpId, origin] = ["brinkwatch.example", "https://brinkwatch.example"];
type Browser = ReturnType<typeof openBrowser>;
type Authenticator = ReturnType<typeof makeAuthenticator>;

async function challengeOf(response: Response): Promise<string> {
  expect(response.status).toBe(200);
  return ((await response.json()) as { challenge: string }).challenge;
}

async function register(browser: Browser, authenticator: Authenticator) {
  const options = await browser.get("/api/auth/passkey/generate-register-options");
  const response = authenticator.register(await challengeOf(options));
  return browser.post("/api/auth/passkey/verify-registration", { response, name: "My key" });
}

async function enter(browser: Browser, authenticator: Authenticator) {
  const options = await browser.get("/api/auth/passkey/generate-authenticate-options");
  const response = authenticator.authenticate(await challengeOf(options));
  return {
    response,
    answer: await browser.post("/api/auth/passkey/verify-authentication", { response }),
  };
}

async function person() {
  const browser = openBrowser(stack);
  const email = `${randomBytes(5).toString("hex")}@example.com`;
  expect((await browser.signUp(email, "correct horse battery")).status).toBe(200);
  return { browser, email };
}

test("a passkey signs in without a password, and the same answer does not do so twice", async () => {
  const { browser, email } = await person();
  const authenticator = makeAuthenticator(rpId, origin);
  const registered = await register(browser, authenticator);
  expect([registered.status, await registered.clone().text()]).toEqual([200, expect.anything()]);

  const other = openBrowser(stack);
  const { answer, response } = await enter(other, authenticator);
  expect([answer.status, await answer.clone().text()]).toEqual([200, expect.anything()]);
  expect(await (await other.get("/api/0/users/me/")).json()).toMatchObject({ email });

  const thief = openBrowser(stack);
  await thief.get("/api/auth/passkey/generate-authenticate-options");
  const replayed = await thief.post("/api/auth/passkey/verify-authentication", { response });
  expect(replayed.status).not.toBe(200);
  expect(await thief.isSignedIn()).toBe(false);
});

test("it takes the place of a code when a second factor is asked for", async () => {
  const { browser, email } = await person();
  const authenticator = makeAuthenticator(rpId, origin);
  await register(browser, authenticator);
  await stack.sql.query("update users set two_factor_enabled = true where email = $1", [email]);
  const other = openBrowser(stack);
  const half = await other.signIn(email, "correct horse battery");
  expect(await half.json()).toMatchObject({ twoFactorRedirect: true });
  expect(await other.isSignedIn()).toBe(false);
  expect((await enter(other, authenticator)).answer.status).toBe(200);
  expect(await other.isSignedIn()).toBe(true);
});

test("what a browser says of a passkey has a largest size, in every part", async () => {
  const { browser } = await person();
  const authenticator = makeAuthenticator(rpId, origin);
  const options = await browser.get("/api/auth/passkey/generate-register-options");
  const good = authenticator.register(await challengeOf(options));
  const long = "A".repeat(40_000);
  const many = Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`n${n}`, true]));
  const hostile: [place: string, response: object][] = [
    ["response.id", { ...good, id: long }],
    ["response.rawId", { ...good, rawId: long }],
    ["response.clientExtensionResults", { ...good, clientExtensionResults: many }],
    ["A passkey has at most", { ...good, more: [long, long] }],
    ...["clientDataJSON", "attestationObject", "signature", "userHandle", "publicKey"].map(
      (name): [string, object] => [
        `response.response.${name}`,
        { ...good, response: { ...good.response, [name]: long } },
      ],
    ),
    [
      "response.response.transports",
      { ...good, response: { ...good.response, transports: Array(21).fill("usb") } },
    ],
  ];
  const ways = hostile.flatMap(([place, response]): [string, string, object][] => [
    [place, "/api/auth/passkey/verify-registration", { response }],
    [place, "/api/auth/passkey/verify-authentication", { response }],
    [place, "/_allauth/browser/v1/account/authenticators/webauthn", { credential: response }],
    [place, "/_allauth/browser/v1/auth/webauthn/login", { credential: response }],
  ]);
  for (const [place, path, body] of ways) {
    const refused = await changingNothing(stack.sql, path, () => browser.post(path, body));
    expect([path, refused.status, await refused.json()]).toEqual([
      path,
      422,
      { detail: expect.stringContaining(place) },
    ]);
  }
  // It is the size alone that was wrong.
  const sent = { response: good, name: "My key" };
  expect((await browser.post("/api/auth/passkey/verify-registration", sent)).status).toBe(200);
});

test("a key that did not ask its owner does not sign in", async () => {
  const { browser } = await person();
  const careless = makeAuthenticator(rpId, origin, false);
  expect((await register(browser, careless)).status).toBe(200);
  const other = openBrowser(stack);
  const { answer } = await enter(other, careless);
  expect([answer.status, await answer.json()]).toEqual([
    401,
    expect.objectContaining({ code: "USER_NOT_VERIFIED" }),
  ]);
  expect(await other.isSignedIn()).toBe(false);
});

test("a key of another site, and one that nobody registered, do not sign in", async () => {
  const { browser } = await person();
  const authenticator = makeAuthenticator(rpId, origin);
  await register(browser, authenticator);
  const phished = makeAuthenticator("evil.example", "https://evil.example");
  for (const stranger of [phished, makeAuthenticator(rpId, origin)]) {
    const other = openBrowser(stack);
    expect((await enter(other, stranger)).answer.status).toBeGreaterThanOrEqual(400);
    expect(await other.isSignedIn()).toBe(false);
  }
});

test("passkeys are listed and removed by their owner only", async () => {
  const { browser } = await person();
  await register(browser, makeAuthenticator(rpId, origin));
  const list = async (by: Browser) =>
    (await (await by.get("/api/auth/passkey/list-user-passkeys")).json()) as {
      id: string;
      name: string;
    }[];
  const [mine] = await list(browser);
  expect(mine?.name).toBe("My key");
  const stranger = (await person()).browser;
  const remove = (by: Browser) => by.post("/api/auth/passkey/delete-passkey", { id: mine?.id });
  expect((await remove(stranger)).status).toBeGreaterThanOrEqual(400);
  expect(await list(browser)).toHaveLength(1);
  expect((await remove(browser)).status).toBe(200);
  expect(await list(browser)).toEqual([]);
});
