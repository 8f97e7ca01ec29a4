import { joinBytes } from "../protocol/join-bytes";
import { reaching } from "./deadline";

/** The narrow part of an R2 bucket that Brinkwatch uses. */
export type Blobs = {
  /** Many large parts are written one after another, so that no copy of the whole is made. */
  put(
    key: string,
    content: Uint8Array | string | Uint8Array[],
    metadata?: Record<string, string>,
  ): Promise<void>;
  get(key: string): Promise<Uint8Array | undefined>;
  /** A part of an object: `length` bytes from `offset`. */
  getRange(key: string, offset: number, length: number): Promise<Uint8Array | undefined>;
  delete(keys: string[]): Promise<void>;
  /** Metadata is in it only when it is asked for: some stores answer that object by object. */
  list(
    prefix: string,
    options?: { cursor?: string; limit?: number; withMetadata?: boolean },
  ): Promise<BlobPage>;
};

export type BlobPage = {
  blobs: { key: string; size: number; metadata: Record<string, string> }[];
  cursor?: string;
};

/** No operation is waited for longer than the deadline. Faults: unavailable, whatever the bucket throws. */
export function openBlobs(bucket: R2Bucket, deadlineMs: number): Blobs {
  const ask = <T>(operation: () => Promise<T>) => reaching(deadlineMs, "The bucket", operation);
  const read = (key: string, options?: R2GetOptions) =>
    ask(async () => {
      const object = await bucket.get(key, options);
      return object ? new Uint8Array(await object.arrayBuffer()) : undefined;
    });
  return {
    put: async (key, content, customMetadata) => {
      const options = customMetadata ? { customMetadata } : {};
      await ask(async () => {
        if (Array.isArray(content)) await putParts(bucket, key, content, options);
        else await bucket.put(key, content, options);
      });
    },
    get: (key) => read(key),
    getRange: (key, offset, length) => read(key, { range: { offset, length } }),
    delete: async (keys) => {
      if (keys.length > 0) await ask(() => bucket.delete(keys));
    },
    list: async (prefix, { cursor, limit, withMetadata } = {}) => {
      const page = await ask(() =>
        bucket.list({
          prefix,
          ...(withMetadata && { include: ["customMetadata"] }),
          ...(cursor && { cursor }),
          ...(limit && { limit }),
        }),
      );
      return {
        blobs: page.objects.map(({ key, size, customMetadata }) => ({
          key,
          size,
          metadata: customMetadata ?? {},
        })),
        ...(page.truncated && { cursor: page.cursor }),
      };
    },
  };
}

/** To write a hundred small parts one by one costs more than to copy them. */
const joinedBytesMax = 4 * 1024 * 1024;

async function putParts(
  bucket: R2Bucket,
  key: string,
  parts: Uint8Array[],
  options: R2PutOptions,
): Promise<void> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length <= joinedBytesMax) {
    await bucket.put(key, joinBytes(parts, length), options);
    return;
  }
  const { readable, writable } = new FixedLengthStream(length);
  const write = async () => {
    const writer = writable.getWriter();
    for (const part of parts) await writer.write(part);
    await writer.close();
  };
  await Promise.all([bucket.put(key, readable, options), write()]);
}
