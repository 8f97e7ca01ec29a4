import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Names and contents, as one hash, of all files below paths of the project: what is built of them is built anew when it
 * changes. Paths that end in a file's extension are files.
 */
export function fingerprintOf(root, paths, isPart = () => true) {
  const hash = createHash("sha256");
  const files = paths.flatMap((name) =>
    /\.\w+$/.test(name)
      ? [join(root, name)]
      : readdirSync(join(root, name), { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name)),
  );
  for (const file of files.toSorted()) {
    const name = file.slice(root.length);
    if (isPart(name)) hash.update(name).update("\0").update(readFileSync(file)).update("\0");
  }
  return hash.digest("hex");
}
