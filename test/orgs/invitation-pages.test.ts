import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { openBrowser, submit, totpOf, visit } from "../browser";
import { makeTenant, type Tenant, useStack } from "../harness";

/** The pages behind the links of invitations, used as a browser without scripts uses them: read, fill in, send. */
const stack = useStack();
const password = "correct horse battery";
const newAddress = () => `${randomBytes(5).toString("hex")}@example.com`;

async function invitation(tenant: Tenant, email: string): Promise<string> {
  const made = await tenant.call("POST", `/api/0/organizations/${tenant.slug}/members/`, { email });
  return new URL(((await made.json()) as { inviteLink: string }).inviteLink).pathname;
}

describe("an invitation", () => {
  test("of somebody new: read, account made, member at once; the link is used up", async () => {
    const tenant = await makeTenant(stack);
    const email = newAddress();
    const link = await invitation(tenant, email);
    const browser = openBrowser(stack);
    const page = await visit(browser, link);
    expect([page.status, page.text]).toEqual([
      200,
      expect.stringContaining(`${email} is invited to join Acme`),
    ]);
    expect(page.response.headers.get("content-security-policy")).toContain("default-src 'none'");
    // Who signs in otherwise than by a password does so in the UI, and comes back.
    expect(page.text).toContain(
      `href="https://brinkwatch.example/login?next=${encodeURIComponent(link.replace(/\/?$/, "/"))}"`,
    );
    const weak = await submit(browser, link, page.text, {
      action: "sign-up",
      password: "12345678",
    });
    expect([weak.status, weak.text]).toEqual([400, expect.stringContaining("all digits")]);
    const joined = await submit(browser, link, page.text, {
      action: "sign-up",
      name: "Eve",
      password,
    });
    expect([joined.status, joined.text]).toEqual([
      200,
      expect.stringContaining("You are a member of Acme"),
    ]);
    // The way on, into the UI.
    expect(joined.text).toContain(`href="https://brinkwatch.example/${tenant.slug}/issues"`);
    expect(await browser.isSignedIn()).toBe(true);
    const orgs = await (await browser.get("/api/0/organizations/")).json();
    expect(orgs).toMatchObject([{ slug: tenant.slug }]);
    const again = await visit(openBrowser(stack), link);
    expect([again.status, again.text]).toEqual([
      403,
      expect.stringContaining("Invalid invite token"),
    ]);
  });

  test("of somebody with an account and a second factor; declined by somebody who is signed in", async () => {
    const [first, second] = [await makeTenant(stack), await makeTenant(stack)];
    const email = newAddress();
    const browser = openBrowser(stack);
    const one = await invitation(first, email);
    await submit(browser, one, (await visit(browser, one)).text, { action: "sign-up", password });
    const enabled = await browser.post("/api/auth/two-factor/enable", { password });
    const { totpURI } = (await enabled.json()) as { totpURI: string };
    const setUp = totpOf(totpURI);
    await browser.post("/api/auth/two-factor/verify-totp", { code: setUp });

    const two = await invitation(second, email);
    const elsewhere = openBrowser(stack);
    const page = await visit(elsewhere, two);
    const wrong = await submit(elsewhere, two, page.text, {
      action: "sign-in",
      password: "not it at all",
    });
    expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining('role="alert"')]);
    const half = await submit(elsewhere, two, page.text, { action: "sign-in", password });
    expect(half.text).toContain("Code of your authenticator");
    const code = totpOf(totpURI, 1);
    const whole = await submit(elsewhere, two, half.text, { action: "code", code });
    expect(whole.text).toContain("You are a member of Acme");

    const third = await makeTenant(stack);
    const three = await invitation(third, email);
    const shown = await visit(elsewhere, three);
    expect(shown.text).toContain(`You are signed in as ${email}`);
    const declined = await submit(elsewhere, three, shown.text, { action: "decline" });
    expect(declined.text).toContain("The invitation is declined");
    expect((await visit(elsewhere, three)).status).toBe(403);
  });

  test("of another person is not to be accepted, and a form from elsewhere does nothing", async () => {
    const tenant = await makeTenant(stack);
    const [mine, theirs] = [newAddress(), newAddress()];
    const browser = openBrowser(stack);
    const link = await invitation(tenant, mine);
    await submit(browser, link, (await visit(browser, link)).text, { action: "sign-up", password });
    const other = await invitation(await makeTenant(stack), theirs);
    const page = await visit(browser, other);
    expect(page.text).toContain(`but the invitation is for ${theirs}`);
    const forced = await submit(browser, other, page.text, { action: "accept" });
    expect(forced.status).toBe(403);
    const forged = await browser.sendForm(other, { csrf: "made-up", action: "decline" });
    expect([forged.status, await forged.text()]).toEqual([
      403,
      expect.stringContaining("CSRF check Failed"),
    ]);
    expect((await visit(openBrowser(stack), other)).status).toBe(200);
  });

  test("names are shown, never run", async () => {
    const tenant = await makeTenant(stack);
    await tenant.call("PUT", `/api/0/organizations/${tenant.slug}/`, {
      name: "<script>alert(1)</script>",
    });
    const page = await visit(openBrowser(stack), await invitation(tenant, newAddress()));
    expect(page.text).toContain("&lt;script&gt;");
    expect(page.text).not.toContain("<script>");
  });
});
