import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type BlobRange,
  type BlobStore,
  everyBlob,
  type OpenBlob,
} from "../../../scripts/local/bucket/blob-store";
import { fileStore } from "../../../scripts/local/bucket/file-store";
import { s3SettingsOf } from "../../../scripts/local/bucket/s3-client";
import { s3Store } from "../../../scripts/local/bucket/s3-store";
import { makeScratch } from "../../scratch";
import { startS3Stub } from "./s3-stub";

/** What holds of every store, whatever keeps the objects. */

const folder = makeScratch("stores");
let stub: Awaited<ReturnType<typeof startS3Stub>>;
beforeAll(async () => {
  stub = await startS3Stub();
});
afterAll(async () => {
  await stub.close();
  rmSync(folder, { recursive: true, force: true });
});

const stores: [string, () => BlobStore][] = [
  ["files", () => fileStore(folder)],
  ["S3", () => s3Store(stub.settings)],
];

const bytesOf = async (open: OpenBlob | undefined) => {
  const chunks: Buffer[] = [];
  for await (const chunk of open?.body ?? []) chunks.push(chunk);
  return Buffer.concat(chunks);
};
const textAt = async (store: BlobStore, key: string, range?: BlobRange) =>
  (await bytesOf(await store.get(key, range))).toString();
const keysIn = async (store: BlobStore, prefix: string) => {
  const keys: string[] = [];
  for await (const { key } of everyBlob(store, { prefix })) keys.push(key);
  return keys;
};

describe.each(stores)("%s", (_, open) => {
  test("what was put is read back, with all that was said about it", async () => {
    const store = open();
    const about = {
      size: 5,
      custom: [
        ["queue", "envelopes"],
        ["failedAt", "half of a ü"],
        ["__proto__", " "],
      ] as [string, string][],
      http: { contentType: "text/plain", contentEncoding: "gzip", cacheExpiry: "1000" },
    };
    const made = await store.put("kept/one", Buffer.from("hello"), about);
    expect(made).toMatchObject({ key: "kept/one", size: 5, custom: about.custom });
    expect(made.etag).toBe("5d41402abc4b2a76b9719d911017c592");
    expect(await store.head("kept/one")).toEqual(made);
    const opened = await store.get("kept/one");
    expect(opened).toMatchObject({ head: made, offset: 0, length: 5 });
    expect((await bytesOf(opened)).toString()).toBe("hello");
    const { blobs } = await store.list({ prefix: "kept/", limit: 10, withMetadata: true });
    expect(blobs).toEqual([made]);
  });

  test("a second write takes the place of the first, and what is deleted is gone", async () => {
    const store = open();
    await store.put("twice", Buffer.from("a longer one"), { size: 12 });
    await store.put("twice", Buffer.from("short"), {});
    expect(await textAt(store, "twice")).toBe("short");
    await store.delete(["twice", "was/never/there"]);
    expect(await store.head("twice")).toBeUndefined();
    expect(await store.get("twice")).toBeUndefined();
  });

  test("ranges are cut at the end, and none begins behind it", async () => {
    const store = open();
    await store.put("digits", Buffer.from("0123456789"), {});
    const rows: [BlobRange, string][] = [
      [{ offset: 2, length: 3 }, "234"],
      [{ offset: 7 }, "789"],
      [{ length: 4 }, "0123"],
      [{ offset: 8, length: 100 }, "89"],
      [{ suffix: 3 }, "789"],
      [{ suffix: 300 }, "0123456789"],
    ];
    for (const [range, expected] of rows) {
      expect([range, await textAt(store, "digits", range)]).toEqual([range, expected]);
    }
    const part = await store.get("digits", { offset: 4, length: 2 });
    expect(part).toMatchObject({ head: { size: 10 }, offset: 4, length: 2 });
    expect((await bytesOf(part)).toString()).toBe("45");
    await expect(store.get("digits", { offset: 11 })).rejects.toThrow("not in the object");
    await store.put("nothing", new Uint8Array(), { size: 0 });
    expect(await textAt(store, "nothing")).toBe("");
    expect((await store.head("nothing"))?.size).toBe(0);
  });

  test("a large body comes in pieces and is never there in part", async () => {
    const store = open();
    const piece = Buffer.alloc(3_000_000, "brinkwatch");
    const pieces = async function* () {
      for (let count = 0; count < 9; count++) yield piece;
    };
    const size = 9 * piece.length;
    expect(await store.put("large", pieces(), { size })).toMatchObject({ size });
    const read = await bytesOf(await store.get("large"));
    expect(read.equals(Buffer.concat(Array(9).fill(piece)))).toBe(true);

    const broken = async function* () {
      yield* pieces();
      throw new Error("the sender went away");
    };
    await expect(store.put("half", broken(), {})).rejects.toThrow("went away");
    await expect(store.put("half", pieces(), { size: size + 1 })).rejects.toThrow("as its sender");
    await expect(store.put("half", Buffer.from("abc"), { size: 2 })).rejects.toThrow("as its");
    expect(await store.head("half")).toBeUndefined();
    expect(stub.uploads.size).toBe(0);
  });

  test("keys are listed in the order of their bytes, page by page", async () => {
    const store = open();
    const keys = [
      "order/!",
      "order/-a",
      "order/a",
      "order/a!b",
      "order/a-b",
      "order/a/b",
      "order/a/b/c",
      "order/a0",
      "order/ab",
      "order/B",
      "order/\u{ffee}",
      "order/\u{1f600}",
      `order/${"x".repeat(64)}`,
      `order/${"x".repeat(64)}/y`,
      `order/${"x".repeat(65)}`,
      `order/${"x".repeat(63)}`,
      "order//b",
      "order/ü",
    ];
    const inOrder = keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    for (const key of keys) await store.put(key, Buffer.from(key), {});
    expect(await keysIn(store, "order/")).toEqual(inOrder);
    const pages: string[][] = [];
    for (let after: string | undefined; ; ) {
      const page = await store.list({ prefix: "order/", limit: 4, ...(after && { after }) });
      pages.push(page.blobs.map(({ key }) => key));
      if (page.next === undefined) break;
      after = page.next;
    }
    expect(pages.map((page) => page.length)).toEqual([4, 4, 4, 4, 2]);
    expect(pages.flat()).toEqual(inOrder);
    expect(await keysIn(store, "order/a")).toEqual(
      inOrder.filter((key) => key.startsWith("order/a")),
    );
    expect(await keysIn(store, "order/a/b/")).toEqual(["order/a/b/c"]);
    await store.delete(keys);
    expect(await keysIn(store, "order/")).toEqual([]);
  });
});

test("an S3 store that stumbles is asked again, and one that refuses says why", async () => {
  const store = s3Store(stub.settings);
  stub.failures.push(500, 503);
  await store.put("stumbled", Buffer.from("x"), {});
  expect(await textAt(store, "stumbled")).toBe("x");
  stub.failures.push(...Array(5).fill(503));
  await expect(store.get("stumbled")).rejects.toMatchObject({
    kind: "unavailable",
    message: "The S3 store answered 503 (SlowDown: No.).",
  });
  const stranger = s3Store({ ...stub.settings, secretAccessKey: "wrong" });
  const before = new Map(stub.objects);
  await expect(stranger.put("stumbled", Buffer.from("y"), {})).rejects.toThrow(
    "The S3 store answered 403 (SignatureDoesNotMatch: No.).",
  );
  expect(stub.objects).toEqual(before);
});

test("a key that an address cannot carry is refused: it would name another object", async () => {
  const store = s3Store(stub.settings);
  const asked = stub.asked.length;
  for (const key of ["..", "../other-bucket/x", "a/./b", "", "\ud800"]) {
    await expect(store.put(key, Buffer.from("x"), {})).rejects.toThrow("no object of such a key");
    await expect(store.head(key)).rejects.toThrow("no object of such a key");
  }
  expect(stub.asked.length).toBe(asked);
});

test("settings of an S3 store are whole or absent", () => {
  const whole = {
    S3_ENDPOINT: "https://s3.example",
    S3_BUCKET: "errors",
    S3_ACCESS_KEY_ID: "id",
    S3_SECRET_ACCESS_KEY: "secret",
  };
  expect(s3SettingsOf({})).toBeUndefined();
  expect(s3SettingsOf(whole)).toEqual({
    endpoint: "https://s3.example",
    bucket: "errors",
    region: "auto",
    accessKeyId: "id",
    secretAccessKey: "secret",
  });
  expect(() => s3SettingsOf({ ...whole, S3_BUCKET: "" })).toThrow("set S3_BUCKET too");
});
