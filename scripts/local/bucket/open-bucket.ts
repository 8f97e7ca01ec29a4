import { mkdirSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { objectsFolder } from "../places";
import type { BlobStore } from "./blob-store";
import { fileStore } from "./file-store";
import { answerR2 } from "./r2-protocol";
import { type S3Settings, s3SettingsOf } from "./s3-client";
import { s3Store } from "./s3-store";

export type BucketSettings = { folder: string } | S3Settings;

/** The bucket of this machine: an S3 store when the environment names one, else its own folder. */
export const bucketSettings = (): BucketSettings =>
  s3SettingsOf(process.env) ?? { folder: objectsFolder };

export type Bucket = {
  /** Answers the bucket binding of workerd; who may ask is looked at before. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  store: BlobStore;
  close(): Promise<void>;
};

/**
 * The bucket of the local runtime: files of a folder, or an S3-compatible store elsewhere. Old objects are deleted by
 * the worker (src/stats/retention.ts), here as on Cloudflare. One process at a time opens a folder.
 */
export async function openBucket(
  settings: BucketSettings,
  log: (line: string) => void,
): Promise<Bucket> {
  const store = await openStore(settings);
  const open = new Set<Promise<void>>();
  return {
    store,
    handle: async (request, response) => {
      const answering = answerR2(store, request, response, log);
      open.add(answering);
      await answering.finally(() => open.delete(answering));
    },
    close: async () => {
      await Promise.allSettled(open);
    },
  };
}

async function openStore(settings: BucketSettings): Promise<BlobStore> {
  if (!("folder" in settings)) return s3Store(settings);
  mkdirSync(settings.folder, { recursive: true, mode: 0o700 });
  const store = fileStore(settings.folder);
  await store.removeLeftovers();
  return store;
}
