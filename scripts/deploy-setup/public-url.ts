import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const line = /^PUBLIC_URL = "[^"\n]*"$/m;

/**
 * Writes the address of the installation into wrangler.toml. It stands there and not in a flag of one deployment,
 * which the next `npm run deploy` would not have.
 */
export function writePublicUrl(folder: string, url: string): void {
  const file = join(folder, "wrangler.toml");
  const text = readFileSync(file, "utf8");
  if (!line.test(text)) {
    throw new Error(`wrangler.toml has no line PUBLIC_URL = "…" in [vars]: write it with ${url}`);
  }
  writeFileSync(
    file,
    text.replace(line, () => `PUBLIC_URL = ${JSON.stringify(url)}`),
  );
}

/** Whether an address is one that others can reach. */
export function isReachable(url: unknown): url is string {
  return typeof url === "string" && !/^https?:\/\/(localhost|127\.|\[::1\])/.test(url);
}
