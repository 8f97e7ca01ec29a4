import type { Readable } from "node:stream";

/** Where objects are kept: files of a folder, or another S3-compatible store. Keys are listed in order of their bytes. */
export type BlobStore = {
  /** Durable when it returns; nothing of it is there before. Faults: invalid, unavailable. */
  put(key: string, body: Uint8Array | AsyncIterable<Uint8Array>, about: BlobPut): Promise<BlobHead>;
  /** Faults: invalid (a range outside of the object), unavailable. */
  get(key: string, range?: BlobRange): Promise<OpenBlob | undefined>;
  head(key: string): Promise<BlobHead | undefined>;
  /** Keys that are not there are no error. */
  delete(keys: string[]): Promise<void>;
  list(query: BlobQuery): Promise<BlobList>;
};

export type BlobPut = {
  /** In bytes; a body that is shorter or longer is refused. */
  size?: number;
  /** Pairs, not an object: the names are anybody's. */
  custom?: [name: string, value: string][];
  http?: HttpFields;
};

/** What R2 calls the HTTP metadata of an object, by its own names. */
export type HttpFields = Partial<Record<(typeof httpFields)[number], string>>;
export const httpFields = [
  "contentType",
  "contentLanguage",
  "contentDisposition",
  "contentEncoding",
  "cacheControl",
  "cacheExpiry",
] as const;

export type BlobHead = {
  key: string;
  /** In bytes. */
  size: number;
  etag: string;
  version: string;
  uploadedAtMs: number;
  custom: [name: string, value: string][];
  http: HttpFields;
};

export type BlobRange = { offset?: number; length?: number } | { suffix: number };

export type OpenBlob = {
  head: BlobHead;
  /** What of the object the body is. */
  offset: number;
  length: number;
  /** To be read to its end, or destroyed. */
  body: Readable;
};

export type BlobQuery = {
  prefix?: string;
  /** Only keys behind this one. */
  after?: string;
  limit: number;
  /** Without it a store that would have to ask for each object leaves `custom` and `http` empty. */
  withMetadata?: boolean;
};

export type BlobList = {
  blobs: BlobHead[];
  /** There are more: those after this key. */
  next?: string;
};

/** A store may list fewer at once. */
const pageMax = 5000;

/** All objects, page by page. */
export async function* everyBlob(
  store: BlobStore,
  query: Omit<BlobQuery, "limit"> = {},
): AsyncGenerator<BlobHead> {
  for (let after = query.after; ; ) {
    const page = await store.list({
      ...query,
      ...(after !== undefined && { after }),
      limit: pageMax,
    });
    yield* page.blobs;
    if (page.next === undefined) return;
    after = page.next;
  }
}
