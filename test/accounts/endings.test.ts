import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { linkTo, mailsTo, openBrowser, totpOf } from "../browser";
import { eventually, useStack } from "../harness";

/** What was open before the way to sign in changed, and what of it ends. */
const stack = useStack({ bindings: { ENABLE_USER_REGISTRATION: "true" } });
const password = "correct horse battery";
const newAddress = () => `${randomBytes(5).toString("hex")}@example.com`;
type Browser = ReturnType<typeof openBrowser>;

async function person() {
  const browser = openBrowser(stack);
  const email = newAddress();
  const answer = await browser.signUp(email, password);
  const userId = Number(((await answer.json()) as { user: { id: string } }).user.id);
  await browser.get("/_allauth/browser/v1/config");
  const verifyKey = await eventually(async () => keyOf(await linkTo(stack, email)));
  return { browser, email, userId, verifyKey };
}

const keyOf = (link: string) => link.replace(/\/$/, "").split("/").at(-1) ?? "";

/** The key in a link for a new password that was just asked for. */
async function resetKey(email: string): Promise<string> {
  const known = new Set((await mailsTo(stack, email)).map(({ text }) => text));
  await openBrowser(stack).post("/api/auth/request-password-reset", { email });
  return eventually(async () => {
    const [mail] = (await mailsTo(stack, email)).filter(({ text }) => !known.has(text));
    const [link = ""] = /https:\S+\/set-new-password\/\S+/.exec(mail?.text ?? "") ?? [];
    expect(link).not.toBe("");
    return keyOf(link);
  });
}

const reset = async (token: string) =>
  (
    await openBrowser(stack).post("/api/auth/reset-password", {
      token,
      newPassword: `a new one ${token.slice(0, 8)}`,
    })
  ).status;

async function verify(key: string): Promise<number> {
  const browser = openBrowser(stack);
  await browser.get("/_allauth/browser/v1/config");
  return (await browser.post("/_allauth/browser/v1/auth/email/verify", { key })).status;
}

/** Signs in elsewhere with a second factor and lets that browser be trusted. */
async function trustedBrowser(email: string, totpURI: string): Promise<Browser> {
  const browser = openBrowser(stack);
  await browser.signIn(email, password);
  const answer = await browser.post("/api/auth/two-factor/verify-totp", {
    code: totpOf(totpURI, 1),
    trustDevice: true,
  });
  expect(answer.status).toBe(200);
  return browser;
}

async function withTotp(browser: Browser): Promise<string> {
  const enabled = await browser.post("/api/auth/two-factor/enable", { password });
  const { totpURI } = (await enabled.json()) as { totpURI: string };
  const code = totpOf(totpURI);
  expect((await browser.post("/api/auth/two-factor/verify-totp", { code })).status).toBe(200);
  return totpURI;
}

/** A further address that was proven. */
async function proven(userId: number): Promise<string> {
  const email = newAddress();
  await stack.sql.query(
    "insert into user_emails (user_id, email, is_verified) values ($1, $2, true)",
    [userId, email],
  );
  return email;
}

describe("links in mails", () => {
  test("an older link for a new password dies when a newer one is used, a stranger's does not", async () => {
    const [{ email }, other] = [await person(), await person()];
    const [older, newer] = [await resetKey(email), await resetKey(email)];
    const strangers = await resetKey(other.email);
    expect([await reset(newer), await reset(older), await reset(strangers)]).toEqual([
      200, 400, 200,
    ]);
  });

  test("they die when the password changes", async () => {
    const { browser, email, userId, verifyKey } = await person();
    const key = await resetKey(email);
    const changed = await browser.post("/api/auth/change-password", {
      currentPassword: password,
      newPassword: "an entirely different one",
    });
    expect([changed.status, await reset(key), await verify(verifyKey)]).toEqual([200, 400, 400]);
    const { rows } = await stack.sql.query("select email_verified from users where id = $1", [
      userId,
    ]);
    expect(rows).toEqual([{ email_verified: false }]);
  });

  test("they die when another address becomes the main one", async () => {
    const { browser, email, userId, verifyKey } = await person();
    const key = await resetKey(email);
    const next = await proven(userId);
    const moved = await browser.send("PUT", "/api/0/users/me/emails/", { email: next });
    expect([moved.status, await reset(key), await verify(verifyKey)]).toEqual([200, 400, 400]);
  });

  test("a link that proves the main address works once, and the ones before it no more", async () => {
    const { browser, email, verifyKey: older } = await person();
    const known = (await mailsTo(stack, email)).length;
    await browser.post("/api/auth/send-verification-email", { email });
    const newer = await eventually(async () => {
      const mails = await mailsTo(stack, email);
      expect(mails.length).toBeGreaterThan(known);
      const keys = mails.map(({ text }) => keyOf(/https:\S+/.exec(text)?.[0] ?? ""));
      return keys.find((key) => key !== older) ?? "";
    });
    expect([await verify(newer), await verify(older), await verify(newer)]).toEqual([
      200, 400, 400,
    ]);
  });
});

describe("browsers", () => {
  test("another main address ends other sessions and trusted devices; the old one gets a mail", async () => {
    const { browser, email, userId } = await person();
    const trusted = await trustedBrowser(email, await withTotp(browser));
    const next = await proven(userId);
    const moved = await browser.send("PUT", "/api/0/users/me/emails/", { email: next });
    expect([moved.status, await browser.isSignedIn(), await trusted.isSignedIn()]).toEqual([
      200,
      true,
      false,
    ]);
    expect(await (await trusted.signIn(next, password)).json()).toMatchObject({
      twoFactorRedirect: true,
    });
    await eventually(async () => {
      const subjects = (await mailsTo(stack, email)).map(({ subject }) => subject);
      expect(subjects).toContain("Your e-mail address was changed");
    });
  });

  test("an address that is not proven moves nothing and ends nothing", async () => {
    const { browser, email } = await person();
    const elsewhere = openBrowser(stack);
    await elsewhere.signIn(email, password);
    const next = newAddress();
    await browser.post("/api/0/users/me/emails/", { email: next });
    const moved = await browser.send("PUT", "/api/0/users/me/emails/", { email: next });
    expect([moved.status, await elsewhere.isSignedIn()]).toEqual([404, true]);
  });

  test("a password, changed or set by mail, and a factor given up end sessions and trusted devices", async () => {
    const endings: [string, (browser: Browser, email: string) => Promise<number>, string][] = [
      [
        "changed",
        async (browser) =>
          (
            await browser.post("/api/auth/change-password", {
              currentPassword: password,
              newPassword: "an entirely different one",
            })
          ).status,
        "an entirely different one",
      ],
      ["set by mail", async (_, email) => reset(await resetKey(email)), ""],
    ];
    for (const [name, end, next] of endings) {
      const { browser, email } = await person();
      const trusted = await trustedBrowser(email, await withTotp(browser));
      expect([name, await end(browser, email)]).toEqual([name, 200]);
      expect([name, await trusted.isSignedIn()]).toEqual([name, false]);
      if (!next) continue;
      expect(await (await trusted.signIn(email, next)).json()).toMatchObject({
        twoFactorRedirect: true,
      });
    }
  });

  test("giving up a second factor ends other sessions, and no device is trusted when one is set up again", async () => {
    const { browser, email } = await person();
    const trusted = await trustedBrowser(email, await withTotp(browser));
    const { status } = await browser.post("/api/auth/two-factor/disable");
    expect([status, await browser.isSignedIn(), await trusted.isSignedIn()]).toEqual([
      200,
      true,
      false,
    ]);
    await withTotp(browser);
    expect(await (await trusted.signIn(email, password)).json()).toMatchObject({
      twoFactorRedirect: true,
    });
  });
});
