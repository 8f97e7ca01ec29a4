import { describe, expect, test } from "vitest";
import { around, parseCameFrom, placeIn } from "../../../src/web/issues/came-from";
import { checkPage, desktop, phone, useUi } from "../ui";
import { cartEvent, sendIssue } from "./sent-issue";

const { tenant, open } = useUi();

const broken = (type: string) => cartEvent({ exception: { values: [{ type, value: "x" }] } });

test("J and K go through the list one came from, also after a reload, and back leads to it", async () => {
  const made = await tenant();
  await made.send(broken("First"));
  await made.send(broken("Second"));
  await made.send(broken("Third"));
  const page = await open(`/${made.org}/issues?query=level%3Aerror&sort=new`);
  const heading = (name: string) => page.getByRole("heading", { level: 1, name }).waitFor();
  const rows = page.locator("[data-issue]");
  await expect
    .poll(
      async () => {
        if ((await rows.count()) < 3) await page.reload();
        return rows.count();
      },
      { timeout: 30_000 },
    )
    .toBe(3);
  const names = (await rows.allTextContents()).map(
    (text) => /First|Second|Third/.exec(text)?.[0] ?? "",
  );
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("o");
  await heading(names[1] ?? "");
  await page.getByText("2 of 3").waitFor();
  await page.keyboard.press("Shift+J");
  await heading(names[2] ?? "");
  await page.getByText("3 of 3").waitFor();
  await page.keyboard.press("Shift+J");
  await page.reload();
  await heading(names[2] ?? "");
  await page.getByText("3 of 3").waitFor();
  await page.keyboard.press("Shift+K");
  await page.getByText("2 of 3").waitFor();
  await page.getByRole("button", { name: "Issue before of the list" }).click();
  await heading(names[0] ?? "");
  await page.getByRole("link", { name: "Issues", exact: true }).last().click();
  await page.waitForURL(/query=level(%3A|:)error&sort=new/);
  await rows.first().waitFor();
});

test("tags, first and last of an issue obey the environments; all values of a tag can be searched", async () => {
  const made = await tenant();
  const { id } = await sendIssue(
    made,
    ...Array.from({ length: 6 }, (_, n) =>
      cartEvent({
        environment: n < 2 ? "staging" : "production",
        tags: { shelf: `shelf ${n}${n === 1 ? "x".repeat(150) : ""}` },
      }),
    ),
  );
  const page = await open(`/${made.org}/issues/${id}/tags`);
  const shelf = page.getByRole("heading", { name: /^shelf/ });
  await shelf.waitFor();
  await page.goto(`/${made.org}/issues/${id}/tags?environment=staging`);
  await page.getByText("Of the newest 300 events in staging.").waitFor();
  expect(await page.getByRole("link", { name: /shelf \d/ }).count()).toBe(2);
  const answered = page.waitForResponse(/issues\/\d+\/\?environment=staging/);
  await page.goto(`/${made.org}/issues/${id}?environment=staging`);
  expect(await (await answered).json()).toMatchObject({ count: "2" });

  await page.goto(`/${made.org}/issues/${id}`);
  await page.getByRole("button", { name: "All 6 values of shelf" }).click();
  const dialog = page.getByRole("dialog", { name: "Values of shelf" });
  await dialog.getByRole("link").nth(5).waitFor();
  await page.setViewportSize(phone);
  await checkPage(page, "issue-tag-values-phone");
  await page.setViewportSize(desktop);
  await dialog.getByRole("searchbox").fill("LF 4");
  await dialog.getByText("1 value", { exact: true }).waitFor();
  await dialog.getByRole("link", { name: "shelf 4" }).click();
  await page.waitForURL(/query=shelf/);
  await page.getByText("Event 1 of 1").waitFor();
});

test("events of the filter are downloaded as a table", async () => {
  const made = await tenant();
  const { id } = await sendIssue(made, cartEvent({ environment: "staging" }), cartEvent());
  const page = await open(`/${made.org}/issues/${id}/events?environment=staging`);
  const coming = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download as CSV" }).click();
  const file = await coming;
  expect(file.suggestedFilename()).toBe("events.csv");
  const chunks: Buffer[] = [];
  for await (const chunk of await file.createReadStream()) chunks.push(chunk);
  const lines = Buffer.concat(chunks).toString().trimEnd().split("\r\n");
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain('"staging"');
});

describe("the list one came from", () => {
  const list = { org: "acme", search: {}, ids: ["a", "b", "c"], before: 50, total: "128" };
  test.each([
    ["a", { place: 51, previous: undefined, next: "b" }],
    ["b", { place: 52, previous: "a", next: "c" }],
    ["c", { place: 53, previous: "b", next: undefined }],
    ["x", undefined],
  ])("has %s at %j", (id, expected) => {
    expect(placeIn(list, id)).toEqual(expected);
  });

  test("is kept around the issue that is opened", () => {
    const ids = Array.from({ length: 3000 }, (_, n) => String(n));
    for (const id of ["0", "700", "2999"]) {
      const near = around(ids, id);
      expect(near.ids).toHaveLength(1000);
      expect(near.ids).toContain(id);
      expect(near.ids[0]).toBe(String(near.from));
    }
    expect(around(["a", "b"], "b")).toEqual({ ids: ["a", "b"], from: 0 });
  });

  test.each([
    [list, list],
    [{ ...list, org: "other" }, undefined],
    [{ ...list, ids: [1] }, undefined],
    [{ ...list, ids: Array.from({ length: 1001 }, String) }, undefined],
    [{ ...list, search: null }, undefined],
    [{ ...list, before: "1" }, undefined],
    ["text", undefined],
  ])("of %j is read", (kept, expected) => {
    expect(parseCameFrom(JSON.stringify(kept), "acme")).toEqual(expected);
  });
});
