import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
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
