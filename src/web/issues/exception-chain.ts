import type { Exception } from "./event-parts";

export type ChainLink = {
  exception: Exception;
  /** Its place in the event's list. */
  index: number;
  /** How deep it lies in groups of exceptions. */
  depth: number;
  relation: "thrown" | "cause" | "member";
};

/**
 * Exceptions in the order of reading: what was thrown first, then what caused it; members of a group follow the group
 * that they belong to. `values` come with the cause first, as SDKs send them.
 */
export function exceptionChain(values: Exception[]): ChainLink[] {
  const all = values.map((exception, index) => ({ exception, index })).toReversed();
  const ids = new Map(all.map((each) => [each.exception.mechanism?.id ?? -1 - each.index, each]));
  const root = all[0];
  const linked = all.filter(({ exception: { mechanism } }) => mechanism?.parentId !== undefined);
  // Without ids, or with ids that lead nowhere, the list itself is the chain.
  const isTree =
    linked.length > 0 &&
    linked.length === all.length - 1 &&
    ids.size === all.length &&
    linked.every(({ exception: { mechanism } }) => ids.has(mechanism?.parentId ?? Number.NaN));
  if (!root || !isTree) {
    return all.map((each, place) => ({
      ...each,
      depth: 0,
      relation: place === 0 ? "thrown" : "cause",
    }));
  }
  const chain: ChainLink[] = [];
  const seen = new Set<number>();
  const visit = (each: typeof root, depth: number, relation: ChainLink["relation"]) => {
    if (seen.has(each.index)) return;
    seen.add(each.index);
    chain.push({ ...each, depth, relation });
    const isGroup = each.exception.mechanism?.isGroup ?? false;
    const below = linked
      .filter(
        ({ exception: { mechanism } }) => mechanism?.parentId === each.exception.mechanism?.id,
      )
      .toSorted((a, b) => (a.exception.mechanism?.id ?? 0) - (b.exception.mechanism?.id ?? 0));
    for (const child of below) {
      const isMember = isGroup && child.exception.mechanism?.source !== "__cause__";
      visit(child, isMember ? depth + 1 : depth, isMember ? "member" : "cause");
    }
  };
  const top = all.find(({ exception: { mechanism } }) => mechanism?.parentId === undefined) ?? root;
  visit(top, 0, "thrown");
  // A circle leads away from the top: what it holds is shown after all.
  for (const each of all) if (!seen.has(each.index)) visit(each, 0, "cause");
  return chain;
}
