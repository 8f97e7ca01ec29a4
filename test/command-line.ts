import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { inject } from "vitest";
import { root } from "./sources";

/** What Node is given to run a command: the first time of a test run as npm runs it, from then on what was compiled. */
export function commandLine(name: string): string[] {
  const folder = inject("commands");
  return isFirst(folder, name)
    ? ["--import", "tsx", join(root, "scripts", `${name}.ts`)]
    : [join(folder, `${name}.mjs`)];
}

/** Whether nobody, in whichever process, has asked before. */
function isFirst(folder: string, name: string): boolean {
  const begun = join(folder, "begun", name);
  mkdirSync(dirname(begun), { recursive: true });
  try {
    writeFileSync(begun, "", { flag: "wx" });
    return true;
  } catch {
    return false;
  }
}
