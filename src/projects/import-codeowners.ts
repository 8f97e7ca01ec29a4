import type { Deps } from "../deps";
import { Fault } from "../fault";
import { type Converted, convertCodeowners, parseCodeowners } from "../protocol/codeowners";
import { isFault, wordsOfFault } from "../protocol/rule-text";
import { ownersOf } from "./ownership";

/** Who somebody of a file of code owners is here: `#team` or an address. */
export type NamedOwner = { name: string; owner: string };

/**
 * Rules of ownership that say what a file of code owners does, for those who have the project here: teams by their slug,
 * people by their address, others as `names` says. Nothing is kept. Faults: unprocessable.
 */
export async function importCodeowners(
  deps: Deps,
  projectId: number,
  { raw, root, names }: { raw: string; root: string; names: NamedOwner[] },
): Promise<Converted> {
  const lines = parseCodeowners(raw);
  if (isFault(lines)) throw new Fault("unprocessable", wordsOfFault(lines), { field: "raw" });
  const given = new Map(names.map(({ name, owner }) => [plain(name), owner.toLowerCase()]));
  const written = new Set(lines.flatMap((each) => each.names));
  const meant = new Map(
    [...written].map((name) => [name, given.get(plain(name)) ?? ownName(name)]),
  );
  const known = await ownersOf(deps, projectId, [...new Set(meant.values())]);
  const ownerOf = (name: string) => known.get(meant.get(name) ?? "")?.name;
  const converted = convertCodeowners(lines, ownerOf, root);
  if (isFault(converted))
    throw new Fault("unprocessable", wordsOfFault(converted), { field: "raw" });
  return converted;
}

const plain = (name: string) => name.toLowerCase();

/** `@team` and `@organization/team` are a team that is called so here. */
const ownName = (name: string): string => {
  const [, team] = /^@(?:[^@/]+\/)?([^@/]+)$/.exec(plain(name)) ?? [];
  return team === undefined ? plain(name) : `#${team}`;
};
