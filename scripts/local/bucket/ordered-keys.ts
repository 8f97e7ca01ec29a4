import { opendir } from "node:fs/promises";
import { join } from "node:path";
import { type Entry, entryOf, keyOf, keyOrder } from "./object-path";

/** So many names of one folder are in memory at once; a larger one is read again for the next ones. */
const namesMax = 10_000;

/** Keys below a folder that begin with the prefix and come after a key, in order, without a look into their files. */
export async function* orderedKeys(
  folder: string,
  prefix = "",
  after = "",
): AsyncGenerator<{ key: string; path: string }> {
  yield* visit(folder, "", { prefix: keyOrder(prefix), after: keyOrder(after) });
}

type Wanted = { prefix: string; after: string };

async function* visit(
  folder: string,
  base: string,
  wanted: Wanted,
): AsyncGenerator<{ key: string; path: string }> {
  for (let floor: string | undefined; ; ) {
    const entries = await smallest(
      folder,
      (entry) =>
        (floor === undefined || entry.adds > floor) && mayHold(entry, base + entry.adds, wanted),
    );
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.isObject) yield { key: keyOf(base + entry.adds), path };
      else yield* visit(path, base + entry.adds, wanted);
    }
    if (entries.length < namesMax) return;
    floor = entries.at(-1)?.adds;
  }
}

function mayHold({ isObject }: Entry, order: string, { prefix, after }: Wanted): boolean {
  if (isObject) return order > after && order.startsWith(prefix);
  return (
    (order.startsWith(prefix) || prefix.startsWith(order)) &&
    (order > after || after.startsWith(order))
  );
}

/** The first names of a folder, of those that are wanted, in order. A folder that went meanwhile has none. */
async function smallest(folder: string, isWanted: (entry: Entry) => boolean): Promise<Entry[]> {
  const kept: Entry[] = [];
  const cut = () => {
    kept.sort((a, b) => (a.adds < b.adds ? -1 : 1));
    kept.length = Math.min(kept.length, namesMax);
  };
  try {
    for await (const { name } of await opendir(folder, { bufferSize: 1024 })) {
      const entry = entryOf(name);
      if (!entry || !isWanted(entry)) continue;
      kept.push(entry);
      if (kept.length === 2 * namesMax) cut();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  cut();
  return kept;
}
