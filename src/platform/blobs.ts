/** The narrow part of an R2 bucket that Faultline uses. */
export type Blobs = {
  put(key: string, bytes: Uint8Array | string, metadata?: Record<string, string>): Promise<void>;
  get(key: string): Promise<Uint8Array | undefined>;
  /** A part of an object: `length` bytes from `offset`. */
  getRange(key: string, offset: number, length: number): Promise<Uint8Array | undefined>;
  delete(keys: string[]): Promise<void>;
  list(prefix: string, options?: { cursor?: string; limit?: number }): Promise<BlobPage>;
};

export type BlobPage = {
  blobs: { key: string; size: number; metadata: Record<string, string> }[];
  cursor?: string;
};

export function openBlobs(bucket: R2Bucket): Blobs {
  return {
    put: async (key, bytes, customMetadata) => {
      await bucket.put(key, bytes, customMetadata ? { customMetadata } : {});
    },
    get: async (key) => {
      const object = await bucket.get(key);
      return object ? new Uint8Array(await object.arrayBuffer()) : undefined;
    },
    getRange: async (key, offset, length) => {
      const object = await bucket.get(key, { range: { offset, length } });
      return object ? new Uint8Array(await object.arrayBuffer()) : undefined;
    },
    delete: async (keys) => {
      if (keys.length > 0) await bucket.delete(keys);
    },
    list: async (prefix, { cursor, limit } = {}) => {
      const page = await bucket.list({
        prefix,
        include: ["customMetadata"],
        ...(cursor && { cursor }),
        ...(limit && { limit }),
      });
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
