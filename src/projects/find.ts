import type { Caller } from "../access/caller";
import type { CallerOrg } from "../access/reach";
import { isAtLeast } from "../access/scopes";
import type { Deps } from "../deps";
import { notFound } from "../fault";
import { type ProjectRow, selectProject, selectTeam } from "./queries";

/** A project of an organization by slug or id. Faults: not_found. */
export async function findProject(
  deps: Deps,
  caller: Caller,
  orgId: number,
  slugOrId: string,
): Promise<ProjectRow> {
  const [row] = await selectProject(deps.db, orgId, slugOrId, caller.user?.id ?? null);
  if (!row) throw notFound();
  return row;
}

/** Who may tend a project: an admin of the organization, or whoever is in one of its teams. Faults: not_found. */
export function requireTeamOrAdmin({ role }: CallerOrg, { isMember }: ProjectRow): void {
  if (!isMember && !isAtLeast(role, "admin")) throw notFound();
}

/** A team of an organization by slug or id, as far as projects are attached to it. Faults: not_found. */
export async function findAttachableTeam(
  deps: Deps,
  orgId: number,
  slugOrId: string,
): Promise<{ id: number; slug: string }> {
  const [row] = await selectTeam(deps.db, orgId, slugOrId);
  if (!row) throw notFound();
  return row;
}
