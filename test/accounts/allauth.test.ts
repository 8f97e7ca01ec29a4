import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { linkTo, openBrowser, totpOf } from "../browser";
import { eventually, makeTenant, useStack } from "../harness";
import { makeAuthenticator } from "./authenticator";

/** What GlitchTip's own clients do with django-allauth's headless API. */
const open = useStack({ bindings: { ENABLE_USER_REGISTRATION: "true" } });
const closed = useStack();
const root = "/_allauth/browser/v1";
const password = "correct horse battery";
const newAddress = () => `${randomBytes(5).toString("hex")}@example.com`;

describe("the first page", () => {
  test("HEAD and GET hand out the csrf cookie, readable by scripts, once", async () => {
    for (const [method, path] of [
      ["HEAD", "auth/login"],
      ["GET", "config"],
      ["GET", "auth/session"],
    ]) {
      const response = await fetch(`${open.url}${root}/${path}`, { method: method ?? "GET" });
      const [cookie = ""] = response.headers.getSetCookie();
      expect([path, cookie]).toEqual([
        path,
        expect.stringMatching(/^csrftoken=[0-9a-f]{32}; Max-Age=31536000; Path=\/;/),
      ]);
      expect(cookie).not.toMatch(/HttpOnly/i);
    }
    const again = await fetch(`${open.url}${root}/config`, {
      headers: { cookie: "csrftoken=abc" },
    });
    expect(again.headers.getSetCookie()).toEqual([]);
  });

  test("a stranger's session is 401 with the ways in; sign-up is one where it is open", async () => {
    const flows = async (url: string) => {
      const response = await fetch(`${url}${root}/auth/session`);
      return [response.status, await response.json()];
    };
    const stranger = (...ids: string[]) => [
      401,
      {
        status: 401,
        data: { flows: ids.map((id) => ({ id })) },
        meta: { is_authenticated: false },
      },
    ];
    expect(await flows(open.url)).toEqual(stranger("login", "signup"));
    await makeTenant(closed);
    expect(await flows(closed.url)).toEqual(stranger("login"));
  });
});

describe("signing in as the Pulumi provider does", () => {
  test("config, login with Origin and X-CSRFToken, then tokens", async () => {
    const email = newAddress();
    await openBrowser(open).signUp(email, password);
    const browser = openBrowser(open);
    expect((await browser.get(`${root}/config`)).status).toBe(200);
    const login = await browser.post(`${root}/auth/login`, { email, password });
    expect([login.status, await login.json()]).toEqual([
      200,
      {
        status: 200,
        data: {
          user: {
            id: expect.any(Number),
            display: email,
            email,
            username: email,
            has_usable_password: true,
          },
          methods: [{ method: "password", email }],
        },
        meta: { is_authenticated: true },
      },
    ]);
    expect(browser.jar.has("sessionid")).toBe(true);
    const made = await browser.post("/api/0/api-tokens/", {
      label: "pulumi",
      scopes: ["org:read"],
    });
    expect(made.status).toBe(201);
    expect(await (await browser.get("/api/0/api-tokens/")).json()).toMatchObject([
      { label: "pulumi" },
    ]);
    const gone = await browser.send("DELETE", `${root}/auth/session`);
    expect([gone.status, await browser.isSignedIn()]).toEqual([401, false]);
  });

  test("a wrong password, a missing csrf token, too many tries: in allauth's words", async () => {
    const email = newAddress();
    await openBrowser(open).signUp(email, password);
    const browser = openBrowser(open);
    await browser.get(`${root}/config`);
    const wrong = await browser.post(`${root}/auth/login`, { email, password: "not this one" });
    expect([wrong.status, await wrong.json()]).toMatchObject([
      400,
      {
        status: 400,
        errors: [
          { code: "email_password_mismatch", param: "password", message: expect.any(String) },
        ],
      },
    ]);
    const forged = await browser.post(
      `${root}/auth/login`,
      { email, password },
      { "x-csrftoken": "no" },
    );
    expect([forged.status, await forged.json()]).toEqual([403, { detail: "CSRF check Failed" }]);
    for (let n = 0; n < 5; n++)
      await browser.post(`${root}/auth/login`, { email, password: "wrong one" });
    const limited = await browser.post(`${root}/auth/login`, { email, password });
    expect([limited.status, limited.headers.get("retry-after")]).toEqual([429, "300"]);
    expect(await limited.json()).toMatchObject({ errors: [{ code: "too_many_login_attempts" }] });
  });
});

describe("signing up", () => {
  test("open: signed in at once; a taken address and a weak password are different answers", async () => {
    const browser = openBrowser(open);
    await browser.get(`${root}/config`);
    const email = newAddress();
    const made = await browser.post(`${root}/auth/signup`, { email, password });
    expect([made.status, await browser.isSignedIn()]).toEqual([200, true]);
    // Who is in already gets another answer.
    for (const door of ["signup", "login"]) {
      const again = await browser.post(`${root}/auth/${door}`, { email, password });
      expect([door, again.status]).toEqual([door, 409]);
    }
    const other = openBrowser(open);
    await other.get(`${root}/config`);
    const signUp = (body: object) => other.post(`${root}/auth/signup`, body);
    expect(await (await signUp({ email, password })).json()).toMatchObject({
      errors: [{ code: "email_taken", param: "email" }],
    });
    const weak = await signUp({ email: newAddress(), password: "password1" });
    expect(await weak.json()).toMatchObject({
      errors: [{ code: "password_too_weak", param: "password" }],
    });
  });

  test("closed: 403, except for the very first person and for who is invited", async () => {
    const empty = closed;
    await empty.sql.query("delete from organizations; delete from users");
    const first = openBrowser(empty);
    await first.get(`${root}/config`);
    expect(
      (await first.post(`${root}/auth/signup`, { email: newAddress(), password })).status,
    ).toBe(200);
    const second = openBrowser(empty);
    await second.get(`${root}/config`);
    expect(
      (await second.post(`${root}/auth/signup`, { email: newAddress(), password })).status,
    ).toBe(403);
    const tenant = await makeTenant(empty);
    const email = newAddress();
    const invited = await tenant.call("POST", `/api/0/organizations/${tenant.slug}/members/`, {
      email,
    });
    const { inviteLink } = (await invited.json()) as { inviteLink: string };
    const invitation = new URL(inviteLink).pathname.replace("/accept/", "");
    const joined = await second.post(`${root}/auth/signup`, { email, password, invitation });
    expect(joined.status).toBe(200);
    const { rows } = await empty.sql.query("select email_verified from users where email = $1", [
      email,
    ]);
    // The link may have been copied by whoever invited, so it proves nothing about the address.
    expect(rows).toEqual([{ email_verified: false }]);
  });
});

describe("passwords", () => {
  test("reset by mail, then changed", async () => {
    const email = newAddress();
    const browser = openBrowser(open);
    await browser.get(`${root}/config`);
    await browser.post(`${root}/auth/signup`, { email, password });
    const asked = await browser.post(`${root}/auth/password/request`, { email });
    expect([asked.status, await asked.json()]).toEqual([200, { status: 200, data: {} }]);
    const link = await eventually(async () => {
      const found = await linkTo(open, email);
      expect(found).toContain("/reset-password/set-new-password/");
      return found;
    });
    const key = link.split("/").at(-1);
    const next = "another good passphrase";
    expect(
      (await browser.post(`${root}/auth/password/reset`, { key, password: next })).status,
    ).toBe(401);
    expect(await browser.isSignedIn()).toBe(false);
    expect(
      (await browser.post(`${root}/auth/password/reset`, { key, password: next })).status,
    ).toBe(400);
    expect((await browser.post(`${root}/auth/login`, { email, password: next })).status).toBe(200);
    const change = (current_password: string) =>
      browser.post(`${root}/account/password/change`, {
        current_password,
        new_password: "a third passphrase",
      });
    const wrong = await change("not mine at all");
    expect(await wrong.json()).toMatchObject({ errors: [{ code: "enter_current_password" }] });
    expect((await change(next)).status).toBe(200);
    expect(await browser.isSignedIn()).toBe(true);
  });
});

describe("where a request begins", () => {
  const onHttp = useStack({
    bindings: { ENABLE_USER_REGISTRATION: "true", PUBLIC_URL: "http://brinkwatch.example" },
  });
  const login = async (stack: typeof open, headers: Record<string, string>) => {
    const email = newAddress();
    const ours = stack === onHttp ? "http://brinkwatch.example" : "https://brinkwatch.example";
    const signedUp = await openBrowser(stack).post(
      "/api/auth/sign-up/email",
      { email, password, name: "" },
      { origin: ours },
    );
    expect(signedUp.status).toBe(200);
    const response = await fetch(`${stack.url}${root}/auth/login`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        cookie: "csrftoken=abc",
        "x-csrftoken": "abc",
        ...headers,
      },
      body: JSON.stringify({ email, password }),
    });
    return [response.status, await response.text()];
  };

  test("a script that sends the cookie and the header, and names no origin, signs in", async () => {
    for (const stack of [onHttp, open]) {
      expect(await login(stack, {})).toEqual([200, expect.stringContaining("is_authenticated")]);
    }
    const referer = "http://brinkwatch.example/login";
    expect(await login(onHttp, { referer })).toMatchObject([200, expect.anything()]);
  });

  test("a foreign origin, a foreign referer and a wrong token are refused for what they are", async () => {
    const strange: Record<string, string>[] = [
      { origin: "http://evil.example" },
      { origin: "null" },
      { referer: "http://evil.example/?http://brinkwatch.example" },
      { referer: "no address" },
      { "x-csrftoken": "abd" },
      { cookie: "csrftoken=" },
    ];
    for (const headers of strange) {
      expect(await login(onHttp, headers)).toEqual([403, '{"detail":"CSRF check Failed"}']);
    }
  });

  test("only a wrong password is called one", async () => {
    const browser = openBrowser(open);
    await browser.get(`${root}/config`);
    const codes = async (body: object) => {
      const answer = await browser.post(`${root}/auth/login`, body);
      return [answer.status, ((await answer.json()) as { errors: { code: string }[] }).errors[0]];
    };
    expect(await codes({ email: newAddress(), password })).toMatchObject([
      400,
      { code: "email_password_mismatch", param: "password" },
    ]);
    expect(await codes({ email: "no address", password })).toMatchObject([
      400,
      { code: "invalid", param: "email" },
    ]);
    expect(await codes({})).toMatchObject([400, { code: "validation_error" }]);
    const { email, userId } = await member();
    await open.sql.query("update users set is_active = false where id = $1", [userId]);
    expect(await codes({ email, password })).toMatchObject([403, { code: "account_inactive" }]);
  });
});

/** Somebody who is signed in and calls as GlitchTip's pages do. */
async function member() {
  const browser = openBrowser(open);
  await browser.get(`${root}/config`);
  const email = newAddress();
  const answer = await browser.post(`${root}/auth/signup`, { email, password });
  const { data } = (await answer.json()) as { data: { user: { id: number } } };
  const call = async (method: string, path: string, body?: object) => {
    const response = await browser.send(method, `${root}/${path}`, body);
    return { status: response.status, body: (await response.json()) as Answer };
  };
  return { browser, email, userId: data.user.id, call };
}
/** As much of the answers as is asked for below; each test says what it expects of it. */
type Answer = {
  status?: number;
  data: Data;
  meta: { secret: string; totp_url: string };
  errors: { code: string; param?: string }[];
};
type Data = Item & Item[];
type Item = {
  id: number;
  ip: string;
  is_current: boolean;
  name: string;
  unused_codes: string[];
  unused_code_count: number;
  user: { email: string };
  creation_options: { publicKey: { challenge: string } };
  request_options: { publicKey: { challenge: string } };
};

const goStale = (userId: number) =>
  open.sql.query(
    "update sessions set authenticated_at = now() - interval '11 minutes' where user_id = $1",
    [userId],
  );

test("whoever is not in hears from every door of one's own how to get in", async () => {
  const browser = openBrowser(open);
  await browser.get(`${root}/config`);
  const doors: [string, string][] = [
    ...["GET", "POST", "PUT", "PATCH", "DELETE"].map((verb): [string, string] => [
      verb,
      "account/email",
    ]),
    ["GET", "account/providers"],
    ["DELETE", "account/providers"],
    ["GET", "account/authenticators"],
    ...["GET", "POST", "DELETE"].map((verb): [string, string] => [
      verb,
      "account/authenticators/totp",
    ]),
    ["GET", "account/authenticators/recovery-codes"],
    ["POST", "account/authenticators/recovery-codes"],
    ...["GET", "POST", "PUT", "DELETE"].map((verb): [string, string] => [
      verb,
      "account/authenticators/webauthn",
    ]),
    ["POST", "account/password/change"],
    ["POST", "auth/reauthenticate"],
    ["POST", "auth/2fa/reauthenticate"],
    ["POST", "auth/webauthn/reauthenticate"],
    ["POST", "auth/email/verify/resend"],
    ["GET", "auth/sessions"],
    ["DELETE", "auth/sessions"],
  ];
  for (const [method, path] of doors) {
    const response = await browser.send(
      method,
      `${root}/${path}`,
      method === "GET" ? undefined : {},
    );
    expect([method, path, response.status, await response.json()]).toEqual([
      method,
      path,
      401,
      {
        status: 401,
        data: { flows: [{ id: "login" }, { id: "signup" }] },
        meta: { is_authenticated: false },
      },
    ]);
  }
});

describe("one's own", () => {
  test("addresses: listed, added, mailed again, made the main one, removed", async () => {
    const { call, email, userId } = await member();
    const second = newAddress();
    const main = { email, primary: true, verified: false };
    expect(await call("GET", "account/email")).toEqual({
      status: 200,
      body: { status: 200, data: [main] },
    });
    const further = { email: second, primary: false, verified: false };
    expect((await call("POST", "account/email", { email: second })).body.data).toEqual([
      main,
      further,
    ]);
    expect((await call("PUT", "account/email", { email: second })).status).toBe(200);
    const codeOf = async (method: string, given: string) => {
      const { status, body } = await call(method, "account/email", { email: given });
      return [status, body.errors?.[0]];
    };
    expect(await codeOf("POST", email)).toMatchObject([
      400,
      { code: "email_taken", param: "email" },
    ]);
    expect(await codeOf("POST", "none")).toMatchObject([400, { code: "invalid" }]);
    expect(await codeOf("PATCH", second)).toMatchObject([
      400,
      { code: "unverified_primary_email" },
    ]);
    expect(await codeOf("DELETE", email)).toMatchObject([400, { code: "unknown_email" }]);
    const link = await eventually(() => linkTo(open, second));
    const key = link.split("/").at(-2) ?? "";
    const peek = await fetch(`${open.url}${root}/auth/email/verify`, {
      headers: { "x-email-verification-key": key },
    });
    expect([peek.status, await peek.json()]).toMatchObject([
      200,
      { data: { email: second, user: { id: userId, email } } },
    ]);
    expect((await call("POST", "auth/email/verify", { key })).status).toBe(200);
    expect((await call("POST", "auth/email/verify", { key })).body.errors[0]).toMatchObject({
      code: "invalid_or_expired_key",
    });
    const moved = await call("PATCH", "account/email", { email: second, primary: true });
    expect(moved.body.data[0]).toEqual({ email: second, primary: true, verified: true });
    expect((await call("DELETE", "account/email", { email })).body.data).toHaveLength(1);
  });

  test("a link for a new password says whose it is", async () => {
    const { call, email, userId } = await member();
    await call("POST", "auth/password/request", { email });
    const link = await eventually(async () => {
      const found = await linkTo(open, email);
      expect(found).toContain("/set-new-password/");
      return found;
    });
    const peek = async (key: string) => {
      const headers = { "x-password-reset-key": key };
      const response = await fetch(`${open.url}${root}/auth/password/reset`, { headers });
      return [response.status, await response.json()];
    };
    const key = link.split("/").at(-1) ?? "";
    expect(await peek(key)).toMatchObject([200, { data: { user: { id: userId } } }]);
    expect(await peek("no key")).toMatchObject([
      400,
      { errors: [{ code: "invalid_password_reset" }] },
    ]);
  });

  test("services: listed by account and removed", async () => {
    const { call, userId } = await member();
    await open.sql.query(
      "insert into accounts (account_id, provider_id, user_id) values ($2, 'github', $1)",
      [userId, `gh-${userId}`],
    );
    expect((await call("GET", "account/providers")).body.data).toEqual([
      { uid: `gh-${userId}`, display: `gh-${userId}`, provider: { id: "github", name: "github" } },
    ]);
    const remove = (account: string) =>
      call("DELETE", "account/providers", { provider: "github", account });
    expect((await remove("another")).body.errors[0]).toMatchObject({ code: "account_not_found" });
    expect(await remove(`gh-${userId}`)).toEqual({ status: 200, body: { status: 200, data: [] } });
  });

  test("sessions: listed and ended, one's own last", async () => {
    const { browser, call, email } = await member();
    const other = openBrowser(open);
    await other.signIn(email, password);
    const { body } = await call("GET", "auth/sessions");
    const current = body.data.find((each) => each.is_current);
    const rest = body.data.filter((each) => !each.is_current);
    expect([rest.length, current?.ip]).toEqual([1, expect.stringMatching(/^10\./)]);
    expect((await call("DELETE", "auth/sessions", { sessions: ["x"] })).status).toBe(400);
    const left = await call("DELETE", "auth/sessions", { sessions: [rest[0]?.id] });
    expect([left.body.data.length, await other.isSignedIn()]).toEqual([1, false]);
    expect((await call("DELETE", "auth/sessions", { sessions: [current?.id] })).status).toBe(401);
    expect(await browser.isSignedIn()).toBe(false);
  });
});

describe("factors", () => {
  test("TOTP and recovery codes: set up, used to prove oneself, renewed, given up", async () => {
    const { call, userId } = await member();
    const totp = "account/authenticators/totp";
    const codes = "account/authenticators/recovery-codes";
    expect((await call("GET", codes)).status).toBe(404);
    expect((await call("POST", codes, {})).status).toBe(403);
    const absent = await call("GET", totp);
    expect(absent).toMatchObject({
      status: 404,
      body: { status: 404, meta: { secret: expect.any(String), totp_url: expect.any(String) } },
    });
    const uri = absent.body.meta.totp_url;
    expect((await call("POST", totp, { code: "000000" })).body.errors[0]).toMatchObject({
      code: "incorrect_code",
      param: "code",
    });
    const made = await call("POST", totp, { code: totpOf(uri) });
    expect(made).toMatchObject({
      status: 200,
      body: { data: { type: "totp", created_at: expect.any(Number) } },
    });
    expect((await call("GET", totp)).status).toBe(200);
    const renewed = await call("POST", codes, {});
    expect(renewed.body.data).toMatchObject({ type: "recovery_codes", unused_code_count: 10 });
    expect(renewed.body.data.unused_codes).toHaveLength(10);

    await goStale(userId);
    const stale = await call("DELETE", totp, {});
    expect(stale).toMatchObject({
      status: 401,
      body: {
        data: {
          flows: [
            { id: "reauthenticate" },
            { id: "mfa_reauthenticate", types: ["totp", "recovery_codes"] },
          ],
        },
        meta: { is_authenticated: true },
      },
    });
    const prove = (code: string) => call("POST", "auth/2fa/reauthenticate", { code });
    expect((await prove("000000")).body.errors[0]).toMatchObject({ code: "incorrect_code" });
    expect((await prove(renewed.body.data.unused_codes[0] ?? "")).status).toBe(200);
    expect((await call("GET", codes)).body.data.unused_code_count).toBe(9);
    await goStale(userId);
    expect((await prove(totpOf(uri, 1))).status).toBe(200);
    expect((await call("GET", "account/authenticators")).body.data).toMatchObject([
      { type: "totp" },
      { type: "recovery_codes" },
    ]);
    expect((await call("DELETE", totp, {})).status).toBe(200);
    expect((await call("GET", "account/authenticators")).body.data).toEqual([]);
  });

  test("the password proves it too, a wrong one and a code nobody asked for do not", async () => {
    const { call, userId } = await member();
    await goStale(userId);
    const prove = (given: string) => call("POST", "auth/reauthenticate", { password: given });
    expect((await prove("not this one")).body.errors[0]).toMatchObject({
      code: "incorrect_password",
      param: "password",
    });
    expect((await call("POST", "auth/2fa/reauthenticate", { code: "000000" })).status).toBe(400);
    const add = () => call("POST", "account/email", { email: newAddress() });
    expect([(await add()).status, (await prove(password)).status, (await add()).status]).toEqual([
      401, 200, 200,
    ]);
  });

  test("passkeys: added, named, used to come in and to prove oneself, removed", async () => {
    const { call, email, userId } = await member();
    const path = "account/authenticators/webauthn";
    const key = makeAuthenticator("brinkwatch.example", "https://brinkwatch.example");
    const begun = await call("GET", path);
    const { challenge } = begun.body.data.creation_options.publicKey;
    const made = await call("POST", path, { name: "Mine", credential: key.register(challenge) });
    expect(made.body.data).toMatchObject({
      type: "webauthn",
      name: "Mine",
      id: expect.any(Number),
    });
    const { id } = made.body.data;
    expect((await call("PUT", path, { id, name: "Renamed" })).body.data.name).toBe("Renamed");
    expect((await call("PUT", path, { id: id + 1, name: "x" })).status).toBe(400);

    const give = async (by: { call: typeof call }, step: string, credential = key) => {
      const options = await by.call("GET", `auth/webauthn/${step}`);
      const publicKey = options.body.data.request_options.publicKey;
      return by.call("POST", `auth/webauthn/${step}`, {
        credential: credential.authenticate(publicKey.challenge),
      });
    };
    await goStale(userId);
    expect((await call("DELETE", path, { authenticators: [id] })).status).toBe(401);
    const stranger = await member();
    expect((await give(stranger, "reauthenticate")).status).toBe(400);
    expect((await give({ call }, "reauthenticate")).status).toBe(200);
    expect((await call("DELETE", path, { authenticators: [id + 1] })).status).toBe(400);

    const browser = openBrowser(open);
    await browser.get(`${root}/config`);
    const knock = async (method: string, door: string, body?: object) => {
      const response = await browser.send(method, `${root}/${door}`, body);
      return { status: response.status, body: (await response.json()) as Answer };
    };
    const entered = await give({ call: knock }, "login");
    expect([entered.status, entered.body.data.user.email]).toEqual([200, email]);
    expect((await call("DELETE", path, { authenticators: [id] })).status).toBe(200);
    expect(await browser.isSignedIn()).toBe(false);
  });
});

describe("where addresses must be verified", () => {
  const strict = useStack({
    bindings: { ENABLE_USER_REGISTRATION: "true", REQUIRE_EMAIL_VERIFICATION: "true" },
  });

  test("nobody is in before the mail was answered", async () => {
    const email = newAddress();
    const browser = openBrowser(strict);
    await browser.get(`${root}/config`);
    const made = await browser.post(`${root}/auth/signup`, { email, password });
    expect([made.status, await made.json()]).toMatchObject([
      401,
      {
        data: {
          flows: [{ id: "login" }, { id: "signup" }, { id: "verify_email", is_pending: true }],
        },
      },
    ]);
    const early = await browser.post(`${root}/auth/login`, { email, password });
    expect([early.status, await early.json()]).toMatchObject([
      401,
      { data: { flows: expect.arrayContaining([{ id: "verify_email", is_pending: true }]) } },
    ]);
    expect(await browser.isSignedIn()).toBe(false);
    const link = await eventually(() => linkTo(strict, email));
    const key = link.split("/").at(-2);
    expect((await browser.post(`${root}/auth/email/verify`, { key })).status).toBe(200);
    expect((await browser.post(`${root}/auth/login`, { email, password })).status).toBe(200);
  });
});
