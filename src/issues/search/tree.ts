import { Fault, type Part } from "../../fault";
import type { Pattern } from "../../protocol/pattern";

/** One `key:value`. Nothing in it is looked up yet: src/issues/search/keys.ts makes conditions of it. */
export type Term = {
  on: "term";
  key: string;
  /** Any one of them is enough; an empty text asks for what has none. */
  values: Pattern[];
  isList: boolean;
  /** The key was given as `tags[key]`: a tag, also where a field has the same name. */
  isTag: boolean;
  /** Given as `tags[key,number]`: compared as a number. */
  isNumber?: true;
  /** Where it stands in the search. */
  part: Part;
};

/** A text that must occur somewhere. */
export type Words = { on: "words"; pattern: Pattern; part: Part };

/** What a search asks for, as it is written. */
export type Node =
  | Term
  | Words
  | { on: "all"; of: Node[] }
  | { on: "any"; of: Node[] }
  | { on: "not"; of: Node };

/** All leaves, whether the search wants them or not. */
export function leavesOf(node: Node): (Term | Words)[] {
  switch (node.on) {
    case "all":
    case "any":
      return node.of.flatMap(leavesOf);
    case "not":
      return leavesOf(node.of);
    case "term":
    case "words":
      return [node];
  }
}

export const invalid = (detail: string, part?: Part) =>
  new Fault("invalid", detail, part && { part });

/** Does something with a part of a search; what is refused then says which part it is about. */
export function aboutPart<T>(part: Part | undefined, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Fault) || error.part || !part) throw error;
    throw new Fault(error.kind, error.message, { cause: error.cause, part });
  }
}
