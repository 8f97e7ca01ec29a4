import { joinBytes } from "./join-bytes";
import { endOfText } from "./json-end";

export type JsonLimits = {
  /** Levels of lists and objects. */
  depth: number;
  /** Members of one list or object. */
  members: number;
  /** Values below one member of the outermost list or object. */
  memberNodes: number;
  /** Values in all. */
  nodes: number;
};

/** Reading this much is cheap, whatever is in it. */
const cheapBytes = 128 * 1024;
const eventLimits = { depth: 64, members: 5000, memberNodes: 100_000, nodes: 300_000 };

const quote = 34;
const comma = 44;
const nothing = new TextEncoder().encode("null");

/**
 * Cuts lists and objects of a large JSON text before it is parsed: a few kilobytes can inflate to millions of empty
 * lists, which no event has and no isolate holds. One pass that copies only what stays; texts stay whole. Each member
 * of the outermost object has a share of its own, so that one of them cannot crowd out the others. Returns the input
 * itself when nothing had to be cut. What is no JSON stays none.
 */
export function shortenJson(json: Uint8Array, limits?: JsonLimits): Uint8Array {
  if (!limits && json.length <= cheapBytes) return json;
  const cuts = findCuts(json, limits ?? eventLimits);
  if (cuts.length === 0) return json;
  const kept: Uint8Array[] = [];
  let from = 0;
  for (const { start, end, isValue } of cuts) {
    kept.push(json.subarray(from, start), ...(isValue ? [nothing] : []));
    from = end;
  }
  kept.push(json.subarray(from));
  return joinBytes(kept);
}

/** A whole value, which needs another in its place, or the last members of a list or object. */
type Cut = { start: number; end: number; isValue: boolean };

function findCuts(json: Uint8Array, limits: JsonLimits): Cut[] {
  const cuts: Cut[] = [];
  const members: number[] = [];
  let depth = 0;
  let nodes = 0;
  let memberNodes = 0;
  let cut: (Cut & { depth: number }) | undefined;
  const count = () => {
    nodes++;
    memberNodes++;
    return nodes > limits.nodes || memberNodes > limits.memberNodes;
  };
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (byte === quote) at = endOfText(json, at);
    else if (byte === 0x5b || byte === 0x7b) {
      depth++;
      if (cut) continue;
      members[depth] = 1;
      if ((count() && depth > 1) || depth > limits.depth) {
        cut = { start: at, end: at, isValue: true, depth };
      }
    } else if (byte === comma && !cut) {
      members[depth] = (members[depth] ?? 0) + 1;
      if (depth === 1) memberNodes = 0;
      const isOver = (count() && depth > 1) || (members[depth] ?? 0) > limits.members;
      if (isOver) cut = { start: at, end: at, isValue: false, depth };
    } else if (byte === 0x5d || byte === 0x7d) {
      if (cut?.depth === depth) {
        cuts.push({ ...cut, end: cut.isValue ? at + 1 : at });
        cut = undefined;
      }
      depth--;
    }
  }
  // Where the text ends too early there is nothing to save: it cannot be read.
  return cuts;
}
