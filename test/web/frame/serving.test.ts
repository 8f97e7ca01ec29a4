import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { askForHome } from "../../keeper";
import { type LocalServer, makeLocalServer } from "../../local-server";
import { root } from "../../sources";
import { openChromium } from "../chromium";
import { signIn } from "../people";
import { useUi } from "../ui";

const { ui } = useUi();

const asBrowser = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };
const get = (path: string, headers: Record<string, string> = asBrowser, method = "GET") =>
  fetch(ui().url + path, { method, headers, redirect: "manual" });
const assets = () => readdirSync(join(root, "dist/web/assets"));

test("a browser gets the page at every known path, strictly guarded, and is asked again whether it is new", async () => {
  const answer = await get("/acme/issues/12/events/latest/");
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(answer.headers.get("cache-control")).toBe("no-cache");
  const policy = answer.headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy).not.toContain("unsafe");
  expect(answer.headers.get("access-control-allow-origin")).toBeNull();
  expect(await answer.text()).toContain('<base href="/"');
  const tag = answer.headers.get("etag") ?? "";
  const again = await get("/acme/issues", { ...asBrowser, "if-none-match": tag });
  expect(again.status).toBe(304);
  expect((await get("/acme/issues", asBrowser, "HEAD")).status).toBe(200);
});

test("an unknown path is 404 with the page, which says so; programs get JSON, as before", async () => {
  const unknown = await get("/acme/nothing/of/this");
  expect([unknown.status, unknown.headers.get("content-type")]).toEqual([
    404,
    "text/html; charset=utf-8",
  ]);
  for (const [path, accept] of [
    ["/acme/issues", "application/json"],
    ["/acme/issues", "*/*"],
    ["/api/0/nothing/", asBrowser.accept],
    ["/_allauth/nothing/", asBrowser.accept],
  ] as const) {
    const answer = await get(path, { accept });
    expect([path, answer.status, answer.headers.get("content-type")]).toEqual([
      path,
      404,
      "application/json",
    ]);
  }
  const posted = await get("/acme/issues", asBrowser, "POST");
  expect([posted.status, posted.headers.get("content-type")]).toEqual([404, "application/json"]);
});

test("files are named after what is in them and kept for a year; a missing one is 404, never a page", async () => {
  for (const file of assets().slice(0, 5)) {
    const answer = await get(`/assets/${file}`);
    expect([file, answer.status, answer.headers.get("cache-control")]).toEqual([
      file,
      200,
      "public, max-age=31536000, immutable",
    ]);
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  }
  const missing = await get("/assets/gone-12345678.js");
  expect(missing.status).toBe(404);
  expect(missing.headers.get("content-type") ?? "").not.toContain("html");
});

test("doors of SDKs stay what they are, whatever a browser accepts", async () => {
  const answer = await get("/api/999999/envelope/", asBrowser, "POST");
  expect(answer.status).toBe(400);
  expect(answer.headers.get("content-type")).toContain("json");
});

let mounted: LocalServer;
beforeAll(async () => {
  mounted = await makeLocalServer({}, await askForHome(inject("keeperUrl")));
  await mounted.start({ PUBLIC_URL: `${mounted.url}/errors` });
});
afterAll(() => mounted.remove());

test("below a path of its own the UI signs in, navigates and reloads", async () => {
  const { email, password } = JSON.parse(
    readFileSync(join(mounted.home, "credentials.json"), "utf8"),
  );
  const origin = mounted.url;
  const { cookies } = await signIn(`${origin}/errors`, email, password, origin);
  const browser = await openChromium();
  const context = await browser.newContext();
  await context.addCookies(cookies.map((cookie) => ({ ...cookie, url: origin })));
  const page = await context.newPage();
  const failed: string[] = [];
  page.on("response", (response) => {
    if (response.status() >= 400) failed.push(`${response.status()} ${response.url()}`);
  });
  await page.goto(`${origin}/errors/acme/settings/members`);
  await page.getByRole("heading", { level: 1, name: "Members" }).waitFor();
  await page
    .getByRole("navigation", { name: /Settings of/ })
    .getByRole("link", { name: "Teams" })
    .click();
  await page.waitForURL(`${origin}/errors/acme/settings/teams`);
  await page.reload();
  await page.getByRole("heading", { level: 1, name: "Teams" }).waitFor();
  expect(failed).toEqual([]);
  await context.close();
});
