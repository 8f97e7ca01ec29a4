import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What the bundle and the pages are made of, and what is said about it at Cloudflare. */
const sources = [
  "wrangler.toml",
  "package.json",
  "package-lock.json",
  "src",
  "queues",
  "drizzle/schema",
  "scripts/web",
];
/** Made of the others while one works on them. */
const generated = "src/web/api/schema.d.ts";
const tagChars = 16;

/** Tells one state of the sources from another; a deployment carries it, so that the same is not deployed twice. */
export function releaseTag(folder: string): string {
  const hash = createHash("sha256");
  for (const path of sources.flatMap((each) => filesAt(folder, each))) {
    if (path === generated) continue;
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(folder, path)))
      .update("\0");
  }
  return hash.digest("hex").slice(0, tagChars);
}

/** A file is itself; a folder all that is in it, in an order that every machine has. */
function filesAt(folder: string, path: string): string[] {
  if (/\.\w+$/.test(path)) return [path];
  return readdirSync(join(folder, path), { withFileTypes: true })
    .flatMap((entry) =>
      entry.isDirectory() ? filesAt(folder, `${path}/${entry.name}`) : [`${path}/${entry.name}`],
    )
    .toSorted();
}
