/** Events of one issue that would have the same hashes. */
export type Combination = {
  /** The primary first. */
  hashes: string[];
  issueId: number;
  count: number;
};

/** Events that would be of one issue. */
export type PlannedGroup = {
  /** The primary hash of the first of them. */
  hash: string;
  /** All that would lead to it. */
  hashes: string[];
  /** The issue that it goes on as; undefined: a new one. */
  issueId: number | undefined;
  count: number;
  /** How many of its events are of which issue now. */
  from: Map<number, number>;
};

/**
 * Which issues there would be if events had been grouped so from the first of them on: combinations come in the order in
 * which they were first seen, and a primary hash that leads nowhere follows the newest of the others that does. Hashes
 * that people put together by merging stay so. A group goes on as the issue that has most of its events, the group
 * with most of them first; an issue is one group's at most. Answers with the groups, and the place of each combination's
 * among them.
 */
export function planRegroup(
  combinations: readonly Combination[],
  mergedByPeople: ReadonlyMap<string, number>,
): { groups: PlannedGroup[]; groupOf: number[] } {
  const groups: PlannedGroup[] = [];
  const leads = new Map<string, number>();
  const newGroup = (hash: string, issueId?: number): number =>
    groups.push({ hash, hashes: [], issueId, count: 0, from: new Map() }) - 1;
  const lead = (hash: string, group: number) => {
    leads.set(hash, group);
    groups[group]?.hashes.push(hash);
  };
  const ofMerged = new Map<number, number>();
  for (const [hash, issueId] of mergedByPeople) {
    const group = ofMerged.get(issueId) ?? newGroup(hash, issueId);
    ofMerged.set(issueId, group);
    lead(hash, group);
  }
  const groupOf = combinations.map(({ hashes, issueId, count }) => {
    const [primary = "", ...others] = hashes;
    const known = others.flatMap((hash) => leads.get(hash) ?? []);
    const found = leads.get(primary) ?? (known.length > 0 ? Math.max(...known) : undefined);
    const at = found ?? newGroup(primary);
    for (const hash of hashes) if (!leads.has(hash)) lead(hash, at);
    const group = groups[at];
    if (group) {
      group.count += count;
      group.from.set(issueId, (group.from.get(issueId) ?? 0) + count);
    }
    return at;
  });
  giveIssues(groups);
  return { groups, groupOf };
}

function giveIssues(groups: PlannedGroup[]): void {
  const taken = new Set(groups.flatMap(({ issueId }) => issueId ?? []));
  const claims = groups
    .filter(({ issueId }) => issueId === undefined)
    .flatMap((group) => [...group.from].map(([issueId, count]) => ({ group, issueId, count })))
    .toSorted((a, b) => b.count - a.count || a.issueId - b.issueId);
  for (const { group, issueId } of claims) {
    if (group.issueId !== undefined || taken.has(issueId)) continue;
    group.issueId = issueId;
    taken.add(issueId);
  }
}
