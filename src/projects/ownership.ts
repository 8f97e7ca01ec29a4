import { z } from "@hono/zod-openapi";
import type { Actor } from "../access/caller";
import type { Deps } from "../deps";
import { Fault } from "../fault";
import { type OwnershipRule, parseOwnershipRules } from "../protocol/ownership-rules";
import { isFault, wordsOfFault } from "../protocol/rule-text";
import { editProject } from "./edit";
import { type OwnerRow, type ProjectRow, selectOwners } from "./queries";

/** What is kept of it with a project's settings. */
const Kept = z.object({ ownershipRules: z.string(), ownershipAssigns: z.boolean() }).partial();

/** Who looks after what in a project, and whether new issues are given to them. */
export type Ownership = { rules: string; assigns: boolean };

export function ownershipOf(settings: unknown): Ownership {
  const { ownershipRules = "", ownershipAssigns = true } = Kept.safeParse(settings).data ?? {};
  return { rules: ownershipRules, assigns: ownershipAssigns };
}

/** To whom a rule gives issues. */
export type Owner = OwnerRow;
export type CompiledOwnership = { rule: OwnershipRule; owner: Owner }[];

/** Rules with whom they name, as far as these are there; the first of each line. */
export async function compileOwnership(
  deps: Deps,
  projectId: number,
  { rules: text, assigns }: Ownership,
): Promise<CompiledOwnership> {
  const rules = assigns && text !== "" ? parseOwnershipRules(text) : [];
  if (isFault(rules) || rules.length === 0) return [];
  const owners = await ownersOf(deps, projectId, rules);
  return rules.flatMap((rule) => {
    const owner = rule.owners.map((name) => owners.get(name)).find((each) => each !== undefined);
    return owner ? [{ rule, owner }] : [];
  });
}

async function ownersOf(
  { db }: Deps,
  projectId: number,
  rules: OwnershipRule[],
): Promise<Map<string, Owner>> {
  const names = [...new Set(rules.flatMap(({ owners }) => owners))];
  const { rows } = await selectOwners(db, projectId, names);
  return new Map(rows.map((row) => [row.name, row]));
}

/**
 * Keeps who looks after what. Faults: unprocessable, for what cannot be read, with its place; invalid, for who is no
 * member and for teams without the project.
 */
export async function changeOwnership(
  deps: Deps,
  actor: Actor,
  row: ProjectRow,
  { rules: text, assigns }: Partial<Ownership>,
): Promise<void> {
  if (text !== undefined) {
    const rules = parseOwnershipRules(text);
    if (isFault(rules)) throw new Fault("unprocessable", wordsOfFault(rules), { field: "raw" });
    const known = rules.length > 0 ? await ownersOf(deps, row.project.id, rules) : new Map();
    const stranger = rules.flatMap(({ owners }) => owners).find((name) => !known.has(name));
    if (stranger) {
      throw new Fault(
        "unprocessable",
        stranger.startsWith("#")
          ? `${stranger} is no team that has the project`
          : `${stranger} is no member of the organization`,
        { field: "raw" },
      );
    }
  }
  await editProject(deps, actor, row, {
    changes: {},
    settings: {
      ...(text !== undefined && { ownershipRules: text }),
      ...(assigns !== undefined && { ownershipAssigns: assigns }),
    },
    filters: {},
    groupingVersion: undefined,
  });
}
