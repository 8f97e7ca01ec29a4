import type { Leading } from "./leading-hashes";

/**
 * Number of the group of each event: events of a project that share any of the hashes that decide are one group, unless
 * their own lead to different issues already: what people took apart stays apart. What is
 * g2's alone joins the first group that goes on by a hash of g1 and leads a hash of g2 to its issue: one of the next batch
 * would find it there.
 */
export function uniteEvents(
  projectIds: readonly number[],
  leadings: readonly Leading[],
  leadsTo: (projectId: number, hash: string) => string | undefined,
): number[] {
  const leader = leadings.map((_, index) => index);
  /** The issue of the hash by which an event of the group is found before all others. */
  const issueOf = leadings.map(({ hashes: [primary] }, index) =>
    primary === undefined ? undefined : leadsTo(projectIds[index] ?? 0, primary),
  );
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
      const before = owner.get(key);
      if (before === undefined) owner.set(key, index);
      else {
        const [low, high] = [find(before), find(index)].toSorted((a, b) => a - b) as [
          number,
          number,
        ];
        const [issue, other] = [issueOf[low], issueOf[high]];
        if (issue !== undefined && other !== undefined && issue !== other) continue;
        leader[high] = low;
        issueOf[low] = issue ?? other;
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
      if (isByFormer || hashes.some((hash) => leadsTo(projectId, hash) !== undefined))
        isFound.add(find(index));
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
