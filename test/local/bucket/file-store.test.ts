import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { everyBlob } from "../../../scripts/local/bucket/blob-store";
import { fileStore } from "../../../scripts/local/bucket/file-store";
import { entryOf, keyOf, objectPath } from "../../../scripts/local/bucket/object-path";
import { openBucket } from "../../../scripts/local/bucket/open-bucket";
import { orderedKeys } from "../../../scripts/local/bucket/ordered-keys";
import { makeScratch } from "../../scratch";

const scratch = makeScratch("files");
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
let folders = 0;
const newFolder = () => join(scratch, String(folders++));
const filesBelow = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

const hostileKeys = [
  "..",
  "../../../etc/passwd",
  "/absolute",
  "a/../b",
  "a/./b",
  ".",
  "a//b/",
  "a\0b",
  "a\nb",
  "a\\b",
  "con",
  "A",
  "a",
  "ä",
  "a\u0308",
  "%2e",
  "=",
  "a+",
  "a.object",
  "x".repeat(1024),
  "ß".repeat(512),
  "/".repeat(1024),
  "a/".repeat(512),
];

test("hostile keys become names that every file system keeps apart, inside of the folder", async () => {
  const folder = newFolder();
  const store = fileStore(folder);
  for (const key of hostileKeys) await store.put(key, Buffer.from(key), {});
  for (const key of hostileKeys) {
    const opened = await store.get(key);
    expect(Buffer.concat(await (opened?.body.toArray() ?? [])).toString()).toBe(key);
  }
  const names = filesBelow(folder);
  expect(names.length).toBe(hostileKeys.length);
  expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
  const parts = names.flatMap((name) => name.slice(folder.length).split("/"));
  expect(Math.max(...parts.map((part) => part.length))).toBeLessThan(255);
  expect(readdirSync(scratch).every((name) => /^\d+$/.test(name))).toBe(true);
  const listed = [];
  for await (const { key } of everyBlob(store)) listed.push(key);
  expect(listed).toEqual(
    hostileKeys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
  );
});

test("a key that is empty, too long or no Unicode is refused before anything is written", async () => {
  const folder = newFolder();
  const store = fileStore(folder);
  for (const key of ["", "x".repeat(1025), "\ud800"]) {
    await expect(store.put(key, Buffer.from("x"), {})).rejects.toThrow("A key is 1 to 1024");
    await expect(store.get(key)).rejects.toThrow("A key is 1 to 1024");
  }
  expect(existsSync(folder)).toBe(false);
});

test("any key is read back from its path", () => {
  const key = fc.string({ unit: "binary", minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(
      key.filter((each) => each.isWellFormed()),
      (each) => {
        if (Buffer.byteLength(each) > 1024) return;
        const entries = objectPath(each).split("/").map(entryOf);
        const bytes = entries.map((entry) => entry?.adds ?? "missing").join("");
        expect(keyOf(bytes)).toBe(each);
      },
    ),
  );
});

test("a write that fails half-way leaves nothing behind, and says why", async () => {
  const folder = newFolder();
  const store = fileStore(folder);
  const failing = (code: string) =>
    (async function* () {
      yield Buffer.from("half");
      throw Object.assign(new Error(code), { code });
    })();
  await expect(store.put("a", failing("ENOSPC"), {})).rejects.toMatchObject({
    kind: "unavailable",
    message: `The disk of ${folder} is full.`,
  });
  await expect(store.put("a", failing("EROFS"), {})).rejects.toThrow(
    "cannot be written to (EROFS)",
  );
  expect(filesBelow(folder)).toEqual([]);
});

test("a disk that is nearly full refuses the write before it begins", async () => {
  const folder = newFolder();
  await fileStore(folder).put("before", Buffer.from("kept"), {});
  const full = fileStore(folder, { freeBytesMin: Number.MAX_SAFE_INTEGER });
  await expect(full.put("a", Buffer.from("x"), {})).rejects.toThrow("is nearly full");
  expect(filesBelow(folder).length).toBe(1);
  expect(await full.head("before")).toMatchObject({ size: 4 });
  await full.delete(["before"]);
  expect(filesBelow(folder)).toEqual([]);
});

test("a folder that cannot be written to gives a clear error", async () => {
  const folder = newFolder();
  mkdirSync(folder);
  // The kernel's own folder: not even root makes files there.
  symlinkSync("/sys/kernel", join(folder, "temporary"));
  await expect(fileStore(folder).put("a", Buffer.from("x"), {})).rejects.toThrow(
    /cannot be written to \((EACCES|EPERM|EROFS)\)/,
  );
});

test("files that were cut, or of another key, are recognised, listed and can be deleted", async () => {
  const folder = newFolder();
  const store = fileStore(folder);
  for (const key of ["cut", "empty", "grown", "other"]) {
    await store.put(key, Buffer.alloc(10_000, key), { custom: [["a", "b".repeat(2000)]] });
  }
  const pathOf = (key: string) => join(folder, "objects", objectPath(key));
  truncateSync(pathOf("cut"), 9_000);
  truncateSync(pathOf("empty"), 0);
  writeFileSync(pathOf("grown"), Buffer.concat([Buffer.from("x"), readFileSync(pathOf("grown"))]));
  writeFileSync(pathOf("other"), readFileSync(pathOf("cut")));
  for (const key of ["cut", "empty", "grown", "other"]) {
    await expect(store.get(key)).rejects.toThrow(`The file of the object "${key}" is damaged.`);
    await expect(store.head(key)).rejects.toThrow("is damaged");
  }
  const { blobs } = await store.list({ limit: 10 });
  expect(blobs.map(({ key, etag }) => [key, etag])).toEqual([
    ["cut", "damaged"],
    ["empty", "damaged"],
    ["grown", "damaged"],
    ["other", "damaged"],
  ]);
  await store.delete(blobs.map(({ key }) => key));
  expect(filesBelow(folder)).toEqual([]);
});

test("what a killed write left behind is removed at the next start; objects stay", async () => {
  const folder = newFolder();
  const store = fileStore(folder);
  await store.put("kept", Buffer.from("x"), {});
  writeFileSync(join(folder, "temporary", "left"), "half an object");
  const bucket = await openBucket({ folder }, () => undefined);
  expect(filesBelow(folder).map((path) => path.slice(folder.length))).toEqual([
    "/objects/kept.object",
  ]);
  expect(await bucket.store.head("kept")).toMatchObject({ size: 1 });
  await bucket.close();
});

test("folders go with their last object, and writes at that moment are not lost", async () => {
  const folder = newFolder();
  const store = fileStore(folder);
  const rounds = Array.from({ length: 30 }, (_, round) => `day/${round % 3}/x`);
  await Promise.all(
    rounds.map(async (key, round) => {
      await store.put(`${key}${round}`, Buffer.from("x"), {});
      await store.delete([`${key}${round}`]);
    }),
  );
  expect(readdirSync(join(folder, "objects"))).toEqual([]);
  await Promise.all(
    rounds.map(async (key, round) => {
      if (round % 2 === 0) await store.put(`${key}${round}`, Buffer.from("x"), {});
      else await store.delete([`${key}${round - 1}`, `${key}${round}`]);
    }),
  );
  const { blobs } = await store.list({ limit: 100 });
  for (const { key } of blobs) expect(await store.head(key)).toMatchObject({ size: 1 });
});

test("a folder of many objects is listed in order without holding all of its names", async () => {
  const folder = newFolder();
  const count = 25_000;
  mkdirSync(join(folder, "day"), { recursive: true });
  const names = Array.from({ length: count }, (_, at) => String(at).padStart(6, "0"));
  for (const name of names.toReversed()) writeFileSync(join(folder, "day", `${name}.object`), "");
  writeFileSync(join(folder, "day", "Not ours"), "");
  let at = 0;
  for await (const { key } of orderedKeys(folder, "day/")) {
    if (key !== `day/${names[at]}`) expect([at, key]).toEqual([at, `day/${names[at]}`]);
    at++;
  }
  expect(at).toBe(count);
  const next = await orderedKeys(folder, "day/0", "day/012344").next();
  expect(next.value).toMatchObject({ key: "day/012345" });
});
