export type Memory<K, V> = Pick<Map<K, V>, "get" | "has" | "delete" | "size"> & {
  /** What is set anew is new: it is the last to go. */
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
  // Reading is the Map's own, for it is what hot loops do.
  const add = entries.set.bind(entries);
  const dropped = Math.max(1, Math.floor(sizeMax * dropShare));
  const makeRoom = () => {
    let left = dropped;
    for (const key of entries.keys()) {
      entries.delete(key);
      if (--left === 0) return;
    }
  };
  entries.set = (key, value) => {
    if (!entries.delete(key) && entries.size >= sizeMax) makeRoom();
    return add(key, value);
  };
  return entries;
}
