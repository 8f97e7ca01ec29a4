import type { Caller, CallerUser } from "../auth/caller";
import type { Deps } from "../deps";
import { Fault } from "../fault";
import { commit, takeTurns } from "../platform/database";
import { deleteProjectsOf } from "../projects/delete";
import { slugify } from "../protocol/slug";
import { type Actor, auditStatement } from "./audit";
import {
  hasOrganization,
  insertOrganization,
  markOrganizationDeleted,
  removeOrganization,
  selectDeletedOrganizations,
  selectOrganization,
  updateOrganization,
} from "./queries";
import type { OrganizationUpdate } from "./schemas";

/**
 * A new organization whose primary owner is the person. Faults: forbidden, when only superusers may make one and
 * there is one already; conflict.
 */
export async function createOrganization(
  deps: Deps,
  person: CallerUser,
  actor: Actor,
  name: string,
): Promise<number> {
  if (!deps.config.isOrganizationCreationOpen && !person.isSuperuser) {
    const { rows } = await hasOrganization(deps.db);
    if (rows[0]?.exists) throw new Fault("forbidden", "Organization creation is not open");
  }
  const slug = slugify(name, "organization");
  const [, { rows }] = await deps.db.batch([
    takeTurns(deps.db, "slugs of organizations"),
    insertOrganization(deps.db, name, slug, person.id, actor),
  ]);
  const [made] = rows;
  if (!made) throw new Fault("conflict", "There are too many organizations of this name");
  return Number(made.id);
}

export async function editOrganization(
  deps: Deps,
  org: Caller["orgs"][number],
  actor: Actor,
  { eventThrottleRate, ...update }: OrganizationUpdate,
): Promise<void> {
  const changes = {
    ...update,
    ...(eventThrottleRate !== undefined && { throttleRate: eventThrottleRate }),
  };
  if (Object.keys(changes).length === 0) return;
  await commit(deps.db, [
    updateOrganization(deps.db, org.id, changes),
    auditStatement(deps.db, org.id, actor, "org.edit", org.slug, changes),
  ]);
}

/** Gone for everybody at once; rows and payloads are removed in the background. */
export async function deleteOrganization(
  deps: Deps,
  org: Caller["orgs"][number],
  actor: Actor,
): Promise<void> {
  const now = deps.now();
  await commit(deps.db, [
    markOrganizationDeleted(deps.db, org.id, now),
    deleteProjectsOf(deps.db, org.id, now),
    auditStatement(deps.db, org.id, actor, "org.delete", org.slug),
  ]);
}

/** What an organization is called. Faults: not_found. */
export async function findOrganizationName(deps: Deps, orgId: number): Promise<string> {
  const [row] = await selectOrganization(deps.db, orgId);
  if (!row) throw new Fault("not_found", "Not Found");
  return row.name;
}

const organizationsPerRun = 20;

/** Removes organizations that were deleted before a moment and whose projects are gone. */
export async function removeDeletedOrganizations(deps: Deps, before: Date): Promise<void> {
  const { rows } = await selectDeletedOrganizations(deps.db, before, organizationsPerRun);
  if (rows.length === 0) return;
  await commit(
    deps.db,
    rows.map(({ id }) => removeOrganization(deps.db, Number(id))),
  );
}
