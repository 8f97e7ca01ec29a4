export type Memory<K, V> = Pick<Map<K, V>, "get" | "has" | "delete" | "size"> & {
  set(key: K, value: V): void;
};

/** Of a full memory this share goes at once: to find the oldest of a Map takes as long as many have gone before it. */
const dropShare = 0.1;

/**
 * What an isolate remembers under names that strangers may choose: a Map with an end. When it is full, what was set
 * longest ago goes.
 */
export function boundedMemory<K, V>(sizeMax: number): Memory<K, V> {
  const entries = new Map<K, V>();
  const dropped = Math.max(1, Math.floor(sizeMax * dropShare));
  const makeRoom = () => {
    let left = dropped;
    for (const key of entries.keys()) {
      entries.delete(key);
      if (--left === 0) return;
    }
  };
  return {
    get: (key) => entries.get(key),
    has: (key) => entries.has(key),
    delete: (key) => entries.delete(key),
    set: (key, value) => {
      if (!entries.delete(key) && entries.size >= sizeMax) makeRoom();
      entries.set(key, value);
    },
    get size() {
      return entries.size;
    },
  };
}
