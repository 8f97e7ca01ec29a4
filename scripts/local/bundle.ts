import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import type { Plugin } from "esbuild";
import { fingerprintOf } from "../fingerprint.mjs";
import { projectRoot } from "./places";
import { readWranglerConfig } from "./wrangler-config";

/** The very compiler that wrangler bundles with: another version might write other code. */
const { build, stop }: typeof import("esbuild") = createRequire(
  join(projectRoot, "node_modules/wrangler/package.json"),
)("esbuild");

/**
 * Makes the bundle that a deployment would upload, without its source map. Returns its path. It is the compiler that
 * wrangler calls, called in the same way, since wrangler itself takes longer to load than the bundle to make; a test
 * compares the two byte by byte. Tests name modules to put another in the place of.
 */
export async function bundleWorker(
  outDirectory: string,
  replaced: Record<string, string> = {},
): Promise<string> {
  const { main, minify, rules } = readWranglerConfig();
  const isReplaced = Object.keys(replaced).length > 0;
  // What nobody asks for any more does not stay beside it.
  rmSync(outDirectory, { recursive: true, force: true });
  mkdirSync(outDirectory, { recursive: true });
  let inputs: string[] = [];
  try {
    const made = await build({
      entryPoints: [main],
      absWorkingDir: projectRoot,
      outdir: outDirectory,
      entryNames: "worker",
      bundle: true,
      minify,
      keepNames: true,
      format: "esm",
      target: "es2024",
      supported: { "import-source": true },
      platform: "browser",
      conditions: ["workerd", "worker", "browser"],
      // The runtime has these.
      external: ["node:*", "cloudflare:*"],
      define: {
        "navigator.userAgent": '"Cloudflare-Workers"',
        "process.env.NODE_ENV": '"production"',
        "global.process.env.NODE_ENV": '"production"',
        "globalThis.process.env.NODE_ENV": '"production"',
      },
      loader: { ".js": "jsx", ".mjs": "jsx", ".cjs": "jsx" },
      logLevel: "silent",
      plugins: [
        carriedFiles(
          rules.flatMap(({ globs }) => globs),
          outDirectory,
        ),
      ],
      ...(isReplaced && { alias: replaced, metafile: true }),
    });
    inputs = Object.keys(made.metafile?.inputs ?? {}).map((path) => join(projectRoot, path));
  } catch (error) {
    throw new Error(`The worker could not be bundled: ${(error as Error).message}`);
  } finally {
    await stop();
  }
  const missing = Object.values(replaced).filter((path) => !inputs.includes(path));
  if (missing.length > 0) throw new Error(`The bundle is without ${missing.join(" and ")}.`);
  return fileOf(outDirectory);
}

/** Files that are carried along as they are lie beside the bundle, named after what is in them. */
const carriedFiles = (globs: string[], outDirectory: string): Plugin => ({
  name: "files that are carried along",
  setup(builder) {
    for (const glob of globs) {
      const ending = glob.replace("**", "");
      builder.onResolve(
        { filter: new RegExp(`${ending.replaceAll(".", "\\.")}$`) },
        async (asked) => {
          if (asked.pluginData === isFound) return undefined;
          const { importer, kind, resolveDir } = asked;
          const found = await builder.resolve(asked.path, {
            importer,
            kind,
            resolveDir,
            pluginData: isFound,
          });
          if (found.errors.length > 0) return { errors: found.errors };
          const hash = createHash("sha1").update(readFileSync(found.path)).digest("hex");
          const name = `${hash}-${basename(found.path)}`;
          copyFileSync(found.path, join(outDirectory, name));
          return { path: `./${name}`, external: true };
        },
      );
    }
  },
});
const isFound = Symbol("found");

/** Makes the files of the web UI, when something of it changed. */
export async function buildWeb(): Promise<void> {
  const script = join(projectRoot, "scripts/web/build.mjs");
  try {
    await promisify(execFile)(process.execPath, [script], { cwd: projectRoot });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`The web UI could not be built:\n${stdout ?? ""}${stderr ?? error}`);
  }
}

/** What a bundle is made of; what lies in node_modules is named by the lock file. */
const sources = ["src", "queues", "drizzle", "wrangler.toml", "package.json", "package-lock.json"];

/** Where an installation puts what the first start would else have to make. */
const installed = join(projectRoot, "dist/worker");

/** The bundle in a folder of its own, for `bundleOnce`. */
export async function bundleAhead(folder = installed): Promise<void> {
  const now = sourcesNow();
  if (isMadeOf(folder, now)) return;
  // In its place in one step: a start may look there at this moment.
  const fresh = `${folder}-${process.pid}`;
  await bundleWorker(fresh);
  writeFileSync(noteOf(fresh), now);
  rmSync(folder, { recursive: true, force: true });
  renameSync(fresh, folder);
}

/**
 * The bundle, made anew only when something of it has changed since, and copied from where the installation has put it:
 * a start has no time to lose. Returns its path.
 */
export async function bundleOnce(outDirectory: string, ahead = installed): Promise<string> {
  const now = sourcesNow();
  if (!isMadeOf(outDirectory, now)) {
    rmSync(noteOf(outDirectory), { force: true });
    if (isMadeOf(ahead, now)) {
      rmSync(outDirectory, { recursive: true, force: true });
      cpSync(ahead, outDirectory, { recursive: true });
    } else await bundleWorker(outDirectory);
    writeFileSync(noteOf(outDirectory), now);
  }
  return fileOf(outDirectory);
}

const fileOf = (folder: string) => join(folder, "worker.js");
const noteOf = (folder: string) => join(folder, "made-of");
// The web UI is built apart, whenever it changes.
const sourcesNow = () =>
  fingerprintOf(projectRoot, sources, (name) => !name.startsWith("/src/web/"));
const isMadeOf = (folder: string, fingerprint: string) =>
  existsSync(fileOf(folder)) &&
  existsSync(noteOf(folder)) &&
  readFileSync(noteOf(folder), "utf8") === fingerprint;
