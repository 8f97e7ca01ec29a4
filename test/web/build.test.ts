import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, expect, test } from "vitest";
import { buildWeb } from "../../scripts/local/bundle";
import { root } from "../sources";

/** What a browser must load, in KiB as it travels. A budget is raised on purpose, with a reason in the commit. */

const folder = join(root, "dist/web");
type Chunk = {
  file: string;
  src?: string;
  isEntry?: boolean;
  isDynamicEntry?: boolean;
  imports?: string[];
  css?: string[];
};
let manifest: Map<string, Chunk>;

beforeAll(async () => {
  await buildWeb();
  manifest = new Map(
    Object.entries(JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"))),
  );
});

const sizeOf = (file: string) => gzipSync(readFileSync(join(folder, file))).length / 1024;
const sum = (files: Iterable<string>) =>
  [...files].reduce((total, file) => total + sizeOf(file), 0);

/** The files of a chunk and of all that it imports at once. */
function filesOf(name: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest.get(name);
  if (!chunk) throw new Error(`the manifest names no ${name}`);
  if (seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const other of chunk.imports ?? []) filesOf(other, seen);
  return seen;
}

const entry = () => filesOf("index.html");

test("the entry: the frame and the libraries that every page needs", () => {
  expect(sum(entry())).toBeLessThan(118);
});

test("the style sheet", () => {
  const styles = [...manifest.values()].flatMap(({ css = [] }) => css);
  expect(styles.length).toBeGreaterThan(0);
  expect(sum(new Set(styles))).toBeLessThan(20);
});

test("the script before the first paint", () => {
  const boot = readdirSync(join(folder, "assets")).find((file) => file.startsWith("boot-"));
  expect(sizeOf(join("assets", boot ?? ""))).toBeLessThan(1.6);
});

test("a page's own code, and what the first load of the two largest takes", () => {
  const first = entry();
  const pages = [...manifest].filter(
    ([name, chunk]) => chunk.isDynamicEntry && name.endsWith("-page.tsx"),
  );
  expect(pages.length).toBeGreaterThan(30);
  const own = pages.map(([name]) => ({
    name,
    kilobytes: sum([...filesOf(name)].filter((file) => !first.has(file))),
  }));
  expect(own.filter(({ kilobytes }) => kilobytes >= 50)).toEqual([]);
  const whole = (name: string) => sum(new Set([...first, ...filesOf(name)]));
  expect(whole("issues/issue-list-page.tsx")).toBeLessThan(145);
  expect(whole("issues/issue-page.tsx")).toBeLessThan(150);
});

test("the first script knows the code of the two largest pages, and the file that names all others", () => {
  const html = readFileSync(join(folder, "index.html"), "utf8");
  const [, content = "{}"] = /<meta name="pages" content="([^"]+)"/.exec(html) ?? [];
  const pages: Record<string, string[]> = JSON.parse(content.replaceAll("&quot;", '"'));
  const first = new Map(Object.entries(pages));
  for (const [page, name] of [
    ["issues", "issues/issue-list-page.tsx"],
    ["issue", "issues/issue-page.tsx"],
    ["", "other-pages.ts"],
  ] as const) {
    expect(first.get(page), page).toContain(manifest.get(name)?.file);
  }
});

test("the document has no script and no style within, and every file it names is there", () => {
  const html = readFileSync(join(folder, "index.html"), "utf8");
  expect(html).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/i);
  expect(html.indexOf("<base ")).toBeLessThan(html.search(/(?:src|href)="\.?\/?assets/));
  const named = [...html.matchAll(/(?:src|href)="(?:\.\/)?(assets\/[^"]+)"/g)].map(
    ([, file]) => file ?? "",
  );
  expect(named.length).toBeGreaterThan(2);
  expect(named.filter((file) => !existsSync(join(folder, file)))).toEqual([]);
});

test("nothing of another origin is loaded, and no code makes markup of text", () => {
  const scripts = readdirSync(join(folder, "assets")).filter((file) => /\.(?:js|css)$/.test(file));
  const texts = scripts.map((file) => readFileSync(join(folder, "assets", file), "utf8"));
  const urls = texts.flatMap((text) =>
    [...text.matchAll(/url\((?!["']?data:)([^)]*)\)|@import/g)].map(([url]) => url),
  );
  expect(urls).toEqual([]);
});
