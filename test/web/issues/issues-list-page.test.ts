import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { checkEverywhere, phone, useUi } from "../ui";
import { insertIssues, numbered, statusesOf } from "./issue-rows";

const { ui, tenant, open } = useUi();

/** Of issues that were inserted nobody has an event, which a glance at the next page asks for. */
const withoutEvents = /404/;

const rows = (page: Page) => page.locator("[data-issue]");
const row = (page: Page, text: string) => rows(page).filter({ hasText: text });
const linkIn = (page: Page, text: string) => row(page, text).getByRole("link");
const isFocused = (page: Page, text: string) =>
  page.waitForFunction(
    (title) => document.activeElement?.closest("[data-issue]")?.textContent?.includes(title),
    text,
  );

/** A list with some issues, the newest first: Fault number 1, 2, 3 … */
async function listOf(count: number) {
  const made = await tenant();
  await insertIssues(ui(), made, numbered(count));
  return made;
}

const hostile = [
  {
    title: "<script>alert(1)</script>",
    type: "<img src=x onerror=alert(1)>",
    value: "<b>bold</b>",
  },
  { title: "\u202eright to left שלום עולם" },
  { title: "m".repeat(100_000) },
  { title: "wide", type: "W".repeat(200), value: "w".repeat(200) },
  { title: "" },
];

test("the list shows hostile titles as text, without a violation in any look", async () => {
  const made = await tenant();
  await insertIssues(ui(), made, hostile);
  await checkEverywhere(open, `/${made.org}/issues`, "issues-list", (page) =>
    row(page, "alert(1)").waitFor(),
  );
});

type Seen = { shift: number; shownAt: number };

/** Notes when the first row is there, and what moves. */
const watchPage = () => {
  const seen = { shift: 0, shownAt: 0 };
  Object.assign(window, { seen });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      seen.shift += (entry as unknown as { value: number }).value;
  }).observe({ type: "layout-shift", buffered: true });
  new MutationObserver((_, observer) => {
    if (!document.querySelector("[data-issue]")) return;
    seen.shownAt = performance.now();
    observer.disconnect();
  }).observe(document, { childList: true, subtree: true });
};

test("the first answer is asked for before the code runs, and few requests show the list without a shift", async () => {
  const made = await listOf(60);
  const page = await open("about:blank");
  const asked: string[] = [];
  page.on("request", (request) =>
    asked.push(new URL(request.url()).pathname + new URL(request.url()).search),
  );
  await page.addInitScript(watchPage);
  await page.goto(`${ui().url}/${made.org}/issues`);
  await page.getByRole("link", { name: /^Unresolved 60/ }).waitFor();
  await linkIn(page, "Fault number 1").first().waitFor();
  const first = asked.filter(
    (path) => path.includes(`/${made.org}/issues/?`) && !path.includes("cursor="),
  );
  expect(first, "the list asks with the words of the first script").toHaveLength(1);
  const { before, list, modules, shift } = await page.evaluate(() => {
    const { seen } = window as unknown as { seen: Seen };
    const timed = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
    const [document] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
    return {
      before: timed.filter(({ startTime }) => startTime < seen.shownAt).map(({ name }) => name),
      list: timed.find(({ name }) => name.includes("/issues/?"))?.startTime ?? Number.NaN,
      // Modules run after the document was read.
      modules: document?.domInteractive ?? 0,
      shift: seen.shift,
    };
  });
  // With the document itself.
  expect(before.length + 1, before.join("\n")).toBeLessThanOrEqual(12);
  expect(list).toBeLessThan(modules);
  expect(shift).toBe(0);
});

test("triage without a mouse: j j x e u resolves an issue and restores it", async () => {
  const made = await listOf(5);
  const page = await open(`/${made.org}/issues`, { expects: withoutEvents });
  await linkIn(page, "Fault number 2").waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await isFocused(page, "Fault number 2");
  await page.keyboard.press("x");
  await page.getByText("1 selected").waitFor();
  await page.keyboard.press("e");
  await row(page, "Fault number 2").waitFor({ state: "detached" });
  await isFocused(page, "Fault number 3");
  await expect.poll(() => statusesOf(ui(), made)).toEqual({ unresolved: 4, resolved: 1 });
  await page.keyboard.press("u");
  await row(page, "Fault number 2").waitFor();
  await expect.poll(() => statusesOf(ui(), made)).toEqual({ unresolved: 5 });
  expect(await rows(page).allTextContents()).toEqual(
    [1, 2, 3, 4, 5].map((n) => expect.stringContaining(`Fault number ${n}`)),
  );
});

test("all that match, seen or not, are resolved and taken back", async () => {
  const made = await listOf(1000);
  const page = await open(`/${made.org}/issues`, { expects: withoutEvents });
  await linkIn(page, "Fault number 1").first().waitFor();
  await page.keyboard.press("Control+a");
  await page.getByRole("button", { name: "Select all 1,000 that match" }).waitFor();
  await page.keyboard.press("Control+a");
  await page.getByText("1,000 selected").waitFor();
  await page.keyboard.press("e");
  await page.getByText("1,000 issues resolved").waitFor();
  await expect.poll(() => statusesOf(ui(), made)).toEqual({ resolved: 1000 });
  await page.getByText("Nothing unresolved in this range.").waitFor();
  await page.keyboard.press("u");
  await linkIn(page, "Fault number 1").first().waitFor();
  await expect.poll(() => statusesOf(ui(), made)).toEqual({ unresolved: 1000 });
});

test("ten thousand issues scroll with at most sixty rows in the page, and Back comes to the same place", async () => {
  const made = await listOf(10_000);
  const page = await open(`/${made.org}/issues`, { expects: withoutEvents });
  await linkIn(page, "Fault number 1").first().waitFor();
  for (const depth of [40, 120, 300, 500]) {
    await expect
      .poll(
        async () => {
          await page.evaluate((to) => scrollTo(0, to * 56), depth);
          expect(await rows(page).count()).toBeLessThanOrEqual(60);
          return row(page, `Fault number ${depth + 5}`).count();
        },
        { timeout: 30_000 },
      )
      .toBe(1);
  }
  const before = await page.evaluate(() => scrollY);
  // Whoever points at an issue has it fetched.
  const prefetched = page.waitForRequest(/\/api\/0\/organizations\/[\w-]+\/issues\/\d+\//);
  await linkIn(page, "Fault number 505").hover();
  await prefetched;
  await linkIn(page, "Fault number 505").click();
  await page.waitForURL(/\/issues\/\d+$/);
  await page.goBack();
  await linkIn(page, "Fault number 505").waitFor();
  expect(Math.abs((await page.evaluate(() => scrollY)) - before)).toBeLessThan(60);
});

test("a search is run by Enter, stands in the address, is refused with a reason, and Back restores the one before", async () => {
  const made = await listOf(12);
  const page = await open(`/${made.org}/issues`, { expects: /400/ });
  await linkIn(page, "Fault number 3").waitFor();
  await page.keyboard.press("/");
  const field = page.getByRole("combobox", { name: "Search issues" });
  await field.fill("is:un");
  await page.getByRole("option", { name: "is:unresolved" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  expect(await field.inputValue()).toBe("is:unresolved ");
  await page.keyboard.type('"number 12"');
  await page.keyboard.press("Enter");
  await page.waitForURL(/query=/);
  await row(page, "Fault number 3").waitFor({ state: "detached" });
  await linkIn(page, "Fault number 12").waitFor();
  await field.fill("!nosuchkey:1 is:unresolved");
  await field.press("Enter");
  await page.getByRole("alert").filter({ hasText: "Unknown search key nosuchkey" }).waitFor();
  expect(await page.locator("form .decoration-wavy").allTextContents()).toEqual(["!nosuchkey:1"]);
  await field.fill("nosuchkey:1 is:unresolved");
  await field.press("Enter");
  const note = page.getByRole("status").filter({ hasText: "the key of nosuchkey:1: looked for" });
  await note.waitFor();
  await page.goBack();
  await page.goBack();
  await linkIn(page, "Fault number 12").waitFor();
  expect(await field.inputValue()).toBe('is:unresolved "number 12"');
});

test("a list is kept as a view, becomes a tab, is edited, renamed, begun with and deleted; recent searches are offered", async () => {
  const made = await tenant();
  await insertIssues(ui(), made, numbered(3));
  const page = await open(`/${made.org}/issues`, { expects: withoutEvents });
  const menu = async (item: string) => {
    await page.getByRole("button", { name: "Views" }).click();
    await page
      .getByRole("menuitem", { name: item })
      .or(page.getByRole("menuitemcheckbox", { name: item }))
      .click();
  };
  const tab = (name: string | RegExp) =>
    page.getByRole("navigation", { name: "Kinds of issues" }).getByRole("link", { name });
  const field = page.getByRole("combobox", { name: "Search issues" });
  await field.fill('"number 2"');
  await field.press("Enter");
  await linkIn(page, "Fault number 2").waitFor();
  await menu("Save as a view…");
  await page.getByRole("textbox", { name: "Name" }).fill("Number two");
  await page.getByLabel("Share with the organization").check();
  await page.getByRole("button", { name: "Save" }).click();
  await page.waitForURL(/view=\d+/);
  await expect.poll(() => tab("Number two").getAttribute("aria-current")).toBe("page");
  await field.fill('"number 3"');
  await field.press("Enter");
  await linkIn(page, "Fault number 3").waitFor();
  await menu("Save changes");
  await page.getByText("Number two is as this list now.").waitFor();
  await menu("Rename…");
  await page.getByRole("textbox", { name: "Name" }).fill("Number three");
  await page.getByRole("button", { name: "Save" }).click();
  await tab("Number three").waitFor();
  await menu("Begin with this view");
  await page.getByText("The list begins with Number three.").waitFor();
  await page.goto(`/${made.org}/issues`);
  await page.waitForURL(/view=\d+/);
  expect(await field.inputValue()).toBe('"number 3"');
  await tab("Unresolved").click();
  await linkIn(page, "Fault number 1").waitFor();
  await field.fill("");
  await page.getByRole("option", { name: '"number 2"' }).click();
  await linkIn(page, "Fault number 1").waitFor({ state: "detached" });
  await tab("Number three").click();
  await menu("Delete…");
  await page.getByRole("button", { name: "Delete" }).click();
  await tab("Number three").waitFor({ state: "detached" });
});

test("an issue that comes is offered and moves nothing until it is asked for", async () => {
  const made = await listOf(3);
  const page = await open(`/${made.org}/issues`, { expects: withoutEvents });
  await linkIn(page, "Fault number 1").waitFor();
  await made.send({ message: "Something new happened", level: "error" });
  await page.getByRole("button", { name: "1 new" }).waitFor({ timeout: 60_000 });
  expect(await rows(page).count()).toBe(3);
  await page.keyboard.press("n");
  await linkIn(page, "Something new happened").waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press(" ");
  await page
    .getByRole("complementary", { name: /^A look at/ })
    .getByText("Open")
    .waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("complementary").waitFor({ state: "detached" });
});

test("without issues the list says why, and what to do", async () => {
  const made = await tenant();
  const page = await open(`/${made.org}/issues`, { expects: withoutEvents });
  await page.getByRole("link", { name: "Set up Shop" }).waitFor();
  await insertIssues(ui(), made, numbered(2));
  await page.goto(`/${made.org}/issues?query=is%3Aresolved&environment=staging`);
  await page.getByText("No issue matches: is:resolved, staging, and Last 14 days.").waitFor();
  await page.getByRole("button", { name: "Show all unresolved" }).click();
  await page.getByRole("button", { name: "2 in all environments" }).click();
  await linkIn(page, "Fault number 1").waitFor();
});

test("a short id that is pasted into the palette leads to its issue", async () => {
  const made = await listOf(2);
  const page = await open(`/${made.org}/issues`, { expects: withoutEvents });
  const shortId =
    (await row(page, "Fault number 2")
      .getByText(/^\w+-\d+$/)
      .textContent()) ?? "";
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Search and commands" }).fill(shortId);
  await page.getByRole("option", { name: `Issue ${shortId}` }).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(new RegExp(`/${made.org}/issues/`));
});

test("on a phone issues are chosen and resolved by thumb", async () => {
  const made = await listOf(3);
  const page = await open(`/${made.org}/issues`, { ...phone, expects: withoutEvents });
  await row(page, "Fault number 2").getByRole("checkbox").tap();
  await page.getByRole("toolbar").getByRole("button", { name: "Actions" }).tap();
  await page.getByRole("menuitem", { name: "Resolve", exact: true }).tap();
  await row(page, "Fault number 2").waitFor({ state: "detached" });
  await expect.poll(() => statusesOf(ui(), made)).toEqual({ unresolved: 2, resolved: 1 });
});

test("of chosen issues the priority is said, and they are muted until they happen again", async () => {
  const made = await listOf(2);
  const page = await open(`/${made.org}/issues`, { expects: withoutEvents });
  await row(page, "Fault number 1").getByRole("checkbox").check();
  const bar = page.getByRole("toolbar", { name: "Selected issues" });
  await bar.getByRole("button", { name: "Priority" }).click();
  await page.getByRole("menuitem", { name: "Low", exact: true }).click();
  await page.getByText("Priority of 1 issue changed").waitFor();
  await bar.getByRole("button", { name: "For how long" }).click();
  await page.getByRole("menuitem", { name: "Until it happens again" }).click();
  await row(page, "Fault number 1").waitFor({ state: "detached" });
  await expect.poll(() => statusesOf(ui(), made)).toEqual({ unresolved: 1, ignored: 1 });
});

test("what cannot be taken back is asked first", async () => {
  const made = await listOf(3);
  const page = await open(`/${made.org}/issues`, { expects: withoutEvents });
  await linkIn(page, "Fault number 1").waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("#");
  await page.getByText("1 issue will be deleted with all events. This cannot be undone.").waitFor();
  await page.getByRole("button", { name: "Cancel" }).click();
  await isFocused(page, "Fault number 1");
  expect(await statusesOf(ui(), made)).toEqual({ unresolved: 3 });
  await page.keyboard.press("#");
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await row(page, "Fault number 1").waitFor({ state: "detached" });
  await expect.poll(() => statusesOf(ui(), made)).toEqual({ unresolved: 2 });
});

test("the list reads as a grid", async () => {
  const made = await tenant();
  await insertIssues(ui(), made, [
    { title: "E: m", type: "TypeError", value: "x is undefined", minutesAgo: 65 },
  ]);
  const page = await open(`/${made.org}/issues`, { expects: withoutEvents });
  await page
    .getByTitle(/in this filter/)
    .first()
    .waitFor();
  const snapshot = await page.getByRole("grid").ariaSnapshot();
  expect(snapshot.replace(/\/org-\w+\/issues\/\d+/, "…")).toMatchInlineSnapshot(`
    "- grid "Issues":
      - rowgroup:
        - row "Select all that are here Issue Trend Events People Seen Age Assignee":
          - columnheader "Select all that are here":
            - text: Select all that are here
            - checkbox "Select all that are here"
          - columnheader "Issue"
          - columnheader "Trend"
          - columnheader "Events"
          - columnheader "People"
          - columnheader "Seen"
          - columnheader "Age"
          - columnheader "Assignee"
      - rowgroup:
        - 'row "Select SHOP-1 error TypeError x is undefined SHOP-1 not looked at yet cart/total.ts Events, Last 14 days: 0 in all, at most 0 at a time 1 1 1h 3d Assign SHOP-1"':
          - gridcell "Select SHOP-1":
            - text: Select SHOP-1
            - checkbox "Select SHOP-1"
          - gridcell "error TypeError x is undefined SHOP-1 not looked at yet cart/total.ts":
            - text: error
            - link "TypeError x is undefined":
              - /url: …
            - text: SHOP-1 not looked at yet cart/total.ts
          - 'gridcell "Events, Last 14 days: 0 in all, at most 0 at a time"':
            - 'img "Events, Last 14 days: 0 in all, at most 0 at a time"'
          - gridcell "1"
          - gridcell "1"
          - gridcell "1h":
            - time: 1h
          - gridcell "3d":
            - time: 3d
          - gridcell "Assign SHOP-1":
            - button "Assign SHOP-1""
  `);
});

test("chosen issues become one by keys; the dialog says which, and another can be named", async () => {
  const made = await listOf(4);
  await ui().server.query(
    `insert into issue_hashes (project_id, hash, issue_id)
     select project_id, md5(id::text), id from issues where project_id = $1`,
    [made.project.id],
  );
  const page = await open(`/${made.org}/issues`, { expects: withoutEvents });
  await rows(page).nth(3).waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.keyboard.press("Shift+M");
  const dialog = page.getByRole("dialog", { name: "Merge 2 issues?" });
  const stays = dialog.getByRole("radio");
  await stays.first().waitFor();
  // The oldest, until somebody says otherwise.
  expect(await stays.first().isChecked()).toBe(true);
  await dialog.getByText("SHOP-2").click();
  await dialog.getByRole("button", { name: "Merge" }).click();
  await page.getByText("2 issues merged into SHOP-2").waitFor();
  await expect.poll(() => rows(page).count()).toBe(3);
  // It is called by its newest event.
  await row(page, "Fault number 1").getByText("SHOP-2").first().waitFor();
  expect(await row(page, "SHOP-1").count()).toBe(0);
  await page.keyboard.press("u");
  await expect.poll(() => rows(page).count(), { timeout: 10_000 }).toBe(4);
  await row(page, "SHOP-1").first().waitFor();
});
