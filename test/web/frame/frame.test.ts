import { expect, test } from "vitest";
import { eventually } from "../../harness";
import { signUp } from "../people";
import { checkEverywhere, phone, useUi } from "../ui";

const { ui, tenant, open } = useUi();

test("the palette finds commands, projects, settings and what is pasted, by keys alone", async () => {
  const { org, send, call } = await tenant();
  await send({ message: "Kettle boiled over" });
  await eventually(async () => {
    const issues = await call<unknown[]>("GET", `/api/0/organizations/${org}/issues/`);
    if (issues.length === 0) throw new Error("it is not digested yet");
  });
  const page = await open(`/${org}/settings/members`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.keyboard.press("Control+k");
  const field = page.getByRole("combobox", { name: "Search and commands" });
  await field.fill("audit");
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/${org}/settings/audit-log`);
  await page.keyboard.press("Control+k");
  await field.fill("Shop");
  await page.getByRole("option", { name: /Shop/ }).first().waitFor();
  await field.fill("kettle");
  await page.getByRole("option", { name: /SHOP-1 Kettle boiled over/ }).waitFor();
  await field.fill("0123456789abcdef0123456789abcdef");
  await page.getByRole("option", { name: /^Event 0123/ }).waitFor();
  await page.keyboard.press("Escape");
  await expect.poll(() => field.count()).toBe(0);
});

test("keys of two letters lead through the areas; letters are off in fields and where somebody said so", async () => {
  const { org } = await tenant();
  const page = await open(`/${org}/settings/members`);
  await page.getByRole("searchbox").fill("gs");
  await page.keyboard.type("gt");
  expect(new URL(page.url()).pathname).toBe(`/${org}/settings/members`);
  await page.getByRole("heading", { level: 1 }).click();
  await page.keyboard.type("gt");
  await page.waitForURL(`**/${org}/stats**`);
  await page.goto("/profile/preferences");
  const letters = page.getByRole("checkbox", { name: /letter|single/i });
  const saved = () => page.waitForResponse((answer) => answer.request().method() === "PUT");
  await Promise.all([saved(), letters.uncheck()]);
  await page.goto(`/${org}/settings/members`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.keyboard.type("gt");
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Search and commands" }).waitFor();
  expect(new URL(page.url()).pathname).toBe(`/${org}/settings/members`);
  // The administrator is also other tests'.
  await page.goto("/profile/preferences");
  await Promise.all([saved(), letters.check()]);
});

test("the help names the keys of the page, and closes", async () => {
  const { org } = await tenant();
  const page = await open(`/${org}/stats`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.keyboard.press("?");
  const dialog = page.getByRole("dialog", { name: "Keys" });
  await dialog.getByText("Search and commands").waitFor();
  await dialog.getByText("Choose a time").waitFor();
  await page.keyboard.press("Escape");
  await expect.poll(() => dialog.count()).toBe(0);
});

test("theme, density and the rail are remembered, and there before the first paint", async () => {
  const { org } = await tenant();
  const page = await open(`/${org}/settings/teams`);
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("menuitemcheckbox", { name: "Dark" }).click();
  await page.locator('html[data-theme="dark"]').waitFor();
  await page.getByRole("heading", { level: 1 }).click();
  await page.keyboard.press("[");
  await page.getByRole("button", { name: "Widen" }).waitFor();
  await page.reload({ waitUntil: "commit" });
  await page.locator('html[data-theme="dark"]').waitFor();
  await page.getByRole("button", { name: "Widen" }).waitFor();
});

test("filters go along between lists, and a bare address takes the last ones", async () => {
  const { org, project } = await tenant();
  const page = await open(`/${org}/stats?statsPeriod=24h&project=${project.id}`);
  await page.getByRole("button", { name: "Shop" }).waitFor();
  await page.getByRole("button", { name: "Last 24 hours" }).waitFor();
  await page.goto(`/${org}/stats`);
  await page.waitForURL(`**/${org}/stats?*statsPeriod=24h*`);
  await page.getByRole("button", { name: "Last 24 hours" }).click();
  await page.getByRole("menuitemcheckbox", { name: "Last 7 days" }).click();
  await page.waitForURL("**statsPeriod=7d**");
  expect(page.url()).toContain(`project=${project.id}`);
  await page.goBack();
  await page.getByRole("button", { name: "Last 24 hours" }).waitFor();
});

test("a range of time is typed or pasted", async () => {
  const { org } = await tenant();
  const page = await open(`/${org}/stats`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.keyboard.press("t");
  await page.getByRole("textbox", { name: "Range" }).fill("not a time");
  await page.keyboard.press("Enter");
  await page.getByText("This is no range of time.").waitFor();
  await page.getByRole("textbox", { name: "Range" }).fill("2026-01-31 14:00 to 15:00");
  await page.keyboard.press("Enter");
  await page.waitForURL(/start=2026-01-31T14%3A00%3A00\.000Z&end=2026-01-31T15%3A00%3A00\.000Z/);
});

test("without a connection the page stays and says so", async () => {
  const { org } = await tenant();
  const page = await open(`/${org}/settings/teams`, { expects: /ERR_INTERNET_DISCONNECTED/ });
  await page.getByRole("row", { name: /core/ }).waitFor();
  await page.context().setOffline(true);
  await page.getByText(/^No connection/).waitFor();
  await page.getByRole("row", { name: /core/ }).waitFor();
  await page.context().setOffline(false);
  await expect.poll(() => page.getByText(/^No connection/).count()).toBe(0);
});

test("an error says what it is, with the request's number, and tries again", async () => {
  const { org } = await tenant();
  const page = await open(`/${org}/settings/teams`, { expects: /500|Failed to load/ });
  let isBroken = true;
  await page.route("**/audit-logs/**", (route) =>
    isBroken
      ? route.fulfill({
          status: 500,
          headers: { "x-request-id": "r-123" },
          json: { detail: "Something broke." },
        })
      : route.continue(),
  );
  await page.goto(`/${org}/settings/audit-log`);
  await page.getByText("Something broke.").waitFor();
  await page.getByText("Request r-123").waitFor();
  isBroken = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("list", { name: "Audit log" }).waitFor();
});

test("what is not there, and what is somebody else's, look alike", async () => {
  const { org } = await tenant();
  const stranger = await signUp(ui().url);
  for (const [path, person] of [
    [`/${org}/settings`, stranger],
    ["/no-such-organization/settings", ui().admin],
  ] as const) {
    const page = await open(path, { person, expects: /404/ });
    await page.getByText("This does not exist, or is not yours.").waitFor();
  }
});

test("an unknown address has a page of its own, also on a phone", async () => {
  await checkEverywhere(
    open,
    "/acme/no/such/page",
    "not-found",
    (page) => page.getByRole("heading", { level: 1, name: "Page not found" }).waitFor(),
    { expects: /404/ },
  );
});

test("a phone has its bar, with everything behind it", async () => {
  const { org } = await tenant();
  const page = await open(`/${org}/settings/teams`, phone);
  const bar = page.getByRole("navigation", { name: "Main" });
  await bar.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Stats" }).click();
  await page.waitForURL(`**/${org}/stats**`);
  for (const button of await bar.locator("a, button").all()) {
    const box = await button.boundingBox();
    expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(44);
  }
});

test("an old address leads on and keeps its query", async () => {
  const { org } = await tenant();
  const page = await open(`/organizations/${org}/stats/?statsPeriod=24h`);
  await page.waitForURL(`**/${org}/stats?statsPeriod=24h`);
  await page.goto(`/settings/${org}/projects/shop/keys/`);
  await page.waitForURL(`**/${org}/settings/projects/shop/keys`);
});
