import type { BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, inject, test } from "vitest";
import { type OpenIdProvider, startOpenIdProvider } from "../../accounts/openid-provider";
import { askForHome } from "../../keeper";
import { type LocalServer, makeLocalServer } from "../../local-server";
import { openChromium } from "../chromium";
import { type Person, signUp } from "../people";
import { checkPage, desktop, phone } from "../ui";

/** A server of its own, with a service outside that knows people. */
let server: LocalServer;
let provider: OpenIdProvider;
const contexts: BrowserContext[] = [];

beforeAll(async () => {
  provider = await startOpenIdProvider();
  const settings = {
    SOCIAL_PROVIDERS: JSON.stringify([provider.setting]),
    ENABLE_USER_REGISTRATION: "true",
    ENABLE_SOCIAL_APPS_USER_REGISTRATION: "true",
  };
  server = await makeLocalServer(settings, await askForHome(inject("keeperUrl")));
  await server.start();
});
afterEach(() => Promise.all(contexts.splice(0).map((context) => context.close())));
afterAll(async () => {
  await server.stop();
  await server.remove();
  await provider.close();
});

async function open(path: string, person?: Person): Promise<Page> {
  const browser = await openChromium();
  const context = await browser.newContext({
    baseURL: server.url,
    viewport: desktop,
    reducedMotion: "reduce",
  });
  contexts.push(context);
  if (person) {
    await context.addCookies(person.cookies.map((cookie) => ({ ...cookie, url: server.url })));
  }
  const page = await context.newPage();
  await page.goto(path);
  return page;
}

const vouchFor = (email: string) =>
  Object.assign(provider.claims, { sub: email, email, email_verified: true });

const accountsOf = (email: string) =>
  server.query<{ provider: string }>(
    `select a.provider_id as provider from accounts a join users u on u.id = a.user_id
      where u.email = $1 order by 1`,
    [email],
  );

test("somebody new comes in by another service, to where they wanted to go, and again", async () => {
  vouchFor("eve@example.com");
  for (const time of ["first", "again"]) {
    const page = await open("/login?next=/profile/security");
    await page.getByRole("button", { name: "Continue with Company" }).waitFor();
    if (time === "first") {
      await checkPage(page, "login-services-desktop-light");
      await page.setViewportSize(phone);
      await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
      await page.locator('html[data-theme="dark"]').waitFor();
      await checkPage(page, "login-services-phone-dark");
    }
    await page.getByRole("button", { name: "Continue with Company" }).click();
    await page.waitForURL("**/profile/security");
    await page.getByRole("button", { name: "Disconnect" }).waitFor();
  }
  expect(await accountsOf("eve@example.com")).toEqual([{ provider: "company" }]);
});

test("whom the service turns away reads why on the page of signing in", async () => {
  const known = await signUp(server.url);
  // The address is not proven here, so whoever has it there does not get the account.
  vouchFor(known.email);
  const page = await open("/login");
  await page.getByRole("button", { name: "Continue with Company" }).click();
  await page.waitForURL("**/login?*socialLoginError*");
  await page.getByRole("alert").getByText("There is an account of this address already").waitFor();
});

test("a service is connected under Security, signs in from then on, and is disconnected", async () => {
  const person = await signUp(server.url);
  await server.query("update users set email_verified = true where email = $1", [person.email]);
  vouchFor(person.email);
  const page = await open("/profile/security", person);
  await page.getByRole("button", { name: "Connect Company" }).click();
  await page.getByRole("button", { name: "Disconnect" }).waitFor();
  await page.waitForURL("**/profile/security");
  const connected = [{ provider: "company" }, { provider: "credential" }];
  expect(await accountsOf(person.email)).toEqual(connected);

  const elsewhere = await open("/login?next=/profile");
  await elsewhere.getByRole("button", { name: "Continue with Company" }).click();
  await elsewhere.waitForURL("**/profile");
  await elsewhere.getByText(person.email).first().waitFor();

  await page.getByRole("button", { name: "Disconnect" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Disconnect" }).click();
  await page.getByRole("button", { name: "Connect Company" }).waitFor();
  expect(await accountsOf(person.email)).toEqual([{ provider: "credential" }]);
});

test("what belongs to another account is not connected, and the page says so", async () => {
  vouchFor("eve@example.com");
  const first = await open("/login?next=/profile");
  await first.getByRole("button", { name: "Continue with Company" }).click();
  await first.waitForURL("**/profile");

  const person = await signUp(server.url);
  const page = await open("/profile/security", person);
  await page.getByRole("button", { name: "Connect Company" }).click();
  await page.getByText("The other service was not connected").waitFor();
  expect(await accountsOf(person.email)).toEqual([{ provider: "credential" }]);
});

test("while the service is away the page says so and stays", async () => {
  provider.state.isDown = true;
  const page = await open("/login");
  await page.getByRole("button", { name: "Continue with Company" }).click();
  await page.getByText(/Company does not answer/).waitFor();
  provider.state.isDown = false;
  expect(new URL(page.url()).pathname).toBe("/login");
});
