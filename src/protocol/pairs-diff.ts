import { entriesOf, isBranch, leafText } from "./tree-values";

export type DiffKind = "same" | "changed" | "removed" | "added";

/** One named value in both of two things; undefined where one has none. */
export type PairDiff = {
  name: string;
  kind: DiffKind;
  before: string | undefined;
  after: string | undefined;
};

const membersMax = 2000;
const depthMax = 6;
const charsMax = 20_000;

/** Values by name, in the order of the names. */
export function pairsDiff(before: [string, string][], after: [string, string][]): PairDiff[] {
  const [a, b] = [new Map(before), new Map(after)];
  return [...new Set([...a.keys(), ...b.keys()])].toSorted().map((name) => {
    const [one, other] = [a.get(name), b.get(name)];
    const kind =
      one === other
        ? "same"
        : one === undefined
          ? "added"
          : other === undefined
            ? "removed"
            : "changed";
    return { name, kind, before: one, after: other };
  });
}

/** A tree → its leaves by their path: `os.name`, `items[2]`. What lies too deep or is too much is one text. */
export function flat(value: unknown): [string, string][] {
  const leaves: [string, string][] = [];
  const walk = (one: unknown, path: string, depth: number): void => {
    if (leaves.length >= membersMax) return;
    if (!isBranch(one) || depth >= depthMax) {
      if (one !== undefined && one !== null) leaves.push([path, valueText(one)]);
      return;
    }
    for (const [name, below] of entriesOf(one).slice(0, membersMax)) {
      walk(
        below,
        Array.isArray(one) ? `${path}[${name}]` : path === "" ? name : `${path}.${name}`,
        depth + 1,
      );
    }
  };
  if (isBranch(value)) walk(value, "", 0);
  return leaves;
}

/** A value in a text, whatever it is. */
export const valueText = (value: unknown): string =>
  (isBranch(value) ? JSON.stringify(value) : leafText(value)).slice(0, charsMax);
