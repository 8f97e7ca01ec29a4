import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { parseLastChange } from "../../../src/web/api/last-change";
import { parseColumns, tracksOf } from "../../../src/web/issues/list-columns";
import { isSwipe, isTaken, wayOf } from "../../../src/web/issues/swipe-way";
import { phone, useUi } from "../ui";
import { insertIssues, numbered, statusesOf } from "./issue-rows";
import { cartEvent, sendIssue } from "./sent-issue";

const { ui, tenant, open } = useUi();

/** Of issues that were inserted nobody has an event, which a glance at the next page asks for. */
const withoutEvents = /404/;
const row = (page: Page, text: string) => page.locator("[data-issue]").filter({ hasText: text });
const search = (page: Page) => page.getByRole("combobox", { name: "Search issues" });

test("events, people and bars of a row are those of the filter, with all of them beside", async () => {
  const made = await tenant();
  await sendIssue(
    made,
    cartEvent({ environment: "staging", user: { id: "1" } }),
    cartEvent({ user: { id: "2" } }),
    cartEvent({ user: { id: "3" } }),
  );
  const page = await open(`/${made.org}/issues`);
  await page.getByTitle("3 in this filter, 3 in all").first().waitFor();
  await page.getByRole("img", { name: /^Events, Last 14 days: 3 in all/ }).waitFor();
  await page.goto(`/${made.org}/issues?environment=staging&statsPeriod=24h`);
  await page.getByRole("img", { name: /^Events, Last 24 hours: 1 in all/ }).waitFor();
  expect(await page.getByTitle("1 in this filter, 3 in all").allTextContents()).toEqual(["1", "1"]);
});

test("a column that is left out stays so, and comes back", async () => {
  const made = await tenant();
  await insertIssues(ui(), made, numbered(1));
  const page = await open(`/${made.org}/issues`, { expects: withoutEvents });
  const names = () => page.getByRole("columnheader").allTextContents();
  const toggle = async (name: string) => {
    await page.getByRole("button", { name: "Actions of this list" }).click();
    await page.getByRole("menuitemcheckbox", { name }).click();
  };
  await row(page, "Fault number 1").waitFor();
  await toggle("People");
  await toggle("Trend");
  await page.reload();
  await row(page, "Fault number 1").waitFor();
  expect((await names()).slice(1)).toEqual(["Issue", "Events", "Seen", "Age", "Assignee"]);
  await toggle("People");
  expect((await names()).slice(1)).toEqual([
    "Issue",
    "Events",
    "People",
    "Seen",
    "Age",
    "Assignee",
  ]);
});

test("the search offers tags of the events, then their values with how often they were there", async () => {
  const made = await tenant();
  await sendIssue(made, cartEvent({ tags: { plan: "pro" } }), cartEvent({ tags: { plan: "pro" } }));
  const page = await open(`/${made.org}/issues`);
  await row(page, "TypeError").waitFor();
  await search(page).fill("pla");
  await page.getByRole("option", { name: "plan: Tag of 2 events" }).click();
  await page.getByRole("option", { name: "plan:pro 2 events" }).click();
  expect(await search(page).inputValue()).toBe("plan:pro ");
});

test("an id that is pasted into the search leads to its event or issue; what only looks like one is searched for", async () => {
  const made = await tenant();
  const { id, shortId, eventIds } = await sendIssue(made, cartEvent());
  const page = await open(`/${made.org}/issues`, { expects: /404/ });
  const run = async (text: string) => {
    await search(page).fill(text);
    await search(page).press("Enter");
  };
  await row(page, "TypeError").waitFor();
  await run(shortId.toLowerCase());
  await page.waitForURL(new RegExp(`/issues/${id}$`));
  await page.goBack();
  await row(page, "TypeError").waitFor();
  await run(eventIds[0] ?? "");
  await page.waitForURL(new RegExp(`/issues/${id}/events/${eventIds[0]}$`));
  await page.goBack();
  await row(page, "TypeError").waitFor();
  await run("utf-8");
  await page.waitForURL(/query=utf-8/);
  await page.getByText("No issue matches: utf-8").waitFor();
});

test("an event id that is pasted into the palette leads to the event", async () => {
  const made = await tenant();
  const { id, eventIds } = await sendIssue(made, cartEvent());
  const page = await open(`/${made.org}/issues`);
  await row(page, "TypeError").waitFor();
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Search and commands" }).fill(eventIds[0] ?? "");
  await page.getByRole("option", { name: `Event ${eventIds[0]}` }).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(new RegExp(`/issues/${id}/events/${eventIds[0]}$`));
});

test("C copies what is chosen as Markdown", async () => {
  const made = await tenant();
  await sendIssue(made, cartEvent());
  const page = await open(`/${made.org}/issues`);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await row(page, "TypeError").waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("Shift+C");
  await page.getByText("Markdown copied").waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain("Cannot read 'amount' of undefined");
  expect(copied).toContain("app/total.ts");
});

test("all that match are resolved, the page is loaded anew, and one key takes it back", async () => {
  const made = await tenant();
  await insertIssues(ui(), made, numbered(300));
  const page = await open(`/${made.org}/issues`, { expects: withoutEvents });
  await row(page, "Fault number 1").first().waitFor();
  await page.keyboard.press("Control+a");
  await page.getByRole("button", { name: "Select all 300 that match" }).click();
  await page.keyboard.press("e");
  await page.getByText("300 issues resolved").waitFor();
  expect(await statusesOf(ui(), made)).toEqual({ resolved: 300 });
  await page.reload();
  await page.getByRole("status").getByText("300 issues resolved").waitFor();
  await page.getByText("Nothing unresolved in this range.").waitFor();
  await page.keyboard.press("u");
  await row(page, "Fault number 1").first().waitFor();
  expect(await statusesOf(ui(), made)).toEqual({ unresolved: 300 });
  await page.getByText("300 issues are as before").waitFor();
  await page.reload();
  await row(page, "Fault number 1").first().waitFor();
  expect(await page.getByText("300 issues resolved").count()).toBe(0);
});

test("pages far behind are let go of, and read again on the way back", async () => {
  const made = await tenant();
  await insertIssues(ui(), made, numbered(2500));
  const page = await open(`/${made.org}/issues`, { expects: withoutEvents });
  await row(page, "Fault number 1").first().waitFor();
  const show = (place: number) =>
    expect
      .poll(
        async () => {
          await page.evaluate((to) => scrollTo(0, to * 56), place);
          return row(page, `Fault number ${place + 3}`).count();
        },
        { timeout: 30_000 },
      )
      .toBeGreaterThan(0);
  for (let place = 100; place <= 1700; place += 160) await show(place);
  const again = page.waitForRequest(/issues\/\?.*cursor=/);
  for (let place = 1500; place >= 300; place -= 160) await show(place);
  await again;
  await show(0);
  const first = row(page, "Fault number 1").first();
  expect(await first.getAttribute("aria-rowindex")).toBe("2");
});

test("on a phone a row that is drawn aside is resolved or muted, and comes back", async () => {
  const made = await tenant();
  await insertIssues(ui(), made, numbered(3));
  const page = await open(`/${made.org}/issues`, { ...phone, expects: withoutEvents });
  const fingers = await page.context().newCDPSession(page);
  const draw = async (text: string, by: number) => {
    const box = await row(page, text).boundingBox();
    const at = { x: 195, y: (box?.y ?? 0) + 20 };
    const touch = (type: "touchStart" | "touchMove" | "touchEnd", x?: number) =>
      fingers.send("Input.dispatchTouchEvent", {
        type,
        touchPoints: x === undefined ? [] : [{ ...at, x }],
      });
    await touch("touchStart", at.x);
    for (const share of [0.2, 0.5, 1]) await touch("touchMove", at.x + by * share);
    await touch("touchEnd");
  };
  await row(page, "Fault number 2").waitFor();
  // Not far enough.
  await draw("Fault number 2", 50);
  await draw("Fault number 2", 150);
  await page.getByText("1 issue resolved").waitFor();
  await row(page, "Fault number 2").waitFor({ state: "detached" });
  await draw("Fault number 3", -150);
  await page.getByText("1 issue muted").waitFor();
  await expect
    .poll(() => statusesOf(ui(), made))
    .toEqual({ unresolved: 1, resolved: 1, ignored: 1 });
  await page.getByRole("button", { name: "Undo" }).last().click();
  await row(page, "Fault number 3").waitFor();
  await expect.poll(() => statusesOf(ui(), made)).toEqual({ unresolved: 2, resolved: 1 });
  expect(new URL(page.url()).pathname).toBe(`/${made.org}/issues`);
});

test.each([
  [3, 2, undefined],
  [20, 5, true],
  [-20, 5, true],
  [5, 20, false],
  [20, 20, false],
])("a finger that went %i to the side and %i down draws a row: %s", (x, y, expected) => {
  expect(isSwipe(x, y)).toBe(expected);
});

test("where a finger goes says what is meant, and how far whether it is", () => {
  expect([wayOf(100), wayOf(-100), isTaken(87), isTaken(-88)]).toEqual([
    "resolve",
    "mute",
    false,
    true,
  ]);
});

describe("what a browser kept", () => {
  test.each([
    [null, "104px 64px 64px 56px 56px 72px"],
    ["nonsense", "104px 64px 64px 56px 56px 72px"],
    ['{"length":1}', "104px 64px 64px 56px 56px 72px"],
    ['["age","events","__proto__"]', "64px 56px"],
    ["[]", "0px"],
  ])("%s gives the columns %s", (text, expected) => {
    expect(tracksOf(parseColumns(text))).toBe(expected);
  });

  const change = { org: "acme", undoIds: ["a"], text: "1 issue resolved", at: 1000 };
  test.each([
    [change, change],
    [{ ...change, org: "other" }, undefined],
    [{ ...change, undoIds: [] }, undefined],
    [{ ...change, undoIds: [1] }, undefined],
    [{ ...change, at: -3_600_000 }, undefined],
    [{ ...change, text: 1 }, undefined],
    [null, undefined],
    ["text", undefined],
  ])("%j is the last change %j", (kept, expected) => {
    expect(parseLastChange(JSON.stringify(kept), "acme", 2000)).toEqual(expected);
  });
  test("half a text is none", () => {
    expect(parseLastChange('{"org":"acme"', "acme", 2000)).toBeUndefined();
  });
});
