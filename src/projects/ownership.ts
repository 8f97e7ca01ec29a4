import { z } from "@hono/zod-openapi";
import type { Actor } from "../access/caller";
import type { Deps } from "../deps";
import { Fault } from "../fault";
import { type OwnershipRule, parseOwnershipRules } from "../protocol/ownership-rules";
import { isFault, wordsOfFault } from "../protocol/rule-text";
import { editProject } from "./edit";
import { type OwnerRow, type ProjectRow, selectOwners, selectTeamsOf } from "./queries";

/** Suggested for what no rule names. */
const teamsMax = 10;

/** What is kept of it with a project's settings. */
const Kept = z
  .object({
    ownershipRules: z.string(),
    ownershipAssigns: z.boolean(),
    ownershipFallsThrough: z.boolean(),
  })
  .partial();

/**
 * Who looks after what in a project, whether new issues are given to them, and whether all teams of the project are
 * suggested for what no rule names.
 */
export type Ownership = { rules: string; assigns: boolean; fallsThrough: boolean };

export function ownershipOf(settings: unknown): Ownership {
  const kept = Kept.safeParse(settings).data ?? {};
  return {
    rules: kept.ownershipRules ?? "",
    assigns: kept.ownershipAssigns ?? true,
    fallsThrough: kept.ownershipFallsThrough ?? false,
  };
}

/** To whom a rule gives issues. */
export type Owner = OwnerRow;
export type CompiledOwnership = {
  /** Rules in their order with whom they name, as far as these are there. */
  rules: ReadonlyMap<OwnershipRule, Owner[]>;
  assigns: boolean;
  /** Whose an issue is that no rule names. */
  otherwise: Owner[];
};

/** undefined: nobody looks after anything. */
export async function compileOwnership(
  deps: Deps,
  projectId: number,
  { rules: text, assigns, fallsThrough }: Ownership,
): Promise<CompiledOwnership | undefined> {
  const rules = text === "" ? [] : parseOwnershipRules(text);
  if (isFault(rules) || (rules.length === 0 && !fallsThrough)) return undefined;
  const owners = await ownersOf(deps, projectId, namesIn(rules));
  const otherwise = fallsThrough ? (await selectTeamsOf(deps.db, projectId, teamsMax)).rows : [];
  const named = rules.map((rule): [OwnershipRule, Owner[]] => [
    rule,
    rule.owners.flatMap((name) => owners.get(name) ?? []),
  ]);
  return { rules: new Map(named), assigns, otherwise };
}

const namesIn = (rules: OwnershipRule[]) => [...new Set(rules.flatMap(({ owners }) => owners))];

/** Those of some names, as rules write them, who may be given issues of a project. */
export async function ownersOf(
  { db }: Deps,
  projectId: number,
  names: string[],
): Promise<Map<string, Owner>> {
  if (names.length === 0) return new Map();
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
  { rules: text, assigns, fallsThrough }: Partial<Ownership>,
): Promise<void> {
  if (text !== undefined) {
    const rules = parseOwnershipRules(text);
    if (isFault(rules)) throw new Fault("unprocessable", wordsOfFault(rules), { field: "raw" });
    const known = await ownersOf(deps, row.project.id, namesIn(rules));
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
      ...(fallsThrough !== undefined && { ownershipFallsThrough: fallsThrough }),
    },
    filters: {},
    groupingVersion: undefined,
  });
}
