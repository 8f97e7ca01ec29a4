import { type BlobHead, type BlobStore, everyBlob } from "../local/bucket/blob-store";
import { inGroups } from "../local/bucket/in-groups";

const objectsAtOnce = 16;
const groupMax = 512;
const progressEvery = 1000;

/**
 * Copies all objects that are not in the other store yet: objects are never changed, so one of the same key and size is
 * the same. Answers with how many were copied.
 */
export async function copyObjects(
  from: BlobStore,
  to: BlobStore,
  log: (line: string) => void,
): Promise<number> {
  const there = everyBlob(to);
  let other = await there.next();
  let copied = 0;
  let missing: BlobHead[] = [];
  const copy = async () => {
    const made = await inGroups(missing, objectsAtOnce, (head) => copyObject(from, to, head));
    const before = copied;
    copied += made.filter(Boolean).length;
    missing = [];
    if (Math.floor(before / progressEvery) < Math.floor(copied / progressEvery)) {
      log(`${copied} objects are copied.`);
    }
  };
  for await (const head of everyBlob(from)) {
    if (head.etag === "damaged") throw new Error(`The object ${head.key} is damaged.`);
    while (!other.done && compare(other.value.key, head.key) < 0) other = await there.next();
    if (!other.done && other.value.key === head.key && other.value.size === head.size) continue;
    missing.push(head);
    if (missing.length === groupMax) await copy();
  }
  await copy();
  return copied;
}

async function copyObject(from: BlobStore, to: BlobStore, { key }: BlobHead): Promise<boolean> {
  const opened = await from.get(key);
  // Its time has passed meanwhile.
  if (!opened) return false;
  const { custom, http, etag } = opened.head;
  const made = await to
    .put(key, opened.body, { size: opened.length, custom, http })
    .finally(() => opened.body.destroy());
  const areBoth = [etag, made.etag].every((each) => /^[0-9a-f]{32}$/.test(each));
  if (areBoth && etag !== made.etag) throw new Error(`The object ${key} was changed on its way.`);
  return true;
}

const compare = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** How many objects there are, and their bytes together. */
export async function countObjects(store: BlobStore): Promise<{ count: number; bytes: number }> {
  const total = { count: 0, bytes: 0 };
  for await (const { size } of everyBlob(store)) {
    total.count++;
    total.bytes += size;
  }
  return total;
}
