import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { afterEach, beforeAll, expect, inject } from "vitest";
import { askForHome } from "../keeper";
import { type LocalServer, makeLocalServer } from "../local-server";
import { openChromium } from "./chromium";
import { type Person, signIn } from "./people";

export { joinAs, type Person, signUp } from "./people";

/** Where a run that is asked for pictures of pages (`PICTURES=true`) leaves them, for eyes. */
const pictures = join(import.meta.dirname, "../../dist/pictures");

let starting: Promise<Ui> | undefined;

/** The server of this process with its seeded administrator, for all its test files. */
async function startUi(): Promise<Ui> {
  const settings = { ENABLE_USER_REGISTRATION: "true", API_REQUESTS_PER_MINUTE: "1000000" };
  const server = await makeLocalServer(settings, await askForHome(inject("keeperUrl")));
  await server.start();
  process.once("exit", () => server.launcher().kill());
  const seed = JSON.parse(readFileSync(join(server.home, "credentials.json"), "utf8"));
  return { server, url: server.url, admin: await signIn(server.url, seed.email, seed.password) };
}

export type Ui = { server: LocalServer; url: string; admin: Person };

export type View = { theme?: "light" | "dark"; width?: number; height?: number };

export const desktop = { width: 1280, height: 800 };
export const phone = { width: 390, height: 844 };

type Watched = { page: Page; problems: string[] };

/**
 * The UI on a real server in a real browser. What a page complains of (console errors, violations of the policy,
 * requests that fail) fails the test that opened it, unless the test expects it.
 */
export function useUi() {
  const holder: { ui?: Ui } = {};
  const opened: { context: BrowserContext; watched: Watched[] }[] = [];
  beforeAll(async () => {
    starting ??= startUi();
    holder.ui = await starting;
  });
  afterEach(async () => {
    const all = opened.splice(0);
    const problems = all.flatMap(({ watched }) => watched.flatMap((one) => one.problems));
    // What a page was asking through a test's hands when it was left is nobody's failure.
    const pages = all.flatMap(({ context }) => context.pages());
    await Promise.all(pages.map((page) => page.unrouteAll({ behavior: "ignoreErrors" })));
    await Promise.all(all.map(({ context }) => context.close()));
    expect(problems).toEqual([]);
  });
  const ui = () => {
    if (!holder.ui) throw new Error("the server is not there yet");
    return holder.ui;
  };
  return {
    ui,
    /** An organization of its own with a project, made by the administrator. */
    tenant: () => makeTenant(ui()),
    /** Opens a page; `person` is the administrator when missing, null for nobody. */
    async open(
      path: string,
      { person, expects, ...view }: View & { person?: Person | null; expects?: RegExp } = {},
    ): Promise<Page> {
      const browser = await openChromium();
      const { theme = "light", ...size } = view;
      const context = await browser.newContext({
        baseURL: ui().url,
        viewport: { ...desktop, ...size },
        colorScheme: theme,
        reducedMotion: "reduce",
        ...(size.width && size.width < 768 && { hasTouch: true, isMobile: true }),
      });
      const who = person === undefined ? ui().admin : person;
      if (who) {
        await context.addCookies(who.cookies.map((cookie) => ({ ...cookie, url: ui().url })));
      }
      const page = await context.newPage();
      opened.push({ context, watched: [watch(page, expects)] });
      await page.goto(path);
      return page;
    },
  };
}

function watch(page: Page, expects: RegExp | undefined): Watched {
  const problems: string[] = [];
  const note = (text: string) => {
    if (!expects?.test(text)) problems.push(text);
  };
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning")
      note(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => note(`error: ${error.stack ?? error.message}`));
  page.on("response", (response) => {
    if (response.status() >= 400)
      note(`${response.status()} ${response.request().method()} ${response.url()}`);
  });
  page.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText ?? "";
    // A page that is left lets go of what it was asking for.
    if (reason !== "net::ERR_ABORTED") note(`failed: ${request.url()} ${reason}`);
  });
  return { page, problems };
}

/** A page's URL and its API, from an organization that no other test has. */
async function makeTenant(ui: Ui) {
  const { server } = ui;
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(server.url + path, {
      method,
      headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (answer.status === 204 ? undefined : await answer.json()) as T;
  };
  const name = `Org ${randomBytes(4).toString("hex")}`;
  const { slug: org } = await call<{ slug: string }>("POST", "/api/0/organizations/", { name });
  const { slug: team } = await call<{ slug: string }>(
    "POST",
    `/api/0/organizations/${org}/teams/`,
    {
      slug: "core",
    },
  );
  const project = await call<{ id: string; slug: string }>(
    "POST",
    `/api/0/teams/${org}/${team}/projects/`,
    { name: "Shop", platform: "javascript-react" },
  );
  const [key] = await call<{ public: string; dsn: { public: string } }[]>(
    "GET",
    `/api/0/projects/${org}/${project.slug}/keys/`,
  );
  return {
    org,
    name,
    team,
    project,
    dsn: key?.dsn.public ?? "",
    call,
    /** Sends events as an SDK does and waits until the list of issues has them. */
    send: async (...events: object[]) => {
      for (const event of events) {
        const answer = await fetch(
          `${server.url}/api/${project.id}/store/?sentry_key=${key?.public ?? ""}&sentry_version=7`,
          { method: "POST", body: JSON.stringify({ platform: "javascript", ...event }) },
        );
        if (!answer.ok) throw new Error(`store: ${answer.status} ${await answer.text()}`);
      }
    },
  };
}

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
  "utf8",
);

type AxeResult = {
  violations: { id: string; help: string; nodes: { html: string; failureSummary: string }[] }[];
};

const standards = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** Rules that look at colours: all that the other theme of the same document can break. */
const colorRules = ["color-contrast", "link-in-text-block"];

/** No violation of WCAG 2.2 AA that axe can find, and nothing to scroll to the side. */
export async function checkPage(page: Page, name: string, runOnly = standards): Promise<void> {
  // One document is looked at several times, and half a megabyte of rules is read once.
  if (!(await page.evaluate("'axe' in globalThis"))) await page.evaluate(axeSource);
  const { violations } = (await page.evaluate(
    `axe.run(document, { runOnly: ${JSON.stringify(runOnly)}, resultTypes: ['violations'] })`,
  )) as AxeResult;
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}\n${html}\n${failureSummary}`),
  );
  expect(found, name).toEqual([]);
  const overflow = await page.evaluate(
    "document.documentElement.scrollWidth - document.documentElement.clientWidth",
  );
  expect(overflow, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
  await takePicture(page, name);
}

async function takePicture(page: Page, name: string): Promise<void> {
  if (process.env.PICTURES !== "true") return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}

/** Both themes on a desktop and on a phone, in one document: as when somebody turns a tablet or the evening comes. */
export async function checkAllFour(page: Page, name: string): Promise<void> {
  for (const [kind, size] of Object.entries({ desktop, phone })) {
    await page.setViewportSize(size);
    for (const theme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
      await page.locator(`html[data-theme="${theme}"]`).waitFor();
      const rules = theme === "light" ? standards : colorRules;
      await checkPage(page, `${name}-${kind}-${theme}`, rules);
    }
  }
}

/** Opens a page and looks at it in all four ways, as every page must bear. `ready` waits until it shows its contents. */
export async function checkEverywhere(
  open: ReturnType<typeof useUi>["open"],
  path: string,
  name: string,
  ready: (page: Page) => Promise<unknown>,
  options: { person?: Person | null; expects?: RegExp } = {},
): Promise<Page> {
  const page = await open(path, options);
  await ready(page);
  await checkAllFour(page, name);
  await page.setViewportSize(desktop);
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  return page;
}
