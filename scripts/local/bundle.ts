import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { projectRoot } from "./places";

/**
 * Makes the deployable bundle with wrangler, exactly as a deployment would. Returns its path. Tests name modules to put
 * another in the place of.
 */
export async function bundleWorker(
  outDirectory: string,
  replaced: Record<string, string> = {},
): Promise<string> {
  const wrangler = join(projectRoot, "node_modules/wrangler/bin/wrangler.js");
  // The same bundle either way, but only the second command heeds `--alias`.
  const command = Object.keys(replaced).length === 0 ? ["deploy"] : ["versions", "upload"];
  const running = promisify(execFile)(
    process.execPath,
    [
      wrangler,
      ...command,
      "--dry-run",
      "--outdir",
      outDirectory,
      ...Object.entries(replaced).flatMap(([name, path]) => ["--alias", `${name}:${path}`]),
    ],
    {
      cwd: projectRoot,
      env: { ...process.env, WRANGLER_SEND_METRICS: "false", WRANGLER_HIDE_BANNER: "true" },
    },
  );
  // Whoever gives up meanwhile leaves nothing behind that goes on writing.
  const end = () => void running.child.kill();
  process.once("exit", end);
  try {
    await running;
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`The worker could not be bundled:\n${stdout ?? ""}${stderr ?? error}`);
  } finally {
    process.off("exit", end);
  }
  const bundle = join(outDirectory, "worker.js");
  const map = Object.keys(replaced).length > 0 ? readFileSync(`${bundle}.map`, "utf8") : "";
  const missing = Object.values(replaced).filter((path) => !map.includes(`/${basename(path)}"`));
  if (missing.length > 0) throw new Error(`The bundle is without ${missing.join(" and ")}.`);
  return bundle;
}

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

const webSources = join(projectRoot, "src/web/");

/**
 * The bundle, made anew only when something of it has changed since: a restart has no time to lose. wrangler builds the
 * pages with it; without it they are built alone.
 */
export async function bundleOnce(outDirectory: string): Promise<string> {
  const bundle = join(outDirectory, "worker.js");
  const note = join(outDirectory, "made-of");
  const now = fingerprintOf(sources.map((name) => join(projectRoot, name)));
  if (existsSync(bundle) && existsSync(note) && readFileSync(note, "utf8") === now) {
    await buildWeb();
    return bundle;
  }
  rmSync(note, { force: true });
  await bundleWorker(outDirectory);
  writeFileSync(note, now);
  return bundle;
}

/** Names, sizes and times of all files below some paths, as one hash. */
function fingerprintOf(paths: string[]): string {
  const files = paths.flatMap((path) =>
    statSync(path).isDirectory()
      ? readdirSync(path, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name))
          // The web UI is built apart, whenever it changes.
          .filter((file) => !file.startsWith(webSources))
      : [path],
  );
  const lines = files.toSorted().map((path) => {
    const { mtimeMs, size } = statSync(path);
    return `${path} ${size} ${mtimeMs}`;
  });
  return createHash("sha256").update(lines.join("\n")).digest("hex");
}
