import { mkdir, open, rename, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Folders are remembered so that not every write asks the disk for them. */
const rememberedMax = 10_000;
const attemptsMax = 10;

export type DurableFolders = {
  /** Moves a file to its place; it and all folders above are on disk when this returns. */
  moveIn(temporary: string, path: string): Promise<void>;
  /** Removes the folder of a path and those above it that are empty. */
  removeEmpty(path: string): Promise<void>;
};

/** Folders below `root` that come with their first file and go with their last one. */
export function durableFolders(root: string): DurableFolders {
  const known = new Map<string, Promise<void>>();

  const keep = (folder: string): Promise<void> => {
    const before = known.get(folder);
    if (before) return before;
    if (known.size >= rememberedMax) known.clear();
    const made = make(folder);
    known.set(folder, made);
    made.catch(() => known.delete(folder));
    return made;
  };
  /** A folder is in its parent for sure only when that one is synced, whoever made it. */
  const make = async (folder: string): Promise<void> => {
    if (folder === root) {
      await mkdir(root, { recursive: true, mode: 0o700 });
      return syncFolder(dirname(root));
    }
    await keep(dirname(folder));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await syncFolder(dirname(folder));
  };
  const forget = (folder: string) => {
    for (let each = folder; each.length >= root.length; each = dirname(each)) known.delete(each);
  };

  return {
    moveIn: async (temporary, path) => {
      const folder = dirname(path);
      for (let attempt = 1; ; attempt++) {
        try {
          await keep(folder);
          await rename(temporary, path);
          return await syncFolder(folder);
        } catch (error) {
          // The last file of the folder was deleted at this moment, and the folder with it.
          if ((error as NodeJS.ErrnoException).code !== "ENOENT" || attempt === attemptsMax)
            throw error;
          forget(folder);
        }
      }
    },
    removeEmpty: async (path) => {
      for (let folder = dirname(path); folder.length > root.length; folder = dirname(folder)) {
        try {
          await rmdir(folder);
        } catch {
          return;
        }
        known.delete(folder);
      }
    },
  };
}

/** Names in a folder are durable only when the folder is. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(join(folder), "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
