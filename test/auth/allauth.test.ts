import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { linkTo, openBrowser } from "../browser";
import { eventually, makeTenant, useStack } from "../harness";

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
        expect.stringMatching(/^csrftoken=[0-9a-f]{32}; Path=\//),
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
  test("open: signed in at once; a taken address and a weak password are told apart", async () => {
    const browser = openBrowser(open);
    await browser.get(`${root}/config`);
    const email = newAddress();
    const signUp = (body: object) => browser.post(`${root}/auth/signup`, body);
    const made = await signUp({ email, password });
    expect([made.status, await browser.isSignedIn()]).toEqual([200, true]);
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
    expect((await browser.post(`${root}/auth/login`, { email, password })).status).toBe(403);
    expect(await browser.isSignedIn()).toBe(false);
    const link = await eventually(() => linkTo(strict, email));
    const key = link.split("/").at(-2);
    expect((await browser.post(`${root}/auth/email/verify`, { key })).status).toBe(200);
    expect((await browser.post(`${root}/auth/login`, { email, password })).status).toBe(200);
  });
});
