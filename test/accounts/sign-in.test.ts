import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { linkTo, mailsTo, newIp, openBrowser, totpOf } from "../browser";
import { eventually, makeTenant, useStack } from "../harness";

const stack = useStack({ bindings: { ENABLE_USER_REGISTRATION: "true" } });
const password = "correct horse battery";
const newAddress = () => `${randomBytes(5).toString("hex")}@example.com`;
const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;

async function signedUp() {
  const browser = openBrowser(stack);
  const email = newAddress();
  const response = await browser.signUp(email, password);
  expect([response.status, await response.clone().text()]).toEqual([200, expect.anything()]);
  const { user } = (await response.json()) as { user: { id: string } };
  return { browser, email, userId: Number(user.id) };
}

describe("password", () => {
  test("signs up, in and out; the session opens the API", async () => {
    const { browser, email } = await signedUp();
    expect(await browser.isSignedIn()).toBe(true);
    await browser.post("/api/auth/sign-out");
    expect(await browser.isSignedIn()).toBe(false);
    expect((await browser.signIn(email.toUpperCase(), password)).status).toBe(200);
    expect(await browser.isSignedIn()).toBe(true);
    const me = await (await browser.get("/api/0/users/me/")).json();
    expect(me).toMatchObject({ email, hasPasswordAuth: true, lastLogin: expect.any(String) });
  });

  test("the session cookie is HttpOnly, Lax and Secure; a forged or bare token opens nothing", async () => {
    const { browser, email } = await signedUp();
    const response = await browser.signIn(email, password);
    const cookie = response.headers.getSetCookie().find((each) => each.startsWith("sessionid="));
    expect(cookie).toMatch(/; HttpOnly/i);
    expect(cookie).toMatch(/; Secure/i);
    expect(cookie).toMatch(/; SameSite=Lax/i);
    const [token = "", signature = ""] = decodeURIComponent(
      browser.jar.get("sessionid") ?? "",
    ).split(".");
    for (const forged of [token, `${token}.`, `${token}x.${signature}`, `x.${signature}`]) {
      browser.jar.set("sessionid", encodeURIComponent(forged));
      expect([forged, await browser.isSignedIn()]).toEqual([forged, false]);
    }
    // What the database holds is not enough to make a cookie.
    const { rows } = await stack.sql.query("select token from sessions where token = $1", [token]);
    expect(rows).toHaveLength(1);
  });

  test("the session id is a new one at every sign-in, and again when the password changes", async () => {
    const { browser, email } = await signedUp();
    const first = browser.jar.get("sessionid");
    await browser.signIn(email, password);
    const second = browser.jar.get("sessionid");
    const elsewhere = openBrowser(stack);
    await elsewhere.signIn(email, password);
    const changed = await browser.post("/api/auth/change-password", {
      currentPassword: password,
      newPassword: "an entirely different one",
    });
    expect(changed.status).toBe(200);
    const third = browser.jar.get("sessionid");
    expect(new Set([first, second, third]).size).toBe(3);
    expect(await browser.isSignedIn()).toBe(true);
    expect(await elsewhere.isSignedIn()).toBe(false);
  });

  test("an unknown address is answered like a wrong password", async () => {
    const { browser, email } = await signedUp();
    const wrong = await browser.signIn(email, "not the password");
    const unknown = await browser.signIn(newAddress(), "not the password");
    expect([wrong.status, await wrong.json()]).toEqual([unknown.status, await unknown.json()]);
    expect(unknown.status).toBe(401);
  });

  test.each([
    ["short1", /at least 8/],
    ["12345678901", /all digits/],
    ["Password123", /too common/],
    ["aaaaaaaaaaaa", /repeated/],
    ["x".repeat(129), /at most 128/],
  ])("a weak password is refused with the reason: %s", async (weak, reason) => {
    const response = await openBrowser(stack).signUp(newAddress(), weak);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      code: "WEAK_PASSWORD",
      detail: expect.stringMatching(reason),
    });
  });

  test("a password that is the address is refused", async () => {
    const email = `margarethe-${newAddress()}`;
    const response = await openBrowser(stack).signUp(email, `${email.split("@")[0]}!`);
    expect(await codeOf(response)).toBe("WEAK_PASSWORD");
  });

  test("sign-in from another site is refused", async () => {
    const { email } = await signedUp();
    const response = await openBrowser(stack).post(
      "/api/auth/sign-in/email",
      { email, password },
      { origin: "https://evil.example", "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors" },
    );
    expect(response.status).toBe(403);
    expect(response.headers.getSetCookie().join()).not.toContain("sessionid=");
  });

  test("redirects lead to our own origin only", async () => {
    const { email } = await signedUp();
    const response = await openBrowser(stack).post("/api/auth/request-password-reset", {
      email,
      redirectTo: "https://evil.example/steal",
    });
    expect(response.status).toBe(403);
  });
});

describe("guessing", () => {
  test("six wrong passwords for one address from one network are too many; others are free", async () => {
    const { email, browser: known } = await signedUp();
    const ip = newIp();
    const guess = () => openBrowser(stack, ip).signIn(email, "wrong wrong wrong");
    const statuses = [];
    for (let n = 0; n < 7; n++) statuses.push((await guess()).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
    const locked = await openBrowser(stack, ip).signIn(email, password);
    expect([locked.status, locked.headers.get("retry-after")]).toEqual([429, "300"]);
    expect((await openBrowser(stack).signIn(email, password)).status).toBe(200);
    const other = await signedUp();
    expect((await openBrowser(stack, ip).signIn(other.email, password)).status).toBe(200);

    // The browser of the address itself is where the strangers are, and is not held up by them.
    const near = openBrowser(stack, ip);
    near.jar.set("brinkwatch.device", known.jar.get("brinkwatch.device") ?? "");
    expect((await near.signIn(email, password)).status).toBe(200);
    near.jar.set("brinkwatch.device", other.browser.jar.get("brinkwatch.device") ?? "");
    expect((await near.signIn(email, password)).status).toBe(429);
  });

  test("many addresses from one IP are too many as well", async () => {
    const browser = openBrowser(stack);
    const statuses = new Set();
    for (let round = 0; round < 5; round++) {
      const attempts = Array.from({ length: 11 }, () =>
        browser.signIn(newAddress(), "wrong wrong"),
      );
      for (const { status } of await Promise.all(attempts)) statuses.add(status);
    }
    expect([...statuses].toSorted()).toEqual([401, 429]);
  });

  test("so are many addresses of one IPv6 network", async () => {
    const network = `2001:db8:${randomBytes(2).toString("hex")}:${randomBytes(2).toString("hex")}`;
    const statuses = new Set();
    for (let round = 0; round < 5; round++) {
      const attempts = Array.from({ length: 11 }, (_, n) =>
        openBrowser(stack, `${network}::${round}:${n}`).signIn(newAddress(), "wrong wrong"),
      );
      for (const { status } of await Promise.all(attempts)) statuses.add(status);
    }
    expect([...statuses].toSorted()).toEqual([401, 429]);
  });

  test("who is in already cannot guess the password either", async () => {
    const { browser } = await signedUp();
    const statuses = [];
    for (let n = 0; n < 6; n++) {
      const body = { password: `wrong wrong wrong ${n}` };
      statuses.push((await browser.post("/api/auth/two-factor/enable", body)).status);
    }
    expect(statuses).toEqual([400, 400, 400, 400, 400, 429]);
    // Naming another address each time is no way around it.
    const named = { password: "wrong wrong wrong", email: newAddress() };
    expect((await browser.post("/api/auth/two-factor/enable", named)).status).toBe(429);
  });

  test("the right password lets an address begin anew", async () => {
    const { browser, email } = await signedUp();
    for (let round = 0; round < 3; round++) {
      for (let n = 0; n < 4; n++) await browser.signIn(email, "wrong wrong wrong");
      expect((await browser.signIn(email, password)).status).toBe(200);
    }
  });
});

describe("reset and verification", () => {
  test("a reset link works once, is stored hashed, ends every session, and says nothing of strangers", async () => {
    const { browser, email } = await signedUp();
    const ask = (address: string) =>
      openBrowser(stack).post("/api/auth/request-password-reset", { email: address });
    const [known, unknown] = [await ask(email), await ask(newAddress())];
    expect([known.status, await known.json()]).toEqual([unknown.status, await unknown.json()]);
    const link = await eventually(() => linkTo(stack, email));
    const token = link.split("/").at(-1) ?? "";
    const { rows } = await stack.sql.query("select identifier, value from verifications");
    expect(JSON.stringify(rows)).not.toContain(token);

    const reset = (newPassword: string) =>
      openBrowser(stack).post("/api/auth/reset-password", { token, newPassword });
    expect(await codeOf(await reset("12345678901"))).toBe("WEAK_PASSWORD");
    expect((await reset("a brand new password")).status).toBe(200);
    expect((await reset("and another password")).status).toBe(400);
    expect(await browser.isSignedIn()).toBe(false);
    expect((await browser.signIn(email, password)).status).toBe(401);
    expect((await browser.signIn(email, "a brand new password")).status).toBe(200);
  });

  test("the mail that verifies an address has a plain and an HTML part", async () => {
    const { email, userId } = await signedUp();
    const link = await eventually(() => linkTo(stack, email));
    const [mail] = await mailsTo(stack, email);
    expect(mail?.html).toContain(`<a href="${link}"`);
    const key = link.split("/").at(-2) ?? "";
    const browser = openBrowser(stack);
    await browser.get("/_allauth/browser/v1/config");
    expect(
      (await browser.post("/_allauth/browser/v1/auth/email/verify", { key: "a.b.c" })).status,
    ).toBe(400);
    expect((await browser.post("/_allauth/browser/v1/auth/email/verify", { key })).status).toBe(
      200,
    );
    const { rows } = await stack.sql.query("select email_verified from users where id = $1", [
      userId,
    ]);
    expect(rows).toEqual([{ email_verified: true }]);
  });

  test("whoever signed up with somebody else's address loses everything when the owner resets the password", async () => {
    const { browser, email, userId } = await signedUp();
    const made = await browser.post("/api/0/api-tokens/", { scopes: ["org:read"], label: "mine" });
    const { token } = (await made.json()) as { token: string };
    const tokenWorks = async () =>
      (
        await fetch(`${stack.url}/api/0/organizations/`, {
          headers: { authorization: `Bearer ${token}` },
        })
      ).status;
    expect(await tokenWorks()).toBe(200);
    await stack.sql.query(
      "insert into accounts (account_id, provider_id, user_id) values ('99', 'github', $1)",
      [userId],
    );
    await openBrowser(stack).post("/api/auth/request-password-reset", { email });
    const link = await eventually(async () => {
      const found = await linkTo(stack, email);
      expect(found).toContain("/reset-password/");
      return found;
    });
    const owner = openBrowser(stack);
    const body = { token: link.split("/").at(-1), newPassword: "the owner's own one" };
    expect((await owner.post("/api/auth/reset-password", body)).status).toBe(200);
    expect([await browser.isSignedIn(), await tokenWorks()]).toEqual([false, 401]);
    const { rows } = await stack.sql.query(
      "select provider_id, email_verified from accounts a join users u on u.id = a.user_id where u.id = $1",
      [userId],
    );
    expect(rows).toEqual([{ provider_id: "credential", email_verified: true }]);
  });
});

describe("second factor", () => {
  async function withTotp() {
    const { browser, email, userId } = await signedUp();
    const enabled = await browser.post("/api/auth/two-factor/enable", { password });
    const { totpURI, backupCodes } = (await enabled.json()) as {
      totpURI: string;
      backupCodes: string[];
    };
    const code = totpOf(totpURI);
    const verified = await browser.post("/api/auth/two-factor/verify-totp", { code });
    expect([verified.status, await verified.clone().text()]).toEqual([200, expect.anything()]);
    return { browser, email, userId, totpURI, backupCodes };
  }

  test("after the password a code is asked for; it works once, and no older one does", async () => {
    const { email, totpURI } = await withTotp();
    const browser = openBrowser(stack);
    const first = await browser.signIn(email, password);
    expect(await first.json()).toMatchObject({ twoFactorRedirect: true });
    expect(await browser.isSignedIn()).toBe(false);
    const code = totpOf(totpURI, 1);
    const verify = (by: typeof browser, given: string) =>
      by.post("/api/auth/two-factor/verify-totp", { code: given });
    expect((await verify(browser, "000000")).status).toBe(401);
    expect((await verify(browser, code)).status).toBe(200);
    expect(await browser.isSignedIn()).toBe(true);

    const thief = openBrowser(stack);
    await thief.signIn(email, password);
    const replayed = await verify(thief, code);
    expect([replayed.status, await thief.isSignedIn()]).toEqual([401, false]);
    await thief.signIn(email, password);
    expect((await verify(thief, totpOf(totpURI, -1))).status).toBe(401);
    expect(await thief.isSignedIn()).toBe(false);
  });

  test("recovery codes are stored hashed and work once", async () => {
    const { email, userId, backupCodes } = await withTotp();
    const [code = "", next = ""] = backupCodes;
    const { rows } = await stack.sql.query(
      "select secret, backup_codes from two_factors where user_id = $1",
      [userId],
    );
    for (const each of backupCodes) expect(JSON.stringify(rows)).not.toContain(each);
    const use = async (given: string) => {
      const browser = openBrowser(stack);
      await browser.signIn(email, password);
      await browser.post("/api/auth/two-factor/verify-backup-code", { code: given });
      return browser.isSignedIn();
    };
    expect([await use(code), await use(code), await use(next)]).toEqual([true, false, true]);
  });

  test("a recovery code sent by many at once lets one of them in", async () => {
    const { email, userId, backupCodes } = await withTotp();
    const browsers = Array.from({ length: 4 }, () => openBrowser(stack));
    for (const browser of browsers) await browser.signIn(email, password);
    // All of them have read the codes before one may write.
    const client = await stack.sql.connect();
    await client.query("begin");
    await client.query("select 1 from two_factors where user_id = $1 for update", [userId]);
    const sent = browsers.map((each) =>
      each.post("/api/auth/two-factor/verify-backup-code", { code: backupCodes[0] }),
    );
    try {
      await eventually(async () => {
        const { rows } = await client.query(
          "select count(*)::int as waiting from pg_locks l join pg_stat_activity a using (pid) where not l.granted and a.datname = current_database()",
        );
        expect(rows[0].waiting).toBeGreaterThanOrEqual(browsers.length);
      });
    } finally {
      await client.query("commit");
      client.release();
    }
    const statuses = (await Promise.all(sent)).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([200, 409, 409, 409]);
    const isIn = await Promise.all(browsers.map((each) => each.isSignedIn()));
    expect(isIn.filter(Boolean)).toHaveLength(1);
  });

  test("a second factor begun many times at once is begun once", async () => {
    const { browser } = await signedUp();
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => browser.post("/api/auth/two-factor/enable", { password })),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses).toContain(200);
    expect(statuses.filter((status) => status !== 200 && status !== 409)).toEqual([]);
  });

  test("new recovery codes count once one of them is sent back, and replace the old ones", async () => {
    const { browser, email, backupCodes } = await withTotp();
    const path = "/api/0/generate-recovery-codes/";
    expect((await browser.post(path, { code: "abc" })).status).toBe(400);
    const { codes } = (await (await browser.get(path)).json()) as { codes: string[] };
    expect((await browser.post(path, { code: "abc" })).status).toBe(400);
    expect((await browser.post(path, { code: codes[0] })).status).toBe(204);
    const use = async (given: string | undefined) => {
      const other = openBrowser(stack);
      await other.signIn(email, password);
      return (await other.post("/api/auth/two-factor/verify-backup-code", { code: given })).status;
    };
    expect([await use(backupCodes[0]), await use(codes[1])]).toEqual([401, 200]);
  });

  test("guessing codes is limited per challenge", async () => {
    const { email } = await withTotp();
    const browser = openBrowser(stack);
    await browser.signIn(email, password);
    const statuses = [];
    for (let n = 0; n < 7; n++) {
      const response = await browser.post("/api/auth/two-factor/verify-totp", { code: "000000" });
      statuses.push(response.status);
    }
    expect(statuses.slice(0, 5)).toEqual([401, 401, 401, 401, 401]);
    expect(statuses.at(-1)).not.toBe(200);
    expect(await browser.isSignedIn()).toBe(false);
  });
});

describe("sessions and tokens", () => {
  test("a deactivated person loses sessions and tokens at once, and cannot sign in", async () => {
    const { browser, email, userId } = await signedUp();
    const made = await browser.post("/api/0/api-tokens/", { scopes: ["org:read"] });
    const { token } = (await made.json()) as { token: string };
    await stack.sql.query("update users set is_active = false where id = $1", [userId]);
    expect(await browser.isSignedIn()).toBe(false);
    const byToken = await fetch(`${stack.url}/api/0/organizations/`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(byToken.status).toBe(401);
    expect((await openBrowser(stack).signIn(email, password)).status).toBe(403);
  });

  test("sessions are listed and revoked", async () => {
    const { browser, email } = await signedUp();
    const ip = newIp();
    const elsewhere = openBrowser(stack, ip);
    await elsewhere.signIn(email, password);
    const sessions = (await (await browser.get("/api/auth/list-sessions")).json()) as {
      token: string;
      ipAddress: string;
    }[];
    expect(sessions.map(({ ipAddress }) => ipAddress)).toContain(ip);
    const theirs = sessions.find(({ ipAddress }) => ipAddress === ip);
    await browser.post("/api/auth/revoke-session", { token: theirs?.token });
    expect([await elsewhere.isSignedIn(), await browser.isSignedIn()]).toEqual([false, true]);
  });

  test.each([
    "update-user",
    "verify-password",
    "delete-user",
    "set-password",
    "refresh-token",
    "account-info",
    "ok",
  ])("the library's /%s, which nobody needs, is closed", async (door) => {
    const { browser } = await signedUp();
    expect((await browser.post(`/api/auth/${door}`, { name: "x", password })).status).toBe(404);
    expect((await browser.get(`/api/auth/${door}`)).status).toBe(404);
  });

  test("a bearer token never opens what is for browsers, nor signs anybody in", async () => {
    const tenant = await makeTenant(stack);
    const headers = { authorization: `Bearer ${tenant.token}` };
    for (const path of ["/api/0/api-tokens/", "/api/0/generate-recovery-codes/"]) {
      expect((await fetch(stack.url + path, { headers })).status).toBe(401);
    }
    const session = await fetch(`${stack.url}/api/auth/get-session`, { headers });
    expect(await session.json()).toBeNull();
    const allauth = await fetch(`${stack.url}/_allauth/browser/v1/auth/session`, { headers });
    expect(allauth.status).toBe(401);
  });
});

describe("further addresses", () => {
  test("added, confirmed by mail once, made the main one, the old one removed", async () => {
    const { browser, email } = await signedUp();
    const second = newAddress();
    const path = "/api/0/users/me/emails/";
    expect((await browser.post(path, { email: second })).status).toBe(201);
    expect((await browser.send("PUT", path, { email: second })).status).toBe(404);
    const link = await eventually(() => linkTo(stack, second));
    const key = link.split("/").at(-2);
    const verify = () => browser.post("/_allauth/browser/v1/auth/email/verify", { key });
    expect([(await verify()).status, (await verify()).status]).toEqual([200, 400]);
    expect((await browser.send("PUT", path, { email: second })).status).toBe(200);
    expect(await (await browser.get(path)).json()).toEqual([
      { email: second, isPrimary: true, isVerified: true },
      { email, isPrimary: false, isVerified: false },
    ]);
    expect((await browser.send("DELETE", path, { email })).status).toBe(204);
    expect((await browser.send("DELETE", path, { email: second })).status).toBe(404);
    expect((await openBrowser(stack).signIn(second, password)).status).toBe(200);
  });

  test("an unproven address binds nobody: its owner may still sign up, and then it cannot be proven by another", async () => {
    const { browser } = await signedUp();
    const wanted = newAddress();
    await browser.post("/api/0/users/me/emails/", { email: wanted });
    const link = await eventually(() => linkTo(stack, wanted));
    expect((await openBrowser(stack).signUp(wanted, password)).status).toBe(200);
    const key = link.split("/").at(-2);
    const verified = await browser.post("/_allauth/browser/v1/auth/email/verify", { key });
    expect(verified.status).toBe(400);
    expect((await browser.post("/api/0/users/me/emails/", { email: wanted })).status).toBe(400);
  });
});
