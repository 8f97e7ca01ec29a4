import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Miniflare } from "miniflare";
import { afterAll, expect, test } from "vitest";
import { type BlobStore, everyBlob } from "../../../scripts/local/bucket/blob-store";
import { fileStore } from "../../../scripts/local/bucket/file-store";
import { takeOverSimulator } from "../../../scripts/local/bucket/take-over-simulator";
import { makeScratch } from "../../scratch";

const scratch = makeScratch("take-over");
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test("an upgrade keeps the payloads of the earlier start, also when it is ended in the middle", async () => {
  const earlier = join(scratch, "r2");
  const keys = Array.from({ length: 230 }, (_, at) => `segments/2026-11-0${at % 9}/${at}`);
  const simulator = new Miniflare({
    modules: true,
    script: `export default {
      async fetch(request, { BLOBS }) {
        for (const key of await request.json()) {
          await BLOBS.put(key, "the payload " + key, {
            customMetadata: { queue: "envelopes", failedAt: key },
            httpMetadata: { contentType: "text/plain" },
          });
        }
        return new Response();
      }
    }`,
    r2Buckets: { BLOBS: "brinkwatch" },
    r2Persist: earlier,
  });
  const body = JSON.stringify(keys);
  expect((await simulator.dispatchFetch("http://test", { method: "POST", body })).ok).toBe(true);
  await simulator.dispose();

  const store = fileStore(join(scratch, "bucket"));
  let writes = 0;
  const failing: BlobStore = {
    ...store,
    put: async (...args) => {
      if (++writes > 150) throw new Error("killed");
      return store.put(...args);
    },
  };
  const lines: string[] = [];
  const log = (line: string) => lines.push(line);
  await expect(takeOverSimulator(earlier, "brinkwatch", failing, log)).rejects.toThrow("killed");
  expect(existsSync(earlier)).toBe(true);
  expect(await takeOverSimulator(earlier, "brinkwatch", store, log)).toBe(130);
  expect(existsSync(earlier)).toBe(false);
  expect(lines.at(-1)).toBe("All 130 objects of the earlier start are in the new bucket.");

  const found: string[] = [];
  for await (const { key, custom, http } of everyBlob(store)) {
    const opened = await store.get(key);
    expect(Buffer.concat(await (opened?.body.toArray() ?? [])).toString()).toBe(
      `the payload ${key}`,
    );
    expect([custom, http]).toEqual([
      [
        ["queue", "envelopes"],
        ["failedAt", key],
      ],
      { contentType: "text/plain" },
    ]);
    found.push(key);
  }
  expect(found).toEqual(keys.toSorted());
  expect(await takeOverSimulator(earlier, "brinkwatch", store, log)).toBe(0);
});
