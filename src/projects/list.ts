import type { SQL } from "drizzle-orm";
import { not } from "drizzle-orm";
import type { Deps } from "../deps";
import { type Page, type Range, toPage } from "../protocol/cursor";
import { wordsOf } from "../protocol/name-query";
import { hasTeam, hasTeamOf, isCalled, type ProjectRow, selectProjects } from "./queries";

/** Past this an organization's or team's detail is cut; the paged list has them all. */
const inlineMax = 500;
const inline: Range = { limit: inlineMax, cursor: undefined };

/** What projects must be: of a team, or without it, and called so. */
export type ProjectQuery = { teams: { slug: string; isNegated: boolean }[]; words: string[] };
const all: ProjectQuery = { teams: [], words: [] };

/** Projects of organizations by name. */
export async function listProjects(
  deps: Deps,
  orgIds: number[],
  userId: number | null,
  range: Range,
  { teams, words }: ProjectQuery = all,
): Promise<Page<ProjectRow>> {
  const found = await selectProjects(deps.db, orgIds, userId, range, [
    ...teams.map(({ slug, isNegated }): SQL => (isNegated ? not(hasTeam(slug)) : hasTeam(slug))),
    ...isCalled(words),
  ]);
  return toPage(found, range);
}

/** Projects of an organization by name, as many as its detail names. */
export const listProjectsInline = (
  deps: Deps,
  orgId: number,
  userId: number | null,
): PromiseLike<ProjectRow[]> => selectProjects(deps.db, [orgId], userId, inline);

/** Projects of any of these teams by name. */
export async function listProjectsOfTeams(
  deps: Deps,
  orgId: number,
  teamIds: number[],
  userId: number | null,
): Promise<ProjectRow[]> {
  if (teamIds.length === 0) return [];
  return selectProjects(deps.db, [orgId], userId, inline, [hasTeamOf(teamIds)]);
}

/** `team:core !team:web` as GlitchTip's page sends it, and words of the name. Faults: invalid. */
export function parseProjectQuery(query = ""): ProjectQuery {
  const teams: ProjectQuery["teams"] = [];
  const rest: string[] = [];
  for (const word of query.split(/\s+/)) {
    const [, bang, slug] = /^(!?)team:(.+)$/.exec(word) ?? [];
    if (slug) teams.push({ slug, isNegated: bang === "!" });
    else rest.push(word);
  }
  return { teams, words: wordsOf(rest.join(" ")) };
}
