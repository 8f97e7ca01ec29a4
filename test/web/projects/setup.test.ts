import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { checkEverywhere, useUi } from "../ui";

const { ui, tenant, open } = useUi();
type UiTenant = Awaited<ReturnType<typeof tenant>>;
const root = join(import.meta.dirname, "../../..");

const waiting = (page: Page) => page.getByRole("heading", { name: /^Waiting for the/ }).waitFor();

/** Runs a snippet of Node.js as its own process, where it finds the SDK that the tests have. */
async function run(files: { name: string; code: string }[], start: string[]): Promise<void> {
  const folder = mkdtempSync(join(root, "node_modules/.snippet-"));
  for (const { name, code } of files) writeFileSync(join(folder, name), code);
  const child = spawn(process.execPath, start, { cwd: folder, stdio: "ignore" });
  await once(child, "exit");
  rmSync(folder, { recursive: true });
}

test("from a new organization to the first event of the real SDK, without a reload", async () => {
  const page = await open("/organizations/new");
  await page.getByLabel("Name").fill("First steps");
  await page.getByRole("button", { name: "Create organization" }).click();
  await page.getByRole("heading", { name: "New project" }).waitFor();
  await page.getByLabel("Search platforms").fill("node.js");
  await page.getByLabel("Search platforms").press("Enter");
  await expect.poll(() => page.getByRole("radio", { name: "Node.js" }).isChecked()).toBe(true);
  await page.getByRole("button", { name: "Create project" }).click();
  await waiting(page);

  const configure = await page.getByRole("figure", { name: "instrument.mjs" }).innerText();
  const verify = await page.getByRole("figure", { name: "app.mjs" }).innerText();
  expect(configure).toMatch(/dsn: "http:\/\/[0-9a-f]{32}@/);
  await run(
    [
      { name: "instrument.mjs", code: configure },
      { name: "app.mjs", code: verify },
    ],
    ["--import", "./instrument.mjs", "app.mjs"],
  );
  await page.getByRole("heading", { name: "Received" }).waitFor();
  await page.getByRole("link", { name: /Hello from setup/ }).click();
  await page.waitForURL(/\/issues\/\d+/);
});

test("a project that has data waits for the next event; a sample comes in from the page", async () => {
  const shop = await tenant();
  await shop.send({ message: "before" });
  const page = await open(`/${shop.org}/projects/${shop.project.slug}/setup`);
  await waiting(page);
  await page.getByRole("button", { name: "Send a sample event" }).click();
  await page.getByRole("heading", { name: "Received" }).waitFor();
  await page.getByRole("link", { name: /TypeError/ }).waitFor();
});

describe("why nothing arrives is shown with a remedy that works", () => {
  const post = (shop: UiTenant, key: string, headers: Record<string, string> = {}) =>
    fetch(`${ui().url}/api/${shop.project.id}/store/?sentry_key=${key}`, {
      method: "POST",
      headers,
      body: JSON.stringify({ message: "hello" }),
    });
  const keyOf = (shop: UiTenant) => new URL(shop.dsn).username;
  const at = (shop: UiTenant) => `/api/0/projects/${shop.org}/${shop.project.slug}/`;

  test("a key that the project does not have: the right DSN is copied", async () => {
    const shop = await tenant();
    const page = await open(`/${shop.org}/projects/${shop.project.slug}/setup`);
    await waiting(page);
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    expect((await post(shop, "ab".repeat(16))).status).toBe(403);
    await page.getByText("1 request with the key abababab…").waitFor();
    await page.getByRole("button", { name: "Copy the right DSN" }).click();
    await page.getByText("DSN copied").waitFor();
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe(shop.dsn);
  });

  test("a foreign origin: it is allowed by one click", async () => {
    const shop = await tenant();
    await shop.call("PUT", at(shop), { allowedDomains: ["https://shop.example.com"] });
    const page = await open(`/${shop.org}/projects/${shop.project.slug}/setup`);
    await waiting(page);
    const origin = "http://localhost:3000";
    expect((await post(shop, keyOf(shop), { origin })).status).toBe(403);
    await page.getByRole("button", { name: `Allow ${origin}` }).click();
    await page.getByText("Done. It counts within a minute.").first().waitFor();
    const { allowedDomains } = await shop.call<{ allowedDomains: string[] }>("GET", at(shop));
    expect(allowedDomains).toEqual(["https://shop.example.com", origin]);
  });

  test("a disabled key: it is enabled by one click", async () => {
    const shop = await tenant();
    const [key] = await shop.call<{ id: string }[]>("GET", `${at(shop)}keys/`);
    await shop.call("PUT", `${at(shop)}keys/${key?.id}/`, { isActive: false });
    const page = await open(`/${shop.org}/projects/${shop.project.slug}/setup`);
    await page.getByText("No key is active: whatever is sent is refused.").waitFor();
    await post(shop, keyOf(shop));
    await page.getByRole("button", { name: "Enable the key" }).click();
    await waiting(page);
    await page
      .getByText("1. Install")
      .or(page.getByRole("heading", { name: "Install" }))
      .waitFor();
    const [after] = await shop.call<{ isActive: boolean }[]>("GET", `${at(shop)}keys/`);
    expect(after?.isActive).toBe(true);
  });

  test("a limit of the key: it is removed by one click", async () => {
    const shop = await tenant();
    const [key] = await shop.call<{ id: string }[]>("GET", `${at(shop)}keys/`);
    await shop.call("PUT", `${at(shop)}keys/${key?.id}/`, {
      rateLimit: { window: 86_400, count: 1 },
    });
    const page = await open(`/${shop.org}/projects/${shop.project.slug}/setup`);
    await waiting(page);
    const remove = page.getByRole("button", { name: "Remove the limit of the key" });
    await expect
      .poll(
        async () => {
          await post(shop, keyOf(shop));
          return remove.isVisible();
        },
        { timeout: 20_000, interval: 500 },
      )
      .toBe(true);
    await remove.click();
    await page.getByText("Done. It counts within a minute.").first().waitFor();
    const [after] = await shop.call<{ rateLimit: unknown }[]>("GET", `${at(shop)}keys/`);
    expect(after?.rateLimit).toBeNull();
  });
});

test("pages of setting up are accessible in both themes and on a phone", async () => {
  const shop = await tenant();
  await shop.call("PUT", `/api/0/projects/${shop.org}/${shop.project.slug}/`, {
    name: `Long ${"w".repeat(59)}`,
  });
  const at = `/${shop.org}/projects`;
  await checkEverywhere(open, `${at}/${shop.project.slug}/setup`, "setup", async (page) => {
    await waiting(page);
    await page.getByRole("heading", { name: "Break something" }).waitFor();
  });
  await checkEverywhere(open, at, "projects", (page) => page.getByRole("table").waitFor());
  await checkEverywhere(open, `${at}/new`, "new-project", (page) =>
    page.getByRole("radio", { name: "React", exact: true }).waitFor(),
  );
  await checkEverywhere(open, "/organizations/new", "organizations", (page) =>
    page.getByRole("button", { name: "Create organization" }).waitFor(),
  );
}, 180_000);
