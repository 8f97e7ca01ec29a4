import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { linkTo, openBrowser, submit, visit } from "../browser";
import { eventually, useStack } from "../harness";

/** The pages behind the links in mails, used as a browser without scripts uses them: read, fill in, send. */
const stack = useStack({ bindings: { ENABLE_USER_REGISTRATION: "true" } });

const pathOf = (link: string) => new URL(link).pathname;

test("a password is reset and an address confirmed by the links in the mails", async () => {
  const email = `${randomBytes(5).toString("hex")}@example.com`;
  const browser = openBrowser(stack);
  await browser.signUp(email, "correct horse battery");
  const confirm = await eventually(async () => {
    const found = pathOf(await linkTo(stack, email));
    expect(found).toContain("/profile/confirm-email/");
    return found;
  });
  const asked = await visit(browser, confirm);
  expect((await submit(browser, confirm, asked.text, {})).text).toContain(
    "Your address is confirmed",
  );
  expect(await (await browser.get("/api/0/users/me/emails/")).json()).toMatchObject([
    { isVerified: true },
  ]);

  await openBrowser(stack).post("/api/auth/request-password-reset", { email });
  const reset = await eventually(async () => {
    const found = pathOf(await linkTo(stack, email));
    expect(found).toContain("/reset-password/");
    return found;
  });
  const page = await visit(browser, reset);
  const done = await submit(browser, reset, page.text, { password: "another good passphrase" });
  expect(done.text).toContain("Your password is changed");
  expect(done.text).toContain('href="https://brinkwatch.example/login"');
  expect(await browser.isSignedIn()).toBe(false);
  const twice = await submit(browser, reset, page.text, { password: "yet another passphrase" });
  expect([twice.status, twice.text]).toEqual([400, expect.stringContaining('role="alert"')]);
  expect((await browser.signIn(email, "another good passphrase")).status).toBe(200);
});
