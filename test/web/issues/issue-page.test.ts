import type { Page, Request } from "playwright-core";
import { expect, test } from "vitest";
import { eventually } from "../../eventually";
import { checkEverywhere, phone, useUi } from "../ui";
import { cartEvent, sendIssue } from "./sent-issue";

const { tenant, open } = useUi();

const place = (page: Page) => page.getByRole("status", { name: "Place of this event" });
const isAt = (page: Page, words: string) => place(page).filter({ hasText: words }).waitFor();
const stackIsThere = (page: Page) => page.getByRole("heading", { name: "Stack" }).waitFor();

test("an issue opens on the message, the failing line of one's own code, and how often it was", async () => {
  const shop = await tenant();
  const { id, shortId } = await sendIssue(shop, cartEvent(), cartEvent());
  const page = await checkEverywhere(open, `/${shop.org}/issues/${id}`, "issue", async (one) => {
    await stackIsThere(one);
    await one.getByText("Tags of all events").waitFor();
    // The code has its colours.
    await one.locator(".tok-keyword").first().waitFor();
  });
  expect(await page.title()).toBe("TypeError: Cannot read 'amount' of undefined, shop, Brinkwatch");
  await page.getByText(shortId, { exact: true }).waitFor();
  expect(await page.getByRole("region", { name: "Stack" }).ariaSnapshot()).toMatchInlineSnapshot(`
    "- region "Stack":
      - heading "Stack" [level=2]
      - group "Frames":
        - button "In app" [pressed]
        - button "All"
        - button "Raw"
      - button "Copy"
      - heading "TypeError" [level=3]
      - paragraph: Cannot read 'amount' of undefined
      - list:
        - listitem:
          - button "sumLines app/total.ts:41:20 in app" [expanded]
          - region "Source of app/total.ts":
            - list:
              - listitem:
                - code: "for (const line of lines) {"
              - listitem:
                - code: const price = prices[line.sku];
              - listitem:
                - code: total += price.amount * line.count;
              - listitem:
                - code: "}"
              - listitem:
                - code: return total;
          - heading "Locals" [level=4]
          - list "Locals":
            - listitem: price null
            - listitem:
              - 'button "line {sku: MUG-03, count: 2}"'
        - listitem:
          - button "2 frames of express"
        - listitem:
          - button "renderCart app/page.ts:9:3 in app"
        - listitem:
          - button "3 frames of express""
  `);
});

test("the tabs of an issue: its events, its tags", async () => {
  const shop = await tenant();
  const { id, eventIds } = await sendIssue(
    shop,
    cartEvent(),
    cartEvent({ environment: "staging" }),
  );
  const address = `/${shop.org}/issues/${id}`;
  const events = await checkEverywhere(open, `${address}/events`, "issue-events", (page) =>
    page.getByRole("link", { name: eventIds[0]?.slice(0, 8) ?? "" }).waitFor(),
  );
  await events.getByRole("link", { name: eventIds[1]?.slice(0, 8) ?? "" }).click();
  await isAt(events, "Event 2 of 2");
  const tags = await checkEverywhere(open, `${address}/tags`, "issue-tags", (page) =>
    page.getByRole("heading", { name: "environment" }).waitFor(),
  );
  await tags.getByRole("link", { name: /^staging/ }).click();
  await isAt(tags, "Event 1 of 1");
  expect(new URL(tags.url()).search).toBe("?environment=staging");
});

test("people of an issue are found by a text and lead to their events; an issue that is alike is beside it", async () => {
  const shop = await tenant();
  const user = { id: "7", email: "grace@example.com" };
  const { id } = await sendIssue(
    shop,
    cartEvent({ user }),
    cartEvent({ user }),
    cartEvent({ user: { username: "linus" } }),
  );
  await shop.send(cartEvent({ fingerprint: ["another"] }));
  const address = `/${shop.org}/issues/${id}`;
  const page = await checkEverywhere(open, `${address}/people`, "issue-people", (people) =>
    people.getByRole("link", { name: "grace@example.com" }).waitFor(),
  );
  await page.getByRole("searchbox", { name: "Search people" }).fill("lin");
  await page.getByRole("link", { name: "grace@example.com" }).waitFor({ state: "detached" });
  await page.getByRole("link", { name: "linus" }).click();
  await page.waitForURL(/events\?query=/);
  await expect.poll(() => page.getByRole("row").count()).toBe(2);
  await eventually(async () => {
    const found = await shop.call<object[]>("GET", `/api/0/issues/${id}/similar/`);
    if (found.length === 0) throw new Error("not alike yet");
  });
  await page.goto(address);
  await page.getByRole("region", { name: "Similar issues" }).getByText("same title").waitFor();
});

test("20 steps are 20 events, without a load, a skeleton or an event that is left out", async () => {
  const shop = await tenant();
  const sent = Array.from({ length: 100 }, (_, index) => cartEvent({ extra: { index } }));
  const { id, eventIds } = await sendIssue(shop, ...sent);
  const page = await open(`/${shop.org}/issues/${id}`);
  await isAt(page, "Event 1 of 100");
  await page.keyboard.press("Shift+H");
  await isAt(page, "Event 100 of 100");
  // What stands beside all events comes after the first of them.
  await page.getByText("Seen for the first time").waitFor();
  await page.evaluate(`{
    window.loads = 1; window.skeletons = 0;
    new MutationObserver(() => {
      window.skeletons += document.querySelectorAll(".skeleton").length;
    }).observe(document.body, { childList: true, subtree: true });
  }`);
  const seen: string[] = [];
  for (let step = 1; step <= 20; step++) {
    await page.keyboard.press("l");
    await isAt(page, `Event ${100 - step} of 100`);
    seen.push(new URL(page.url()).pathname.split("/").at(-1) ?? "");
  }
  expect(seen).toEqual(eventIds.toReversed().slice(1, 21));
  // However fast one steps, one gets as far.
  await Promise.all(Array.from({ length: 20 }, () => page.keyboard.press("l")));
  await isAt(page, "Event 60 of 100");
  expect(await page.evaluate("[window.loads, window.skeletons]")).toEqual([1, 0]);
});

test("neighbours are there before they are asked for", async () => {
  const shop = await tenant();
  const { id } = await sendIssue(shop, ...Array.from({ length: 8 }, () => cartEvent()));
  const page = await open(`/${shop.org}/issues/${id}`);
  const asked: string[] = [];
  const isQuiet = page.waitForResponse(
    async (answer) => (await answer.json().catch(() => ({})))?.position === 3,
  );
  await isAt(page, "Event 1 of 8");
  await isQuiet;
  page.on("request", (request) => {
    if (/\/events\/[\da-f]{32}\//.test(request.url())) asked.push(request.url());
  });
  await page.keyboard.press("h");
  await isAt(page, "Event 2 of 8");
  await page.keyboard.press("h");
  await isAt(page, "Event 3 of 8");
  // Each step asks for the one that comes after its neighbour, and for nothing that is known.
  expect(new Set(asked).size).toBe(asked.length);
  expect(asked.length).toBeLessThanOrEqual(2);
});

test("an issue is read, resolved and opened again with keys alone", async () => {
  const shop = await tenant();
  const { id } = await sendIssue(shop, cartEvent(), cartEvent());
  const page = await open(`/${shop.org}/issues/${id}`);
  await stackIsThere(page);
  const status = async () =>
    (await shop.call<{ status: string }>("GET", `/api/0/organizations/${shop.org}/issues/${id}/`))
      .status;
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: /^sumLines/, expanded: false }).waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.getByText("dispatch10").waitFor();
  await page.keyboard.press("v");
  await page.getByRole("button", { name: "All", pressed: true }).waitFor();
  await page.keyboard.press("v");
  await page.getByRole("region", { name: "Trace as text" }).waitFor();
  await page.keyboard.press("v");
  await page.keyboard.press("e");
  await page.getByText("resolved", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Undo" }).waitFor();
  await expect.poll(status).toBe("resolved");
  await page.keyboard.press("u");
  await page.getByRole("button", { name: "Resolve" }).waitFor();
  await expect.poll(status).toBe("unresolved");
  await page.keyboard.press("m");
  await page.getByText("muted", { exact: true }).waitFor();
  await expect.poll(status).toBe("ignored");
  await page.keyboard.press("m");
  await expect.poll(status).toBe("unresolved");
  await page.keyboard.press("d");
  await page
    .getByText("Only their ids and times differ.")
    .or(page.getByText(/\d differences?/))
    .first()
    .waitFor();
  await page.keyboard.press("d");
  await isAt(page, "Event 1 of 2");
});

/** Holds what the page reads of an issue from now on: it is answered with what is so now, and later. */
async function holdReads(page: Page, path: string) {
  let isRead: () => void = () => undefined;
  const read = new Promise<void>((resolve) => {
    isRead = resolve;
  });
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(
    ({ pathname }) => pathname === path,
    async (route) => {
      const response = await route.fetch();
      isRead();
      await released;
      // The page may not want it any longer.
      await route.fulfill({ response }).catch(() => undefined);
    },
  );
  const isOfIssue = (request: Request) => new URL(request.url()).pathname === path;
  const isOver = Promise.race([
    page.waitForEvent("requestfinished", isOfIssue),
    page.waitForEvent("requestfailed", isOfIssue),
  ]);
  return { read, release, isOver };
}

test("what is taken back stays so, though the page was still reading how it had become", async () => {
  const shop = await tenant();
  const { id } = await sendIssue(shop, cartEvent());
  const page = await open(`/${shop.org}/issues/${id}`);
  await stackIsThere(page);
  const path = `/api/0/organizations/${shop.org}/issues/${id}/`;
  const { read, release } = await holdReads(page, path);
  await page.keyboard.press("e");
  await read;
  const undone = page.waitForResponse(/\/issues\/undo\/$/);
  await page.keyboard.press("u");
  await undone;
  release();
  await page.getByRole("button", { name: "Resolve" }).waitFor();
  await expect
    .poll(async () => (await shop.call<{ status: string }>("GET", path)).status)
    .toBe("unresolved");
  await page.waitForLoadState("networkidle");
  expect(await page.getByRole("button", { name: "Resolve" }).count()).toBe(1);
});

test("what is changed stays so, though the page was still reading how it was", async () => {
  const shop = await tenant();
  const { id } = await sendIssue(shop, cartEvent());
  const page = await open(`/${shop.org}/issues/${id}`);
  await stackIsThere(page);
  const { read, release, isOver } = await holdReads(
    page,
    `/api/0/organizations/${shop.org}/issues/${id}/`,
  );
  await page.keyboard.press("e");
  await read;
  // The second change is not made before the page has what it read after the first.
  await page.route(/\/issues\/\?id=/, async (route) => {
    if (route.request().method() === "PUT") await isOver;
    await route.continue();
  });
  await page.keyboard.press("m");
  await page.getByRole("button", { name: "Unmute" }).waitFor();
  release();
  await isOver;
  await page.evaluate("new Promise((next) => requestAnimationFrame(() => setTimeout(next)))");
  expect(await page.getByRole("button", { name: "Unmute" }).count()).toBe(1);
});

test("what is changed stays so, though an earlier change was only just taken back", async () => {
  const shop = await tenant();
  const { id } = await sendIssue(shop, cartEvent());
  const page = await open(`/${shop.org}/issues/${id}`);
  await stackIsThere(page);
  const path = `/api/0/organizations/${shop.org}/issues/${id}/`;
  const hold = () => {
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    return { released, release };
  };
  await page.keyboard.press("e");
  await page.getByRole("button", { name: "Undo" }).waitFor();
  const [answer, request] = [hold(), hold()];
  await page.route(/\/issues\/undo\/$/, async (route) => {
    const response = await route.fetch();
    await answer.released;
    await route.fulfill({ response });
  });
  await page.route(/\/issues\/\?id=/, async (route) => {
    if (route.request().method() === "PUT") await request.released;
    await route.continue();
  });
  await page.keyboard.press("u");
  await page.getByRole("button", { name: "Resolve" }).waitFor();
  await page.keyboard.press("m");
  await page.getByRole("button", { name: "Unmute" }).waitFor();
  const reads: string[] = [];
  page.on("request", (sent) => {
    if (new URL(sent.url()).pathname === path) reads.push(path);
  });
  const undone = page.waitForResponse(/\/issues\/undo\/$/);
  answer.release();
  await undone;
  await page.evaluate("new Promise((next) => requestAnimationFrame(() => setTimeout(next, 100)))");
  // Before the server has the second change, it would have the issue as it was before that.
  expect(reads).toEqual([]);
  const readAgain = page.waitForResponse((response) => new URL(response.url()).pathname === path);
  request.release();
  await readAgain;
  await page.evaluate("new Promise((next) => requestAnimationFrame(() => setTimeout(next)))");
  expect(await page.getByRole("button", { name: "Unmute" }).count()).toBe(1);
});

test("an issue is resolved in a release and muted until something happens, and says what ends that", async () => {
  const shop = await tenant();
  const { id } = await sendIssue(shop, cartEvent({ release: "2.4.0" }));
  const expects = /^400 PUT|^console: Failed to load resource: .* status of 400/;
  const page = await open(`/${shop.org}/issues/${id}`, { expects });
  await stackIsThere(page);
  const says = (words: string) => page.getByRole("main").getByText(words).waitFor();
  await page.keyboard.press("Shift+E");
  await says("Resolved in the release after 2.4.0 by");
  await page.keyboard.press("u");
  await page.getByRole("button", { name: "Resolve" }).waitFor();
  await page.getByRole("button", { name: "For how long" }).click();
  await page.getByRole("menuitem", { name: "Until 100 more events" }).click();
  await says("Muted until 100 more events, 0 so far (by");
  await page.getByRole("button", { name: "For how long" }).click();
  await page.getByRole("menuitem", { name: "Until…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Until so many more events").fill("5");
  await dialog.getByLabel("Within minutes (optional)").fill("10");
  await dialog.getByRole("button", { name: "Mute" }).click();
  await says("Muted until 5 events within 10 min");
  await page.getByRole("button", { name: "In a release or commit" }).click();
  await page.getByRole("menuitem", { name: "In a release or commit…" }).click();
  await dialog.getByLabel("Version").fill("9.9");
  await dialog.getByRole("button", { name: "Resolve" }).click();
  await dialog.getByText("There is no release 9.9").waitFor();
  await says("Muted until 5 events within 10 min");
  await dialog.getByLabel("Version").fill("2.4.0");
  await dialog.getByRole("button", { name: "Resolve" }).click();
  await says("Resolved in 2.4.0 by");
  await page.getByRole("button", { name: "Priority: high" }).click();
  await page.getByRole("menuitemcheckbox", { name: "Low", exact: true }).click();
  await page.getByRole("button", { name: "Priority: low" }).waitFor();
  await says("set the priority to low");
});

test("open frames, the event and the filter stand in the address: reload and Back restore them", async () => {
  const shop = await tenant();
  const { id, eventIds } = await sendIssue(
    shop,
    cartEvent(),
    cartEvent({ tags: { plan: "free" } }),
    cartEvent(),
  );
  const page = await open(`/${shop.org}/issues/${id}`);
  const frame = page.getByRole("button", { name: /^renderCart/ });
  await frame.click();
  await page.getByRole("button", { name: /^renderCart/, expanded: true }).waitFor();
  await page.keyboard.press("h");
  await isAt(page, "Event 2 of 3");
  await page.getByRole("button", { name: /^renderCart/, expanded: true }).waitFor();
  await page
    .getByRole("link", { name: "pro", exact: true })
    .or(page.getByRole("link", { name: "free", exact: true }))
    .first()
    .click();
  await page.waitForURL(/query=plan%3A/);
  await page.getByRole("button", { name: /^renderCart/, expanded: true }).waitFor();
  await page.reload();
  await page.getByRole("button", { name: /^renderCart/, expanded: true }).waitFor();
  await page.goBack();
  await page.waitForURL(
    (url) => url.pathname.endsWith(`/events/${eventIds[1]}`) && !url.searchParams.has("query"),
  );
  await isAt(page, "Event 2 of 3");
});

test("an event is copied as Markdown, and says why it is of its issue", async () => {
  const shop = await tenant();
  const { id } = await sendIssue(shop, cartEvent());
  const page = await open(`/${shop.org}/issues/${id}`);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await stackIsThere(page);
  await page.keyboard.press("Shift+C");
  await page.getByText("Markdown copied").waitFor();
  expect(await page.evaluate("navigator.clipboard.readText()")).toContain("sumLines");
  await page.getByText("What of this event decides which issue it is of").click();
  await page.getByText("decides", { exact: true }).first().waitFor();
});

test("a short id and an event id lead to the issue by its own address", async () => {
  const shop = await tenant();
  const { id, shortId, eventIds } = await sendIssue(shop, cartEvent());
  const page = await open(`/${shop.org}/issues/${shortId}?environment=production`);
  await page.waitForURL(`**/${shop.org}/issues/${id}?environment=production`);
  await isAt(page, "Event 1 of 1");
  await page.goto(`/${shop.org}/issues/${eventIds[0]}`);
  await page.waitForURL(`**/${shop.org}/issues/${id}/events/${eventIds[0]}`);
  await isAt(page, "Event 1 of 1");
});

test("a search of events that cannot be answered is refused at its field; one without events says so", async () => {
  const shop = await tenant();
  const { id } = await sendIssue(shop, cartEvent());
  const page = await open(`/${shop.org}/issues/${id}`, { expects: /\b40[04]\b/ });
  await stackIsThere(page);
  await page.keyboard.press("/");
  await page.keyboard.type("is:unresolved");
  await page.keyboard.press("Enter");
  const field = page.getByRole("textbox", { name: "Search events of this issue" });
  await page.locator("[aria-invalid=true]").waitFor();
  expect(await field.inputValue()).toBe("is:unresolved");
  await field.fill("plan:none");
  await page.keyboard.press("Enter");
  await page.getByText("No event of this issue fits the filter.").waitFor();
  await page.getByRole("button", { name: "Clear filter" }).click();
  await isAt(page, "Event 1 of 1");
});

test("two events side by side show what was changed and nothing else", async () => {
  const shop = await tenant();
  const older = cartEvent({ extra: {}, breadcrumbs: [] });
  const newer = cartEvent({
    extra: {},
    breadcrumbs: [],
    release: "web@1.0.1",
    contexts: { order: { id: 100, lines: [{ sku: "MUG-03", count: 2 }] } },
  });
  const {
    id,
    eventIds: [after = "", before = ""],
  } = await sendIssue(shop, older, newer);
  const page = await checkEverywhere(
    open,
    `/${shop.org}/issues/${id}/diff/${before}...${after}`,
    "issue-diff",
    (one) => one.getByRole("heading", { name: /^Tags/ }).waitFor(),
  );
  expect(
    await page
      .getByRole("region", { name: "Tags" })
      .or(page.getByRole("region", { name: "Contexts" }))
      .allInnerTexts(),
  ).toMatchInlineSnapshot(`
    [
      "Tags1

    release
    changed

    −
    web@1.0.0
    +
    web@1.0.1",
      "Contexts1

    order.id
    changed

    −
    99
    +
    100",
    ]
  `);
  await page.getByText("2 differences").waitFor();
  await page.getByRole("button", { name: "7 equal frames" }).click();
  await page.getByText("sumLines app/total.ts:41:20").waitFor();
});

test("an issue is understood and resolved on a phone", async () => {
  const shop = await tenant();
  const { id } = await sendIssue(shop, cartEvent(), cartEvent());
  const page = await open(`/${shop.org}/issues/${id}`, phone);
  await page.getByRole("button", { name: "Older event" }).tap();
  await isAt(page, "Event 2 of 2");
  await page.getByText("total += price.amount", { exact: false }).waitFor();
  await page.getByRole("button", { name: "Resolve" }).tap();
  await page.getByRole("button", { name: "Reopen" }).waitFor();
  const small =
    await page.evaluate(`[...document.querySelectorAll("main button, main a")].filter((one) => {
    const { width, height } = one.getBoundingClientRect();
    return width > 0 && getComputedStyle(one).display !== "inline" && height < 24;
  }).map((one) => one.outerHTML)`);
  expect(small).toEqual([]);
});

test("what was merged into an issue is taken out of it again", async () => {
  const shop = await tenant();
  await sendIssue(shop, cartEvent());
  const values = [{ type: "RangeError", value: "too much" }];
  await shop.send(cartEvent({ exception: { values } }));
  const [first, second] = await eventually(async () => {
    const path = `/api/0/organizations/${shop.org}/issues/?sort=first_seen`;
    const [one, other] = await shop.call<{ id: string }[]>("GET", path);
    if (!one || !other) throw new Error("not both are there");
    return [one, other];
  });
  await shop.call(
    "PUT",
    `/api/0/organizations/${shop.org}/issues/?id=${first.id}&id=${second.id}`,
    { merge: 1 },
  );
  const page = await open(`/${shop.org}/issues/${second.id}`);
  await page.getByRole("link", { name: "Merged" }).click();
  const part = page.getByRole("listitem").filter({ hasText: "was SHOP-2" });
  await part.getByText("RangeError: too much").waitFor();
  await checkEverywhere(open, `/${shop.org}/issues/${first.id}/merged`, "issue-merged", (one) =>
    one.getByText("was SHOP-2").waitFor(),
  );
  await part.getByRole("button", { name: /^Take out: RangeError/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Take out" }).click();
  await page.getByText("SHOP-2 is an issue of its own again").waitFor();
  await part.waitFor({ state: "detached" });
  const [apart] = await shop.call<{ shortId: string; count: string }[]>(
    "GET",
    `/api/0/organizations/${shop.org}/issues/?id=${second.id}`,
  );
  expect(apart).toMatchObject({ shortId: "SHOP-2", count: "1" });
});
