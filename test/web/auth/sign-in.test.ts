import { describe, expect, test } from "vitest";
import { totpOf } from "../../browser";
import { checkEverywhere, type Person, signUp, useUi } from "../ui";

const { ui, tenant, open } = useUi();

/** A person as the API's own doors make one, with a second factor. */
async function withTotp(person: Person) {
  const { url } = ui();
  const cookies = new Map(person.cookies.map(({ name, value }) => [name, value]));
  const post = async (path: string, body: object) => {
    const answer = await fetch(url + path, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        origin: url,
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
      },
      body: JSON.stringify(body),
    });
    expect([path, answer.status]).toEqual([path, 200]);
    for (const line of answer.headers.getSetCookie()) {
      const [name = "", value = ""] = (line.split(";", 1)[0] ?? "").split(/=(.*)/);
      cookies.set(name, value);
    }
    return (await answer.json()) as { totpURI: string; backupCodes: string[] };
  };
  const { totpURI, backupCodes } = await post("/api/auth/two-factor/enable", {});
  // The code of the window before, so that the one of now is still unused.
  await post("/api/auth/two-factor/verify-totp", { code: totpOf(totpURI, -1) });
  return { totpURI, backupCodes };
}

/** What a browser says of answers that refuse: expected here. */
const refused = (status: number) => new RegExp(`^${status} |status of ${status}`);

describe("signing in", () => {
  test("bears every theme and size, and reads as a form", async () => {
    await checkEverywhere(
      open,
      "/login",
      "login",
      (page) => page.getByRole("button", { name: "Sign in", exact: true }).waitFor(),
      { person: null },
    );
    const page = await open("/login?socialLoginError=true&error=access_denied", { person: null });
    await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
    expect(await page.locator("main").ariaSnapshot()).toMatchInlineSnapshot(`
      "- main:
        - paragraph: Brinkwatch
        - heading "Sign in" [level=1]
        - alert: You said no at the other service.
        - form "Sign in with a password":
          - text: E-mail address
          - textbox "E-mail address"
          - text: Password
          - textbox "Password"
          - button "Show"
          - link "Forgot your password?":
            - /url: /reset-password
          - button "Sign in"
        - button "Use a passkey"
        - paragraph:
          - text: New here?
          - link "Create an account":
            - /url: /register"
    `);
  });

  test("a wrong password is refused without saying whose, the right one leads back to where one was", async () => {
    const { org } = await tenant();
    const { admin } = ui();
    const page = await open(`/${org}/settings/teams?x=1`, { person: null, expects: refused(401) });
    await page.waitForURL(/\/login\?next=/);
    await page.getByLabel("E-mail address").fill(admin.email);
    await page.getByLabel("Password", { exact: true }).fill("not it at all");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("Invalid email or password").waitFor();
    expect(await page.getByLabel("E-mail address").inputValue()).toBe(admin.email);
    await page.getByLabel("Password", { exact: true }).fill(admin.password);
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/${org}/settings/teams?x=1`);
    await page.getByRole("heading", { level: 1 }).waitFor();
  });

  test("an address of elsewhere to come back to is not followed; who is in already goes on", async () => {
    for (const next of ["https://evil.example/", "//evil.example/", "/\\evil.example"]) {
      const page = await open(`/login?next=${encodeURIComponent(next)}`);
      await page.waitForURL(/\/issues/);
      expect(new URL(page.url()).origin).toBe(ui().url);
    }
  });

  test("after the password a code of the app: pasted with a blank, it is sent by itself", async () => {
    const person = await signUp(ui().url);
    const { totpURI } = await withTotp(person);
    const page = await open("/login?next=/profile", { person: null, expects: refused(401) });
    await page.getByLabel("E-mail address").fill(person.email);
    await page.getByLabel("Password", { exact: true }).fill(person.password);
    await page.keyboard.press("Enter");
    const code = page.getByLabel("Code of your authenticator app");
    await code.waitFor();
    expect(await code.evaluate((field) => field === document.activeElement)).toBe(true);
    await code.fill("000 000");
    await page.getByText(/invalid code/i).waitFor();
    const right = totpOf(totpURI);
    await code.fill(`${right.slice(0, 3)} ${right.slice(3)}`);
    await page.waitForURL("**/profile");
    await page.getByRole("heading", { name: "Profile" }).waitFor();
  });

  test("a recovery code does instead, once", async () => {
    const person = await signUp(ui().url);
    const { backupCodes } = await withTotp(person);
    const [once = ""] = backupCodes;
    const use = async (expects?: RegExp) => {
      const page = await open("/login?next=/profile", {
        person: null,
        ...(expects && { expects }),
      });
      await page.getByLabel("E-mail address").fill(person.email);
      await page.getByLabel("Password", { exact: true }).fill(person.password);
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Use a recovery code" }).click();
      await page.getByLabel("Recovery code").fill(once);
      await page.keyboard.press("Enter");
      return page;
    };
    await (await use()).waitForURL("**/profile");
    const again = await use(refused(401));
    await again.getByText(/invalid/i).waitFor();
    expect(new URL(again.url()).pathname).toBe("/login");
  });
});

test("a session that ends in the middle of work is opened again over the page, and what was sent goes through", async () => {
  const person = await signUp(ui().url);
  const page = await open("/profile", { person, expects: refused(401) });
  await page.getByLabel("Your name").fill("Grace Hopper");
  await ui().server.query(
    "delete from sessions where user_id = (select id from users where email = $1)",
    [person.email],
  );
  await page.getByRole("button", { name: "Save" }).click();
  const dialog = page.getByRole("dialog", { name: "Sign in again" });
  await dialog.waitFor();
  expect(await dialog.getByLabel("E-mail address").inputValue()).toBe(person.email);
  await dialog.getByLabel("Password", { exact: true }).fill(person.password);
  await page.keyboard.press("Enter");
  await page.getByText("Name saved").waitFor();
  expect(await page.getByLabel("Your name").inputValue()).toBe("Grace Hopper");
  const [row] = await ui().server.query<{ name: string }>(
    "select name from users where email = $1",
    [person.email],
  );
  expect(row?.name).toBe("Grace Hopper");
});
