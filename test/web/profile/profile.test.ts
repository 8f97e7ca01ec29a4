import { expect, test } from "vitest";
import { totpOf } from "../../browser";
import { checkEverywhere, signUp, useUi } from "../ui";

const { ui, tenant, open } = useUi();

const refused = (status: number) => new RegExp(`^${status} |status of ${status}`);

test.each([
  ["", "Another address"],
  ["/security", "You have no passkey yet."],
  ["/sessions", "this one"],
  ["/notifications", "Mail me alerts"],
  ["/auth-tokens", "First token"],
  ["/preferences", "Time zone"],
])("/profile%s bears every theme and size", async (path, shown) => {
  await checkEverywhere(open, `/profile${path}`, `profile${path.replace("/", "-")}`, (page) =>
    page.getByText(shown).first().waitFor(),
  );
});

test("the name is saved; another address is added, asks for its confirmation and is removed", async () => {
  const person = await signUp(ui().url);
  const page = await open("/profile", { person });
  await page.getByLabel("Your name").fill("Grace Hopper");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Name saved").waitFor();
  const other = `x${person.email}`;
  await page.getByLabel("Another address").fill(other);
  await page.getByRole("button", { name: "Add" }).click();
  await page.getByText(`A mail to confirm it is on its way to ${other}.`).waitFor();
  const row = page.getByRole("listitem").filter({ hasText: other });
  await row.getByText("not confirmed").waitFor();
  await row.getByRole("button", { name: `Actions for ${other}` }).click();
  await page.getByRole("menuitem", { name: "Remove" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect.poll(() => row.count()).toBe(0);
  expect(await ui().server.query("select 1 from user_emails where email = $1", [other])).toEqual(
    [],
  );
});

test("an app for codes is set up after a proof, its recovery codes are shown once, and it is turned off again", async () => {
  const person = await signUp(ui().url);
  const page = await open("/profile/security", { person, expects: refused(403) });
  // A sign-in of long ago: whoever sits at an open screen must prove who they are.
  await ui().server.query(
    "update sessions set authenticated_at = now() - interval '1 hour' where user_id = (select id from users where email = $1)",
    [person.email],
  );
  await page.getByRole("button", { name: "Set up an authenticator app" }).click();
  const proof = page.getByRole("dialog", { name: "Is it you?" });
  await proof.getByLabel("Password", { exact: true }).fill(person.password);
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Set up an authenticator app" });
  await dialog.getByRole("img", { name: "QR code of the secret" }).waitFor();
  const secret = (await dialog.getByLabel("Secret", { exact: true }).innerText()).replaceAll(
    " ",
    "",
  );
  await dialog
    .getByRole("textbox", { name: "Code" })
    .fill(totpOf(`otpauth://totp/x?secret=${secret}`));
  const done = page.getByRole("dialog", { name: "Two-factor authentication is on" });
  const codes = done.getByRole("list", { name: "Recovery codes" }).getByRole("listitem");
  await expect.poll(() => codes.count()).toBe(10);
  await done.getByRole("button", { name: "I have kept them" }).click();
  await page.getByText("10 codes left").waitFor();
  await page.getByRole("button", { name: "Turn off" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Turn off" }).click();
  await page.getByRole("button", { name: "Set up an authenticator app" }).waitFor();
});

test("a passkey is added, renamed, signs in without a password, and is removed", async () => {
  const person = await signUp(ui().url);
  const page = await open("/profile/security", { person });
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await page.getByRole("button", { name: "Add a passkey" }).click();
  const naming = page.getByRole("dialog", { name: "Add a passkey" });
  await naming.getByRole("textbox", { name: "Name" }).fill("Laptop");
  await naming.getByRole("button", { name: "Go on" }).click();
  await page.getByRole("button", { name: "Actions for Laptop" }).click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  const renaming = page.getByRole("dialog", { name: "Rename the passkey" });
  await renaming.getByRole("textbox", { name: "Name" }).fill("Old laptop");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Actions for Old laptop" }).waitFor();

  const signedIn = page.getByRole("button", { name: "Actions for Old laptop" });
  // A device that needs no touch answers what the e-mail field offers, before anybody presses a button.
  await page.context().clearCookies();
  await page.goto("/login?next=/profile/security");
  await signedIn.waitFor();
  // A browser that offers nothing there has the button.
  await page.addInitScript(
    "PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false)",
  );
  await page.context().clearCookies();
  await page.goto("/login?next=/profile/security");
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await signedIn.click();
  await page.getByRole("menuitem", { name: "Remove" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await page.getByText("You have no passkey yet.").waitFor();
});

test("a password is changed; the wrong one is said at its field", async () => {
  const person = await signUp(ui().url);
  const page = await open("/profile/security", { person, expects: refused(400) });
  const [current, next] = [
    page.getByLabel("Current password", { exact: true }),
    page.getByLabel("New password", { exact: true }),
  ];
  await current.fill("not it at all");
  await next.fill("another good passphrase");
  await page.keyboard.press("Enter");
  await page.getByText(/invalid password/i).waitFor();
  expect(await current.evaluate((field) => field === document.activeElement)).toBe(true);
  await current.fill(person.password);
  await page.keyboard.press("Enter");
  await page.getByText("Password changed; your other sessions have ended").waitFor();
  expect(await next.inputValue()).toBe("");
});

test("sessions elsewhere are seen and ended, this one stays", async () => {
  const person = await signUp(ui().url);
  const page = await open("/profile/sessions", { person });
  // Registering opened one, signing in another.
  await page.getByRole("button", { name: "End all others" }).click();
  await page.getByText("1 session ended").waitFor();
  const rows = page.getByRole("region", { name: "Open sessions" }).getByRole("listitem");
  await expect.poll(() => rows.count()).toBe(1);
  await rows.getByText("this one").waitFor();
});

test("alerts of a project are turned off for oneself, and stay so", async () => {
  const { project } = await tenant();
  const page = await open("/profile/notifications");
  const find = page.getByLabel("Find a project");
  const choices = page.getByRole("combobox", { name: /^Alerts of / });
  await choices.first().waitFor();
  if (await find.isVisible()) await find.fill(project.slug);
  await choices.last().selectOption({ label: "Off" });
  await page.getByText("Saved").waitFor();
  await page.reload();
  await expect
    .poll(() =>
      choices.evaluateAll((all) => all.some((one) => (one as HTMLSelectElement).value === "0")),
    )
    .toBe(true);
});

test("a token is made for CI, shown once with the lines for sentry-cli, works, and is revoked", async () => {
  const person = await signUp(ui().url);
  const page = await open("/profile/auth-tokens", { person });
  await page.getByRole("button", { name: "Create a token" }).click();
  const dialog = page.getByRole("dialog", { name: "Create a token" });
  expect(await dialog.ariaSnapshot()).toMatchInlineSnapshot(`
    "- dialog "Create a token":
      - heading "Create a token" [level=2]
      - button "Close"
      - form "Create a token":
        - text: Label
        - textbox "Label"
        - paragraph: "Where it is used, so that you know what to revoke: CI of shop-web."
        - group "What it is for":
          - text: What it is for
          - radio "Releases and source maps" [checked]
          - text: Releases and source maps
          - radio "Read everything"
          - text: Read everything
          - radio "Triage"
          - text: Triage
          - radio "Everything"
          - text: Everything
          - radio "Own choice"
          - text: Own choice
          - paragraph: For sentry-cli and build plugins in CI.
        - group: 3 scopes
        - text: It is good for
        - combobox "It is good for":
          - option "90 days" [selected]
          - option "30 days"
          - option "One year"
          - option "Until it is revoked"
        - paragraph: A token that ends does no harm when it is forgotten somewhere.
        - text: Kind
        - combobox "Kind":
          - option "For sentry-cli and Sentry's plugins" [selected]
          - option "Plain"
        - paragraph: Sentry's own tools insist on tokens that look like theirs.
        - button "Cancel"
        - button "Create the token""
  `);
  await dialog.getByLabel("Label").fill("CI of shop-web");
  await dialog.getByLabel("Read everything").check();
  await dialog.getByText("5 scopes").waitFor();
  await dialog.getByLabel("Releases and source maps").check();
  await dialog.getByRole("button", { name: "Create the token" }).click();
  const made = page.getByRole("dialog", { name: "Your new token" });
  const token = await made.getByLabel("Token", { exact: true }).first().innerText();
  expect(token).toMatch(/^sntryu_[0-9a-f]{64}$/);
  await made.getByText(`export SENTRY_AUTH_TOKEN=${token}`).waitFor();
  const asked = await fetch(`${ui().url}/api/0/projects/`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(asked.status).toBe(200);
  await made.getByRole("button", { name: "I have kept it" }).click();
  const row = page.getByRole("listitem").filter({ hasText: "CI of shop-web" });
  await row.waitFor();
  expect(await page.getByText(token).count()).toBe(0);
  await row.getByRole("button", { name: "Revoke CI of shop-web" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await page.getByText("You have no token yet.").waitFor();
});

test("a theme is chosen, stays after a reload, and comes along to another browser", async () => {
  const person = await signUp(ui().url);
  const page = await open("/profile/preferences", { person });
  const saved = page.waitForResponse(
    (answer) => answer.request().method() === "PUT" && answer.url().endsWith("/users/me/"),
  );
  await page.getByLabel("Dark").check();
  expect((await saved).status()).toBe(200);
  await page.locator('html[data-theme="dark"]').waitFor();
  await page.reload();
  await page.getByLabel("Dark").waitFor();
  expect(await page.locator("html").getAttribute("data-theme")).toBe("dark");
  expect(await page.getByLabel("Dark").isChecked()).toBe(true);
  const elsewhere = await open("/profile/preferences", { person });
  await elsewhere.locator('html[data-theme="dark"]').waitFor();
});

test("an account is deleted after it was asked for, and its sign-in with it", async () => {
  const person = await signUp(ui().url);
  const page = await open("/profile", { person });
  await page.getByRole("button", { name: "Delete my account" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete the account" }).click();
  await page.waitForURL("**/login");
  const left = await ui().server.query("select 1 from users where email = $1", [person.email]);
  expect(left).toEqual([]);
});
