import { expect, test } from "vitest";
import { checkPage, phone, useUi } from "../ui";
import { cartEvent, frames, sendIssue } from "./sent-issue";

const { tenant, open } = useUi();

const script = "<script>window.broken = 1</script><img src=x onerror='window.broken = 1'>";
const rtl = "\u202Eמחיר 12\u202C العربية";
const address = "javascript:window.broken=1";

test("what strangers send is text, and no page is the slower or the wider for it", async () => {
  const shop = await tenant();
  const many = Array.from({ length: 1200 }, (_, index) => ({
    ...frames[index % frames.length],
    function: `f${index} ${index % 100 === 0 ? "x".repeat(400) : script}`,
  }));
  const { id } = await sendIssue(
    shop,
    cartEvent({
      exception: {
        values: [
          {
            type: `${rtl}${"T".repeat(200)}`,
            value: `${script}${"m".repeat(1_000_000)}`,
            stacktrace: { frames: many },
          },
          { type: null, value: null, stacktrace: { frames: [null, {}] } },
        ],
      },
      tags: Object.fromEntries(
        Array.from({ length: 500 }, (_, index) => [
          `tag${index}`,
          index === 0 ? address : `${rtl} ${"v".repeat(150)}`,
        ]),
      ),
      user: { id: script, email: rtl, data: { constructor: null, toString: address } },
      request: { url: address, headers: { Referer: address }, data: script, cookies: null },
      extra: {
        nothing: null,
        deep: { a: { b: [[[[script]]]] } },
        long: "w".repeat(100_000),
        link: "https://shop.example/x",
      },
      contexts: {
        odd: { "": "", hasOwnProperty: 1 },
        list: { all: Array.from({ length: 1000 }, (_, index) => index) },
      },
      breadcrumbs: Array.from({ length: 300 }, () => ({
        category: script,
        message: rtl.repeat(50),
        data: { url: address, a: null },
      })),
      modules: { [script]: "1" },
    }),
  );
  for (const size of [{}, phone]) {
    const page = await open(`/${shop.org}/issues/${id}`, size);
    await page.getByRole("heading", { name: "Stack" }).waitFor();
    await page.getByRole("heading", { name: /^Tags \d/ }).waitFor();
    await checkPage(page, `issue-hostile-${size === phone ? "phone" : "desktop"}`);
    await page.getByRole("button", { name: "All", exact: true }).click();
    await page.getByRole("button", { name: /^f1199 / }).waitFor();
    expect(await page.evaluate("window.broken")).toBeUndefined();
    const links = (await page.evaluate(
      `[...document.querySelectorAll("main a")].map(({ protocol, rel, target, href }) => ({ protocol, rel, isOut: target === "_blank", href }))`,
    )) as { protocol: string; rel: string; isOut: boolean }[];
    expect(links.filter(({ protocol }) => !/^https?:$/.test(protocol))).toEqual([]);
    expect(
      links.filter(({ isOut, rel }) => isOut && rel !== "noopener noreferrer nofollow"),
    ).toEqual([]);
  }
});

test("an event of which nothing is kept but that it was says so", async () => {
  const shop = await tenant();
  const { id } = await sendIssue(shop, {
    event_id: "0".repeat(31) + "a",
    message: "only a message",
  });
  const page = await open(`/${shop.org}/issues/${id}`);
  await page.getByRole("heading", { level: 1, name: /only a message/ }).waitFor();
  await page.getByRole("heading", { name: "Tags" }).first().waitFor();
  await checkPage(page, "issue-bare");
});
