import type { Caller } from "../access/caller";
import type { Deps } from "../deps";
import { Fault } from "../fault";
import { idIn } from "../protocol/row-id";
import { type Assignee, selectAssignablePerson, selectAssignableTeam } from "./assignment-queries";
import { unknownAssignee } from "./shapes";

/** Who asks for a change. */
export type ChangedBy = Pick<Caller, "user" | "dialect" | "orgs">;

/**
 * Whom a client means: `user:1`, `1`, `team:2`, `team:core`, `#core`, an address or `me`; null: nobody, written as
 * nothing. Faults: who is not in the organization is invalid, and not_found for GlitchTip's clients.
 */
export async function assigneeOf(
  deps: Deps,
  orgId: number,
  by: ChangedBy,
  written: string | null,
): Promise<Assignee | null> {
  const text = written?.trim() ?? "";
  if (text === "") return null;
  const [, team] = /^(?:team:|#)(.+)$/s.exec(text) ?? [];
  const { rows } =
    team === undefined
      ? await findPerson(deps, orgId, by, text)
      : await selectAssignableTeam(deps.db, orgId, idIn(team) ?? team);
  const [found] = rows;
  if (found) return found;
  throw new Fault(
    unknownAssignee(by),
    team === undefined ? "User is not a member of this organization" : "Team not found",
  );
}

async function findPerson(deps: Deps, orgId: number, { user }: ChangedBy, text: string) {
  if (text === "me" && !user) {
    throw new Fault("invalid", "A token of an organization is nobody: say who");
  }
  const name = text.replace(/^user:/, "");
  const who = text === "me" ? user?.id : idIn(name);
  return selectAssignablePerson(deps.db, orgId, who ?? name);
}

/** Faults: invalid, where a team does not have one of the projects. */
export function assertHas(assignee: Assignee | null | undefined, projectIds: number[]): void {
  if (assignee?.type !== "team") return;
  if (projectIds.every((id) => assignee.projectIds.includes(id))) return;
  throw new Fault("invalid", `The team ${assignee.name} does not have the project of this issue`);
}
