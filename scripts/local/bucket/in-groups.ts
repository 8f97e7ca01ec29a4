/** Does the same with many, `size` of them at once; the results in the same order. */
export async function inGroups<T, R>(
  all: T[],
  size: number,
  each: (one: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < all.length; at += size) {
    results.push(...(await Promise.all(all.slice(at, at + size).map(each))));
  }
  return results;
}
