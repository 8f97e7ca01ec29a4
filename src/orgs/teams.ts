import type { Actor, Caller } from "../access/caller";
import { isAtLeast } from "../access/scopes";
import { auditOfChange, auditStatement } from "../audit/audit";
import type { Deps } from "../deps";
import { Fault, notFound } from "../fault";
import { commitUnder, isConflict } from "../platform/database";
import { listProjectsOfTeams } from "../projects/list";
import type { ProjectRow } from "../projects/queries";
import { type Page, type Range, toPage } from "../protocol/cursor";
import { slugify } from "../protocol/slug";
import { findMember } from "./members";
import { findOrganization } from "./organizations";
import type { TeamUpdate } from "./schemas";
import {
  addTeamMember,
  auditedTeam,
  deleteTeam,
  insertTeam,
  removeTeamMember,
  selectTeam,
  selectTeamSlugs,
  selectTeams,
  type TeamRow,
  updateTeam,
} from "./team-queries";

type Org = Caller["orgs"][number];

/** Teams of an organization, newest first; those of a project if asked. */
export async function listTeams(
  deps: Deps,
  orgId: number,
  userId: number | null,
  range: Range,
  words: string[],
  projectId?: number,
): Promise<Page<TeamRow>> {
  const { rows } = await selectTeams(deps.db, orgId, userId, range, words, projectId);
  return toPage(rows, range);
}

export type TeamAndProjects = { team: TeamRow; projects: ProjectRow[] };

/** The same teams, each with its projects. */
export async function withProjects(
  deps: Deps,
  orgId: number,
  userId: number | null,
  teams: TeamRow[],
): Promise<TeamAndProjects[]> {
  const ids = teams.map(({ id }) => Number(id));
  const projects = await listProjectsOfTeams(deps, orgId, ids, userId);
  return teams.map((team) => ({
    team,
    projects: projects.filter((project) => project.teams.some(({ id }) => id === String(team.id))),
  }));
}

/** A team with its projects. Faults: not_found. */
export async function readTeam(
  deps: Deps,
  orgId: number,
  userId: number | null,
  slugOrId: string,
): Promise<TeamAndProjects> {
  const team = await findTeam(deps, orgId, slugOrId, userId);
  const [found] = await withProjects(deps, orgId, userId, [team]);
  if (!found) throw notFound();
  return found;
}

/** A team of an organization by slug or id. Faults: not_found. */
export async function findTeam(
  deps: Deps,
  orgId: number,
  slugOrId: string,
  userId: number | null,
): Promise<TeamRow> {
  const { rows } = await selectTeam(deps.db, orgId, slugOrId, userId);
  const [row] = rows;
  if (!row) throw notFound();
  return row;
}

const taken = () => new Fault("conflict", "A team of this slug exists already");

/** A new team; whoever makes it is its first member. Faults: conflict. Answers with its slug. */
export async function createTeam(
  deps: Deps,
  org: Pick<Org, "id" | "memberId">,
  actor: Actor,
  { slug, name }: { slug?: string | undefined; name?: string | undefined },
): Promise<string> {
  const wanted = slug?.toLowerCase() ?? slugify(name ?? "", "team");
  const team = { slug: wanted, name: name ?? null };
  const [{ rows }] = await commitUnder(deps.db, { orgId: org.id }, [
    insertTeam(deps.db, org.id, team, org.memberId, actor),
  ]);
  if (rows.length === 0) throw taken();
  return wanted;
}

/** Only what is given changes. Faults: conflict. */
export async function editTeam(
  deps: Deps,
  orgId: number,
  actor: Actor,
  team: TeamRow,
  { slug, name }: TeamUpdate,
): Promise<void> {
  const id = Number(team.id);
  const note = { row: auditedTeam(orgId, id), changes: { slug, name } };
  try {
    await commitUnder(deps.db, { orgId, teamId: id }, [
      auditOfChange(deps.db, orgId, actor, "team.edit", slug ?? team.slug, note),
      updateTeam(deps.db, orgId, id, { slug, name }),
    ]);
  } catch (error) {
    throw isConflict(error) ? taken() : error;
  }
}

export async function removeTeam(
  deps: Deps,
  orgId: number,
  actor: Actor,
  team: TeamRow,
): Promise<void> {
  await commitUnder(deps.db, { orgId, teamId: Number(team.id) }, [
    deleteTeam(deps.db, orgId, Number(team.id)),
    auditStatement(deps.db, orgId, actor, "team.delete", team.slug),
  ]);
}

/** Nobody is put into a team that is not there. Faults: unprocessable. */
export async function assertTeams(deps: Deps, orgId: number, slugs: string[] = []): Promise<void> {
  if (slugs.length === 0) return;
  const rows = await selectTeamSlugs(deps.db, orgId, slugs);
  const known = new Set(rows.map(({ slug }) => slug));
  const unknown = slugs.find((slug) => !known.has(slug));
  if (unknown !== undefined) throw new Fault("unprocessable", `There is no team ${unknown}`);
}

/** Puts a member into a team or takes one out; `me` is the caller. Faults: forbidden, not_found. */
export async function changeTeamMember(
  deps: Deps,
  org: Org,
  actor: Actor,
  change: "join" | "leave",
  { team, memberId }: { team: TeamRow; memberId: string },
): Promise<void> {
  const member = await findMember(deps, org.id, memberId === "me" ? ownId(org) : memberId);
  const id = Number(member.id);
  const { openMembership } = await findOrganization(deps, org.id);
  if (!mayChangeTeam(org, openMembership, team.isMember, id)) {
    throw new Fault("forbidden", "Must be admin to modify teams");
  }
  const statement = change === "join" ? addTeamMember : removeTeamMember;
  await commitUnder(deps.db, { orgId: org.id, teamId: Number(team.id), memberId: id }, [
    statement(deps.db, org.id, Number(team.id), id),
    auditStatement(deps.db, org.id, actor, `team.${change}`, team.slug, { member: member.email }),
  ]);
}

/** Faults: not_found, for an organization's own token. */
function ownId({ memberId }: Org): string {
  if (memberId === null) throw notFound();
  return String(memberId);
}

/**
 * Who may change who is in a team: oneself where membership is open, an admin in own teams, a manager anywhere.
 */
export function mayChangeTeam(
  org: Pick<Org, "role" | "memberId">,
  isOpen: boolean,
  isInTeam: boolean,
  memberId: number,
): boolean {
  if (isOpen && org.memberId === memberId) return true;
  return isAtLeast(org.role, isInTeam ? "admin" : "manager");
}
