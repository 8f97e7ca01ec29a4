import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { fillDemo } from "../../scripts/demo/fill";
import { readHolder } from "../../scripts/local/hold";
import { makeLocalServer } from "../local-server";
import { openChromium } from "../web/chromium";
import { signIn } from "../web/people";
import type { Row, Scenario } from "./ingest-scenarios";

const rounds = 20;

const median = (values: number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const p95 = (values: number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? 0;

/** From a key press to the paint after it, in the browser's own time. */
async function keyToPaint(page: Page, keys: string[]): Promise<number[]> {
  await page.evaluate(`
    globalThis.painted = [];
    addEventListener("keydown", () => {
      const began = performance.now();
      requestAnimationFrame(() => setTimeout(() => painted.push(performance.now() - began)));
    }, true);
  `);
  for (let round = 0; round < rounds; round++) {
    for (const key of keys) await page.keyboard.press(key);
  }
  return (await page.evaluate("globalThis.painted")) as number[];
}

/** The largest paint of a document that was just loaded. */
const largestPaint = async (page: Page): Promise<number> =>
  (await page.evaluate(`new Promise((resolve) => {
    new PerformanceObserver((list) => resolve(list.getEntries().at(-1).startTime))
      .observe({ type: "largest-contentful-paint", buffered: true });
  })`)) as number;

/** How soon a person sees the pages, and how soon they answer a key. */
export const web: Scenario = {
  name: "web",
  title: "Pages in Chromium, on this machine with the server beside it: milliseconds",
  run: async (say) => {
    const server = await makeLocalServer();
    await server.start();
    const rows: Row[] = [];
    try {
      const holder = readHolder(server.home);
      const seed = JSON.parse(readFileSync(join(server.home, "credentials.json"), "utf8"));
      if (!holder) throw new Error("the server has no holder");
      await fillDemo(holder, seed, say);
      const { cookies } = await signIn(server.url, seed.email, seed.password);
      const browser = await openChromium();
      const first: number[] = [];
      for (let round = 0; round < 5; round++) {
        const context = await browser.newContext({ baseURL: server.url });
        await context.addCookies(cookies.map((cookie) => ({ ...cookie, url: server.url })));
        const page = await context.newPage();
        await page.goto(`/${seed.org}/issues`);
        await page.getByRole("row").nth(3).waitFor();
        first.push(await largestPaint(page));
        if (round === 4) {
          const moves = await keyToPaint(page, ["j", "k"]);
          rows.push({
            what: "j and k in the list",
            median: Math.round(median(moves)),
            p95: Math.round(p95(moves)),
          });
          await page.keyboard.press("j");
          await page.keyboard.press("Enter");
          await page.getByRole("heading", { name: "Stack" }).waitFor();
          const steps = await keyToPaint(page, ["l"]);
          rows.push({
            what: "l on an issue",
            median: Math.round(median(steps)),
            p95: Math.round(p95(steps)),
          });
        }
        await context.close();
      }
      rows.unshift({
        what: "largest paint of the list, cold",
        median: Math.round(median(first)),
        p95: Math.round(p95(first)),
      });
      await browser.close();
    } finally {
      await server.remove();
    }
    return rows;
  },
};
