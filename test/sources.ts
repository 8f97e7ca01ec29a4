import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";

export const root = join(import.meta.dirname, "..");

const skipped = new Set([
  "node_modules",
  ".git",
  ".brinkwatch",
  ".wrangler",
  "dist",
  "fixtures",
  "migrations",
]);

/** Paths below the project, generated and foreign files left out. */
export function filesBelow(folder: string, pattern: RegExp): string[] {
  const found: string[] = [];
  for (const name of readdirSync(join(root, folder))) {
    if (skipped.has(name)) continue;
    const path = join(root, folder, name);
    if (statSync(path).isDirectory()) found.push(...filesBelow(relative(root, path), pattern));
    else if (pattern.test(name)) found.push(relative(root, path));
  }
  return found;
}

export const read = (path: string) => readFileSync(join(root, path), "utf8");
/** What runs in the Worker. */
export const code = ["src", "queues", "drizzle"]
  .flatMap((folder) => filesBelow(folder, /\.ts$/))
  .filter((path) => !path.startsWith("src/web/"));
/** What runs in browsers; types that are made of the API's document left out. */
export const webCode = filesBelow("src/web", /\.tsx?$/).filter((path) => !path.endsWith(".d.ts"));
export const everything = [
  ...code,
  ...webCode,
  ...filesBelow("scripts", /\.(ts|mjs)$/),
  ...filesBelow("test", /\.(ts|cjs)$/),
];

/** Commands that npm runs with tsx: their files below scripts, without the ending. */
export const commandNames = Object.values<string>(JSON.parse(read("package.json")).scripts).flatMap(
  (command) => /^tsx scripts\/([\w/-]+)\.ts$/.exec(command)?.[1] ?? [],
);
