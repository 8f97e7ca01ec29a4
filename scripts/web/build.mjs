// Builds the web UI into dist/web, when something of it has changed since.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

// Of React and others there is a slow build besides, which the surroundings must not choose.
process.env.NODE_ENV = "production";

const root = fileURLToPath(new URL("../../", import.meta.url));
const target = join(root, "dist/web");
const note = join(root, "dist/web-made-of");
const sources = ["src/web", "src/protocol/page-paths.ts", "scripts/web", "package-lock.json"];

const made = fingerprint();
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

/** Names and contents of all that the build is made of; what lies in node_modules is named by the lock file. */
function fingerprint() {
  const hash = createHash("sha256");
  const files = sources.flatMap((name) =>
    /\.\w+$/.test(name)
      ? [join(root, name)]
      : readdirSync(join(root, name), { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name)),
  );
  for (const file of files.toSorted()) {
    // Types leave no trace in what is built.
    if (file.endsWith(".d.ts")) continue;
    hash.update(file.slice(root.length)).update("\0").update(readFileSync(file)).update("\0");
  }
  return hash.digest("hex");
}
