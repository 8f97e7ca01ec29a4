import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { WranglerConfig } from "./wrangler-config";

export type WorkerModule = {
  type: "ESModule" | WranglerConfig["rules"][number]["type"];
  path: string;
};

/** All that a bundle is made of. The runtime would read it from end to end to find the same. */
export function modulesOf(bundle: string, rules: WranglerConfig["rules"]): WorkerModule[] {
  const folder = dirname(bundle);
  const names = readdirSync(folder);
  // Bundling puts a hash before the name of a file that is carried along.
  const carried = rules.flatMap(({ type, globs }) =>
    globs
      .map((glob) => glob.replace("**/", "-"))
      .flatMap((ending) => names.filter((name) => name.endsWith(ending)))
      .map((name) => ({ type, path: join(folder, name) })),
  );
  return [{ type: "ESModule", path: bundle }, ...carried];
}
