// Builds the web UI into dist/web, when something of it has changed since.
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fingerprintOf } from "../fingerprint.mjs";

// Of React and others there is a slow build besides, which the surroundings must not choose.
process.env.NODE_ENV = "production";

const root = fileURLToPath(new URL("../../", import.meta.url));
const target = join(root, "dist/web");
const note = join(root, "dist/web-made-of");
// What lies in node_modules is named by the lock file.
const sources = ["src/web", "src/protocol/page-paths.ts", "scripts/web", "package-lock.json"];

// Types leave no trace in what is built.
const made = fingerprintOf(root, sources, (name) => !name.endsWith(".d.ts"));
if (
  !existsSync(join(target, "index.html")) ||
  !existsSync(note) ||
  readFileSync(note, "utf8") !== made
) {
  rmSync(note, { force: true });
  const { build } = await import("vite");
  // Beside the files that may be served at this moment, and in their place in one step.
  const next = join(root, `dist/web-${process.pid}`);
  await build({
    configFile: fileURLToPath(new URL("vite.config.mjs", import.meta.url)),
    logLevel: "warn",
    build: { outDir: next },
  });
  rmSync(target, { recursive: true, force: true });
  renameSync(next, target);
  writeFileSync(note, made);
}
