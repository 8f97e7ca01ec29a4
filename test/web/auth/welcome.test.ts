import type { BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, inject, test } from "vitest";
import { askForHome } from "../../keeper";
import { type LocalServer, makeLocalServer } from "../../local-server";
import { openChromium } from "../chromium";
import { checkAllFour, desktop } from "../ui";

/** An installation that nobody lives in yet: a server of its own, whose seeded people are gone. */
let server: LocalServer;
let context: BrowserContext | undefined;

beforeAll(async () => {
  server = await makeLocalServer({}, await askForHome(inject("keeperUrl")));
});
afterEach(async () => {
  await context?.close();
  await server.stop();
});
afterAll(() => server.remove());

/** Starts it with nobody in it, and opens `/`; answers what the page complains of too. */
async function openEmpty(publicUrl: string, more: Record<string, string> = {}) {
  await server.start({ PUBLIC_URL: publicUrl, ...more });
  await server.query("truncate users, organizations cascade");
  context = await (await openChromium()).newContext({
    baseURL: publicUrl,
    reducedMotion: "reduce",
    viewport: desktop,
  });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  await page.goto("/");
  await page.waitForURL("**/welcome");
  return { page, problems };
}

/** As the installation is called where it is not on this very machine: a name that still leads here. */
const elsewhere = () => server.url.replace("localhost", "errors.localhost");

/** In all four ways; then it is on a phone, where a finger has to find each field. */
async function checkFields(page: Page, name: string) {
  await checkAllFour(page, name);
  for (const field of await page.getByRole("textbox").all()) {
    expect((await field.boundingBox())?.height, name).toBeGreaterThanOrEqual(44);
  }
}

test("nobody is here yet: the start leads to the welcome, and its form to the setup of the first project", async () => {
  const { page, problems } = await openEmpty(server.url);
  await page.getByRole("button", { name: "Begin" }).waitFor();
  await checkFields(page, "welcome");
  expect(await page.getByLabel("Setup token").count()).toBe(0);
  expect(problems).toEqual([]);

  await page.getByLabel("E-mail address").fill("ada@example.com");
  const password = page.getByLabel("Password", { exact: true });
  await password.fill("password123");
  await page.getByLabel("Organization").fill("Acme Inc");
  await page.getByLabel("First project").fill("shop-web");
  await page.keyboard.press("Enter");
  await page.getByText("The password is too common.").waitFor();
  expect(await password.getAttribute("aria-invalid")).toBe("true");
  expect(await server.query("select 1 from users")).toEqual([]);
  await password.fill("correct horse battery");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/acme-inc/projects/shop-web/setup");
  await page.goto("/welcome");
  await page.waitForURL(/\/acme-inc\/issues/);

  // Somebody else finds that registration is closed, which nobody has opened.
  await page.context().clearCookies();
  await page.goto("/register");
  await page.getByRole("heading", { name: "Registration is closed" }).waitFor();
  await checkFields(page, "register-closed");
  await page.getByRole("link", { name: "Sign in" }).click();
  await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
  expect(await page.getByRole("link", { name: "Create an account" }).count()).toBe(0);
});

test("where others can reach it, the operator's token is asked for, and a wrong one is said at its field", async () => {
  const setupToken = "the-setup-token-of-the-operator";
  const { page } = await openEmpty(elsewhere(), { SETUP_TOKEN: setupToken });
  const field = page.getByLabel("Setup token");
  await field.waitFor();
  await checkFields(page, "welcome-token");
  await field.fill("another token than the one");
  await page.getByLabel("E-mail address").fill("ada@example.com");
  await page.getByLabel("Password", { exact: true }).fill("correct horse battery");
  await page.getByLabel("Organization").fill("Acme Inc");
  await page.keyboard.press("Enter");
  await page.getByText("The setup token is not the one in SETUP_TOKEN.").waitFor();
  expect(await field.getAttribute("aria-invalid")).toBe("true");
  expect(await server.query("select 1 from users")).toEqual([]);
  await field.fill(setupToken);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/acme-inc/projects/new");
});

test("where there is no such token, the page says what the operator can do, and looks again", async () => {
  const { page } = await openEmpty(elsewhere());
  await page.getByText("no way to make the first one from a browser").waitFor();
  await checkFields(page, "welcome-closed");
  expect(await page.getByRole("textbox").count()).toBe(0);
  await server.query("insert into users (email, name) values ('ada@example.com', 'Ada')");
  await page.getByRole("button", { name: "Look again" }).click();
  await page.waitForURL("**/login");
});
