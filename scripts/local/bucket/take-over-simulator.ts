import { existsSync, rmSync } from "node:fs";
import type { BlobHead, BlobStore } from "./blob-store";
import { inGroups } from "./in-groups";

/** The simulator lists no more at once with metadata. */
const pageMax = 100;
const objectsAtOnce = 8;
/** Between two lines that say how far it is. */
const progressEvery = 1000;

/**
 * Moves the objects of an earlier `npm start`, which ran on Miniflare and kept them in its own format, into the store,
 * page by page: they are never twice on the disk, and a start that is killed meanwhile goes on with the rest. Answers
 * with how many there were.
 */
export async function takeOverSimulator(
  folder: string,
  bucketName: string,
  store: BlobStore,
  log: (line: string) => void,
): Promise<number> {
  if (!existsSync(folder)) return 0;
  log("The objects of an earlier start are moved into the new bucket …");
  const { Miniflare } = await import("miniflare");
  const simulator = new Miniflare({
    modules: true,
    script: reader,
    compatibilityDate: "2026-04-01",
    r2Buckets: { BLOBS: bucketName },
    r2Persist: folder,
  });
  const ask = async (question: Question) => {
    const body = JSON.stringify(question);
    const answer = await simulator.dispatchFetch("http://simulator", { method: "POST", body });
    if (!answer.ok) throw new Error(`The objects of the earlier start: ${await answer.text()}`);
    return answer;
  };
  let moved = 0;
  try {
    for (;;) {
      const page = (await (await ask({ list: pageMax })).json()) as Found[];
      if (page.length === 0) break;
      await inGroups(page, objectsAtOnce, async ({ key, ...about }) => {
        // The whole one: a body that nobody reads to its end would keep the simulator from ending.
        const body = await (await ask({ get: key })).arrayBuffer();
        await store.put(key, new Uint8Array(body), about);
      });
      await ask({ delete: page.map(({ key }) => key) });
      moved += page.length;
      if (moved % progressEvery === 0) log(`${moved} objects are moved.`);
    }
  } finally {
    await simulator.dispose();
  }
  rmSync(folder, { recursive: true, force: true });
  log(`All ${moved} objects of the earlier start are in the new bucket.`);
  return moved;
}

type Question = { list: number } | { get: string } | { delete: string[] };
type Found = Pick<BlobHead, "key" | "size" | "custom" | "http">;

/** Runs in the simulator. */
const reader = `export default {
  async fetch(request, { BLOBS }) {
    const asked = await request.json();
    if (asked.get !== undefined) {
      const object = await BLOBS.get(asked.get);
      return object ? new Response(object.body) : new Response("one is missing", { status: 404 });
    }
    if (asked.delete) {
      await BLOBS.delete(asked.delete);
      return new Response();
    }
    const include = ["customMetadata", "httpMetadata"];
    const { objects } = await BLOBS.list({ limit: asked.list, include });
    return Response.json(objects.map(({ key, size, customMetadata = {}, httpMetadata = {} }) => {
      const { cacheExpiry, ...http } = httpMetadata;
      if (cacheExpiry) http.cacheExpiry = String(+cacheExpiry);
      return { key, size, custom: Object.entries(customMetadata), http };
    }));
  },
}`;
