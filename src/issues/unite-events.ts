import type { Leading } from "./leading-hashes";

/**
 * Number of the group of each event: events of a project that share any of the hashes that decide are one group. What is
 * g2's alone joins the first group that goes on by a hash of g1 and leads a hash of g2 to its issue: one of the next batch
 * would find it there.
 */
export function uniteEvents(
  projectIds: readonly number[],
  leadings: readonly Leading[],
  isKnown: (projectId: number, hash: string) => boolean,
): number[] {
  const leader = leadings.map((_, index) => index);
  const find = (index: number): number => {
    let root = index;
    while (leader[root] !== root) root = leader[root] ?? root;
    return root;
  };
  const keysOf = (index: number, hashes: string[]) =>
    hashes.map((hash) => `${projectIds[index]}:${hash}`);
  const owner = new Map<string, number>();
  for (const [index, { hashes }] of leadings.entries()) {
    for (const key of keysOf(index, hashes)) {
      const other = owner.get(key);
      if (other === undefined) owner.set(key, index);
      else {
        const [low, high] = [find(other), find(index)].toSorted((a, b) => a - b) as [
          number,
          number,
        ];
        leader[high] = low;
      }
    }
  }
  if (leadings.some(({ isByFormer }) => isByFormer)) joinFormer();
  return leadings.map((_, index) => find(index));

  function joinFormer(): void {
    const ledTo = new Map<string, number>();
    for (const [index, { isByFormer, beside }] of leadings.entries()) {
      if (!isByFormer) continue;
      for (const key of keysOf(index, beside)) {
        if (!ledTo.has(key)) ledTo.set(key, find(index));
      }
    }
    const isFound = new Set<number>();
    for (const [index, { isByFormer, hashes }] of leadings.entries()) {
      const projectId = projectIds[index] ?? 0;
      if (isByFormer || hashes.some((hash) => isKnown(projectId, hash))) isFound.add(find(index));
    }
    for (const [index, { hashes }] of leadings.entries()) {
      const root = find(index);
      if (isFound.has(root)) continue;
      const target = keysOf(index, hashes).find((key) => ledTo.has(key));
      // A group joins one only: two issues that share a hash of g2 stay two.
      if (target !== undefined) leader[root] = ledTo.get(target) ?? root;
    }
  }
}
