import type { Hash } from "./merge-queries";

/** Something that can be taken out of an issue: all that came from one that was merged, or a hash of its own. */
export type MergedPart = {
  key: string;
  hashes: string[];
  /** The merged issue, which it is again then. */
  former: Hash["formerIssue"];
  title: string;
  count: number;
  firstSeen: string | null;
  lastSeen: string | null;
};

/** Parts of an issue, with most events first. Hashes by which no event was found are of no use to anybody. */
export function partsOf(hashes: readonly Hash[]): MergedPart[] {
  const parts = new Map<string, MergedPart>();
  for (const { id, formerIssue, latestEvent, count, firstSeen, lastSeen } of hashes) {
    if (count === 0 && !formerIssue) continue;
    const key = formerIssue ? `issue ${formerIssue.id}` : id;
    const part = parts.get(key) ?? {
      key,
      hashes: [],
      former: formerIssue,
      title: formerIssue?.title ?? "",
      count: 0,
      firstSeen: null,
      lastSeen: null,
    };
    parts.set(key, part);
    part.hashes.push(id);
    part.count += count;
    if (latestEvent && (!part.lastSeen || (lastSeen && lastSeen > part.lastSeen))) {
      part.title = latestEvent.title;
    }
    part.firstSeen = [part.firstSeen, firstSeen].filter((at) => at !== null).toSorted()[0] ?? null;
    part.lastSeen =
      [part.lastSeen, lastSeen]
        .filter((at) => at !== null)
        .toSorted()
        .at(-1) ?? null;
  }
  return [...parts.values()].toSorted((a, b) => b.count - a.count);
}
