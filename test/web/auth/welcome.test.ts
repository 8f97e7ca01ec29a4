import type { BrowserContext } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LocalServer, makeLocalServer } from "../../local-server";
import { openChromium } from "../chromium";
import { checkPage, desktop, phone } from "../ui";

/** An installation that nobody lives in yet: a server of its own, whose seeded people are gone. */
let server: LocalServer;
let context: BrowserContext | undefined;

beforeAll(async () => {
  server = await makeLocalServer();
  await server.start();
  await server.query("truncate users, organizations cascade");
});
afterAll(async () => {
  await context?.close();
  await server.stop();
  await server.remove();
});

test("nobody is here yet: the start leads to the welcome, and its form to the setup of the first project", async () => {
  context = await (await openChromium()).newContext({
    baseURL: server.url,
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
  await page.getByRole("button", { name: "Begin" }).waitFor();
  await checkPage(page, "welcome-desktop-light");
  await page.setViewportSize(phone);
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
  await checkPage(page, "welcome-phone-dark");
  expect(problems).toEqual([]);

  await page.getByLabel("E-mail address").fill("ada@example.com");
  await page.getByLabel("Password", { exact: true }).fill("password123");
  await page.getByLabel("Organization").fill("Acme Inc");
  await page.getByLabel("First project").fill("shop-web");
  await page.keyboard.press("Enter");
  await page.getByText("The password is too common.").waitFor();
  expect(await server.query("select 1 from users")).toEqual([]);
  await page.getByLabel("Password", { exact: true }).fill("correct horse battery");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/acme-inc/projects/shop-web/setup");
  await page.goto("/welcome");
  await page.waitForURL(/\/acme-inc\/issues/);
});
