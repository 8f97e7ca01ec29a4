import { expect, test } from "vitest";
import { checkEverywhere, joinAs, useUi } from "../ui";
import { insertIssues, numbered } from "./issue-rows";
import { cartEvent, sendIssue } from "./sent-issue";

const { ui, tenant, open } = useUi();

/** A busy machine takes its time. */
const slowly = { timeout: 30_000 };

type Listed = { shortId: string; assignedTo: { name: string } | null };

test("issues are given to people and teams by keys, many at once, and that is taken back", async () => {
  const shop = await tenant();
  await insertIssues(ui(), shop, numbered(4));
  const grace = await joinAs(ui().url, shop, "member");
  const having = async () =>
    (await shop.call<Listed[]>("GET", `/api/0/organizations/${shop.org}/issues/?query=`))
      .map(({ assignedTo }) => assignedTo?.name ?? "")
      .toSorted();
  const page = await open(`/${shop.org}/issues`, { person: grace, expects: /404/ });
  const names = page.getByRole("button", { name: /is assigned to/ });
  await page.locator("[data-issue]").nth(3).waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("a");
  await page.getByRole("combobox", { name: "Assign SHOP-1" }).waitFor();
  await page.getByRole("option", { name: "Nobody" }).waitFor();
  await page.keyboard.press("Enter");
  await names.first().waitFor();
  await expect.poll(having, slowly).toEqual(["", "", "", "Grace"]);

  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.press("a");
  await page.getByRole("combobox", { name: "Assign 4 issues" }).fill("core");
  await page.getByRole("option", { name: "#core" }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByText("4 issues assigned to core").waitFor();
  expect(await having()).toEqual(["core", "core", "core", "core"]);
  // What can be taken back is known to the server, also after a reload.
  await page.reload();
  await names.nth(3).waitFor();
  await page.keyboard.press("u");
  await expect.poll(having, slowly).toEqual(["", "", "", "Grace"]);
  await expect.poll(() => names.count(), slowly).toBe(1);
  await page.getByRole("link", { name: /^Mine/ }).click();
  await expect.poll(() => page.locator("[data-issue]").count(), slowly).toBe(1);
});

test("whoever presses Enter before the page knows who they are gives the issue to nobody else", async () => {
  const shop = await tenant();
  await insertIssues(ui(), shop, numbered(1));
  const grace = await joinAs(ui().url, shop, "member");
  const page = await open(`/${shop.org}/settings`, { person: grace, expects: /404/ });
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(/\/api\/0\/users\/me\/$/, async (route) => {
    await released;
    await route.continue();
  });
  await page.goto(`/${shop.org}/issues`);
  await page.locator("[data-issue]").first().waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("a");
  const dialog = page.getByRole("dialog", { name: "Assign SHOP-1" });
  await dialog.getByText("Loading").waitFor();
  await page.keyboard.press("Enter");
  release();
  await dialog.getByRole("option", { name: "Me" }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByText("SHOP-1 assigned to Grace").waitFor();
});

test("what one has looked at is less weighty in the list; a star and a bell are one's own", async () => {
  const shop = await tenant();
  const { id } = await sendIssue(shop, cartEvent());
  const page = await open(`/${shop.org}/issues`);
  const unread = page.getByText("not looked at yet");
  await unread.waitFor({ state: "attached" });
  await page.keyboard.press("j");
  await page.keyboard.press("b");
  await page.getByRole("img", { name: "bookmarked" }).waitFor();
  await page.keyboard.press("o");
  await page.getByRole("button", { name: "Bookmark", pressed: true }).waitFor();
  // Who remembers it follows it, unless one chose not to.
  await page.getByRole("button", { name: "Follow", pressed: true }).waitFor();
  await page.keyboard.press("s");
  await page.getByRole("button", { name: "Follow", pressed: false }).waitFor();
  const marks = async () => {
    const path = `/api/0/organizations/${shop.org}/issues/${id}/`;
    return Object.entries(await shop.call<object>("GET", path))
      .filter(([name]) => /^(?:has|is)(?:Seen|Bookmarked|Subscribed)$/.test(name))
      .map(([name, value]) => `${name} ${value}`)
      .toSorted();
  };
  await expect
    .poll(marks, slowly)
    .toEqual(["hasSeen true", "isBookmarked true", "isSubscribed false"]);
  await page.goBack();
  await page.getByRole("img", { name: "bookmarked" }).waitFor();
  expect(await unread.count()).toBe(0);
  await page.goto(`/${shop.org}/issues?query=bookmarks%3Ame`);
  await page.locator("[data-issue]").waitFor();
});

test("people talk about an issue beside its event, and see what happened to it", async () => {
  const shop = await tenant();
  const { id } = await sendIssue(shop, cartEvent());
  const page = await open(`/${shop.org}/issues/${id}`);
  await page.getByRole("heading", { name: "Stack" }).waitFor();
  await page.getByRole("heading", { name: "Activity" }).waitFor();
  await page.keyboard.press("a");
  await page.getByRole("option", { name: /^#core/ }).click();
  await page.getByRole("button", { name: "Assigned: #core" }).waitFor();

  await page.keyboard.press("r");
  await page.keyboard.type("Look at **this**, @cor");
  await page.getByRole("option", { name: "core" }).waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.press("ControlOrMeta+Enter");
  const comment = page.getByRole("article", { name: /^Comment by/ });
  await comment.getByText("@core").waitFor();
  expect(await comment.locator("strong").textContent()).toBe("this");
  const { activity } = await shop.call<{ activity: { data: object }[] }>(
    "GET",
    `/api/0/organizations/${shop.org}/issues/${id}/activities/`,
  );
  expect(activity[0]?.data).toMatchObject({ mentions: [expect.stringMatching(/^team:\d+$/)] });

  await page.getByRole("link", { name: /^Activity 1/ }).click();
  await page.getByText(/assigned it to #core/).waitFor();
  await page.getByText("Seen for the first time").waitFor();
  await comment.getByRole("button", { name: /^Comment by/ }).click();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  await page.getByRole("textbox", { name: "Comment", exact: true }).fill("Mended");
  await page.getByRole("button", { name: "Save" }).click();
  await comment.getByRole("paragraph").filter({ hasText: "Mended" }).waitFor();
  await comment.getByRole("button", { name: /^Comment by/ }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await comment.waitFor({ state: "detached" });

  await checkEverywhere(open, `/${shop.org}/issues/${id}/activity`, "issue-activity", (one) =>
    one.getByText("Seen for the first time").waitFor(),
  );
});

test("an issue is given by one key to whom the rules suggest, and the suggestion comes back with undo", async () => {
  const shop = await tenant();
  const rules = { raw: "path:app #core", autoAssignment: false };
  await shop.call("PUT", `/api/0/projects/${shop.org}/${shop.project.slug}/ownership/`, rules);
  const { id } = await sendIssue(shop, cartEvent());
  const page = await open(`/${shop.org}/issues/${id}`);
  const suggested = page.getByRole("button", { name: "Give to #core" });
  await suggested.waitFor();
  expect(await suggested.getAttribute("title")).toContain("path:app #core");
  await page.keyboard.press("Shift+A");
  await page.getByRole("button", { name: "Assigned: #core" }).waitFor();
  await page.getByText(/ assigned to core$/).waitFor();
  expect(await suggested.count()).toBe(0);
  await page.keyboard.press("u");
  await suggested.waitFor();
});

test("an issue is shown to anybody by a link, which ends when somebody says so", async () => {
  const shop = await tenant();
  const { id } = await sendIssue(shop, cartEvent());
  const page = await open(`/${shop.org}/issues/${id}`, { expects: /404/ });
  await page.getByRole("button", { name: "Share" }).click();
  const dialog = page.getByRole("dialog", { name: /^Share SHOP/ });
  await dialog.getByRole("button", { name: "Make a public link" }).click();
  const address = dialog.getByRole("region", { name: "For anybody" }).locator("code");
  await address.waitFor();
  const path = new URL((await address.textContent()) ?? "").pathname;
  const guest = await open(path, { person: null, expects: /404/ });
  await guest
    .getByRole("heading", { name: /TypeError/ })
    .first()
    .waitFor();
  await guest.getByText("app/total.ts:41").waitFor();
  await dialog.getByRole("button", { name: "End the public link" }).click();
  await dialog.getByRole("button", { name: "Make a public link" }).waitFor();
  await guest.reload();
  await guest.getByRole("heading", { name: "There is nothing here" }).waitFor();
});
