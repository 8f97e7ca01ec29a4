import { type Grouping, type Groupings, hashesOf } from "./grouping/grouping";

/** How an event finds its issue. */
export type Leading = {
  /** They find it, the first one before all others, and lead to it from then on. */
  hashes: string[];
  /** They find nothing, and lead to it from then on where they lead nowhere yet. */
  beside: string[];
  /** What a new issue says of why it is one. */
  grouping: Grouping;
  /** Found by a hash of the version before, in a project that has changed to g2. */
  isByFormer: boolean;
};

/**
 * Which hashes decide. While a project is on g1, those of g1; g2's lead to the same issue for later. Once it is on g2, a
 * hash of g1 that leads to an issue goes on leading there, so that no issue is split or merged by the change; it gets no
 * more of them, and what no hash of g1 knows is g2's alone. `isKnown` tells whether a hash leads to an issue: under g2
 * the answer for a hash of g1 never becomes yes.
 */
export function leadingHashes(
  { g1, g2 }: Groupings,
  isOnG1: boolean,
  isKnown: (hash: string) => boolean,
): Leading {
  const byG2 = { hashes: hashesOf(g2), beside: [], grouping: g2, isByFormer: false };
  if (!g1) return byG2;
  const beside = [g2.primary];
  if (isOnG1) return { hashes: hashesOf(g1), beside, grouping: g1, isByFormer: false };
  const known = hashesOf(g1).filter(isKnown);
  return known.length > 0 ? { hashes: known, beside, grouping: g1, isByFormer: true } : byG2;
}
