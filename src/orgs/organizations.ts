import type { Actor, Caller } from "../access/caller";
import { requireOperator } from "../access/operator";
import { auditOfChange, auditStatement } from "../audit/audit";
import type { Deps } from "../deps";
import { Fault, notFound } from "../fault";
import { commit, commitUnder, isConflict, takeTurns } from "../platform/database";
import { deleteProjectsOf } from "../projects/delete";
import { listProjectsInline } from "../projects/list";
import type { ProjectRow } from "../projects/queries";
import { renewRules } from "../projects/rules";
import { type Page, type Range, toPage } from "../protocol/cursor";
import { isReservedForOrganizations, slugifyOrganization } from "../protocol/slug";
import {
  auditedOrganization,
  insertOrganization,
  type ManagedOrganizationRow,
  markOrganizationDeleted,
  type OrganizationRow,
  removeOrganization,
  selectAllOrganizations,
  selectAnyOrganization,
  selectDeletedOrganizations,
  selectOrganization,
  selectOrganizations,
  updateOrganization,
} from "./queries";
import { selectAllTeams, type TeamRow } from "./team-queries";

/**
 * A new organization whose primary owner is the caller. Faults: forbidden, when only superusers may make one and
 * there is one already; unprocessable, for a reserved slug; conflict.
 */
export async function createOrganization(
  deps: Deps,
  caller: Caller,
  actor: Actor,
  { name, slug: wanted }: { name: string; slug?: string | undefined },
): Promise<number> {
  const { user } = caller;
  if (!user) throw new Fault("forbidden", "Permission denied");
  if (!deps.config.isOrganizationCreationOpen) {
    const [first] = await selectAnyOrganization(deps.db);
    if (first && !user.isSuperuser) {
      throw new Fault("forbidden", "Organization creation is not open");
    }
    if (first) requireOperator(caller, deps.now());
  }
  if (wanted !== undefined) assertFree(wanted);
  const slug = wanted ?? slugifyOrganization(name);
  const [, { rows }] = await deps.db.batch([
    takeTurns(deps.db, "slugs of organizations"),
    insertOrganization(deps.db, name, slug, user.id, actor),
  ]);
  const [made] = rows;
  if (!made) throw new Fault("conflict", "There are too many organizations of this name");
  return Number(made.id);
}

/** Faults: unprocessable, for a slug under whose path something else is found. */
function assertFree(slug: string): void {
  if (!isReservedForOrganizations(slug)) return;
  throw new Fault(
    "unprocessable",
    `The slug ${slug} is reserved: it is a path of Brinkwatch itself`,
  );
}

/** What is to change of an organization. */
export type OrganizationChange = Partial<
  Pick<
    OrganizationRow,
    | "name"
    | "slug"
    | "openMembership"
    | "isAcceptingEvents"
    | "throttleRate"
    | "sensitiveFields"
    | "safeFields"
  >
>;

/** Only what is given changes. Faults: conflict, not_found; unprocessable, for a reserved slug that it has not already. */
export async function editOrganization(
  deps: Deps,
  org: Caller["orgs"][number],
  actor: Actor,
  changes: OrganizationChange,
): Promise<void> {
  if (Object.keys(changes).length === 0) return;
  if (changes.slug !== undefined && changes.slug !== org.slug) assertFree(changes.slug);
  const note = { row: auditedOrganization(org.id), changes };
  try {
    await commitUnder(deps.db, { orgId: org.id }, [
      auditOfChange(deps.db, org.id, actor, "org.edit", org.slug, note),
      updateOrganization(deps.db, org.id, changes),
      ...(changes.sensitiveFields || changes.safeFields ? [renewRules(deps.db, org.id)] : []),
    ]);
  } catch (error) {
    if (isConflict(error))
      throw new Fault("conflict", "An organization of this slug exists already");
    throw error;
  }
}

/** Gone for everybody at once; rows and payloads are removed in the background. */
export async function deleteOrganization(
  deps: Deps,
  org: Caller["orgs"][number],
  actor: Actor,
): Promise<void> {
  const now = deps.now();
  await commitUnder(deps.db, { orgId: org.id }, [
    markOrganizationDeleted(deps.db, org.id, now),
    deleteProjectsOf(deps.db, org.id, now),
    auditStatement(deps.db, org.id, actor, "org.delete", org.slug),
  ]);
}

/** Faults: not_found. */
export async function findOrganization(deps: Deps, orgId: number): Promise<OrganizationRow> {
  const [row] = await selectOrganization(deps.db, orgId);
  if (!row) throw notFound();
  return row;
}

/** Those of some organizations that are called so, by name. */
export async function listOrganizations(
  deps: Deps,
  orgIds: number[],
  range: Range,
  words: string[],
): Promise<Page<OrganizationRow>> {
  return toPage(await selectOrganizations(deps.db, orgIds, range, words), range);
}

/** Everybody's, oldest first, for operators of the installation. */
export async function listAllOrganizations(
  deps: Deps,
  text: string,
  range: Range,
): Promise<Page<ManagedOrganizationRow>> {
  const { rows } = await selectAllOrganizations(deps.db, text, range);
  return toPage(rows, range);
}

/** An organization with its teams and projects, as far as they fit; as a person sees them. Faults: not_found. */
export async function readOrganization(
  deps: Deps,
  orgId: number,
  userId: number | null,
): Promise<{ org: OrganizationRow; teams: TeamRow[]; projects: ProjectRow[] }> {
  const [org, teams, projects] = await Promise.all([
    findOrganization(deps, orgId),
    selectAllTeams(deps.db, orgId, userId),
    listProjectsInline(deps, orgId, userId),
  ]);
  return { org, teams: teams.rows, projects };
}

const organizationsPerRun = 20;

/** Removes organizations that were deleted before a moment and whose projects are gone. */
export async function removeDeletedOrganizations(deps: Deps, before: Date): Promise<void> {
  const rows = await selectDeletedOrganizations(deps.db, before, organizationsPerRun);
  if (rows.length === 0) return;
  await commit(
    deps.db,
    rows.map(({ id }) => removeOrganization(deps.db, id)),
  );
}
