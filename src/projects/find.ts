import type { Caller } from "../access/caller";
import type { Deps } from "../deps";
import { notFound } from "../fault";
import { type ProjectRow, selectProject } from "./queries";

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
