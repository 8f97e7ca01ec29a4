import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { destinationOf } from "../../../src/web/projects/dsn";
import { platformOf } from "../../../src/web/projects/platforms";
import { openChromium } from "../chromium";
import { followPage, type Prepared, type Recipe } from "./recipe";

/** A running installation, with an organization and a team to make projects in. */
export type Installation = { url: string; token: string; org: string; team: string };

/** Snippets listen where their frameworks do by themselves, so one is tried after the other. */
const ports = [3000, 4200, 4321, 5173, 8080, 8787];
const buildMs = 900_000;
const listenMs = 300_000;
const arrivalMs = 90_000;
const goneMs = 20_000;
const outputCharsMax = 3000;

type ShownKey = Parameters<typeof destinationOf>[0];

/** Throws in words when what the page says does not lead to an event. */
export async function tryRecipe(at: Installation, recipe: Recipe): Promise<string> {
  const slug = `try-${recipe.id}-${Date.now().toString(36)}`;
  const project = await call<{ id: string }>(
    at,
    "POST",
    `/api/0/teams/${at.org}/${at.team}/projects/`,
    { name: slug, slug, platform: recipe.id },
  );
  const [key] = await call<ShownKey[]>(at, "GET", `/api/0/projects/${at.org}/${slug}/keys/`);
  if (!key) throw new Error("the project has no key");
  const { platform } = await platformOf(recipe.id).load();
  const prepared = followPage(recipe, platform, destinationOf(key));
  const folder = mkdtempSync(join(tmpdir(), `snippet-${recipe.id}-`));
  writeFiles(folder, prepared.files);
  const log = join(folder, ".try.log");
  try {
    await build(folder, log, prepared);
    const title = await startAndWait(at, recipe, project.id, folder, log, prepared);
    if (!process.env.KEEP_SNIPPETS) rmSync(folder, { recursive: true });
    return title;
  } catch (error) {
    const output = readFileSync(log, "utf8").slice(-outputCharsMax);
    throw new Error(`${(error as Error).message}\n${folder}\n${output}`);
  }
}

function writeFiles(folder: string, files: Map<string, string>) {
  if (!files.has("package.json"))
    files.set("package.json", '{ "private": true, "type": "module" }');
  for (const [name, text] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

async function build(folder: string, log: string, { commands }: Prepared) {
  const child = run(folder, log, ["set -e", ...commands].join("\n"));
  const timer = setTimeout(() => end(child), buildMs);
  const [code] = await once(child, "exit");
  clearTimeout(timer);
  if (code !== 0) throw new Error("what the page says ends with an error");
}

async function startAndWait(
  at: Installation,
  recipe: Recipe,
  project: string,
  folder: string,
  log: string,
  { start }: Prepared,
): Promise<string> {
  const child = run(folder, log, start);
  let page: Page | undefined;
  try {
    if (recipe.open !== undefined || recipe.browser) {
      const port = await listening(child);
      const url = `http://localhost:${port}${recipe.open ?? "/"}`;
      if (recipe.browser) page = await openPage(url, recipe.browser);
      else await fetch(url, { signal: AbortSignal.timeout(arrivalMs) }).then((one) => one.text());
    }
    return await arrived(at, project);
  } finally {
    await page?.close();
    end(child);
  }
}

/** It stays open until the event is there: browsers take their time with reports. */
async function openPage(url: string, way: NonNullable<Recipe["browser"]>): Promise<Page> {
  const page = await (await openChromium()).newPage();
  await page.goto(url, { timeout: arrivalMs });
  if (way === "button") {
    // What a server has drawn listens only when its scripts are there.
    await page.waitForLoadState("networkidle");
    await page.getByRole("button", { name: "Break" }).click();
  }
  return page;
}

/** Until one of the ports answers. */
async function listening(child: ChildProcess): Promise<number> {
  const until = Date.now() + listenMs;
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error("it ended instead of listening");
    for (const port of ports) if (await isOpen(port)) return port;
    await sleep(500);
  }
  throw new Error("it never listened");
}

/** A port that somebody else keeps; what was ended a moment ago is waited for. */
export async function busyPort(): Promise<number | undefined> {
  const until = Date.now() + goneMs;
  for (;;) {
    const open = await Promise.all(ports.map(isOpen));
    const found = ports.find((_, index) => open[index]);
    if (found === undefined || Date.now() > until) return found;
    await sleep(500);
  }
}

const isOpen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: "localhost" });
    const answer = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once("connect", () => answer(true));
    socket.once("error", () => answer(false));
  });

async function arrived(at: Installation, project: string): Promise<string> {
  const until = Date.now() + arrivalMs;
  const path = `/api/0/organizations/${at.org}/issues/?project=${project}`;
  while (Date.now() < until) {
    const issues = await call<{ title: string }[]>(at, "GET", path);
    const found = issues.find(({ title }) => title.includes("Hello from setup")) ?? issues[0];
    if (found) return found.title;
    await sleep(1000);
  }
  throw new Error("nothing arrived");
}

async function call<T>(at: Installation, method: string, path: string, body?: object): Promise<T> {
  const answer = await fetch(at.url + path, {
    method,
    headers: { authorization: `Bearer ${at.token}`, "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** A shell of its own group, so that all it starts can be ended. */
function run(folder: string, log: string, script: string): ChildProcess {
  const output = openSync(log, "a");
  const { NODE_OPTIONS: _, ...env } = process.env;
  return spawn("bash", ["-c", script], {
    cwd: folder,
    detached: true,
    stdio: ["ignore", output, output],
    env: {
      ...env,
      PATH: [join(folder, ".venv/bin"), join(folder, "node_modules/.bin"), env.PATH].join(
        delimiter,
      ),
      ASTRO_TELEMETRY_DISABLED: "1",
      NEXT_TELEMETRY_DISABLED: "1",
      NUXT_TELEMETRY_DISABLED: "1",
      NG_CLI_ANALYTICS: "false",
      SENTRY_TELEMETRY: "0",
      WRANGLER_SEND_METRICS: "false",
    },
  });
}

function end(child: ChildProcess) {
  try {
    if (child.pid) process.kill(-child.pid, "SIGKILL");
  } catch {
    // All of it has ended already.
  }
}
