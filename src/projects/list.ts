import type { SQL } from "drizzle-orm";
import { not } from "drizzle-orm";
import type { Deps } from "../deps";
import type { Range } from "../protocol/cursor";
import { hasTeam, hasTeamOf, type ProjectRow, selectProjects } from "./queries";

/** Past this an organization's or team's detail is cut; the paged list has them all. */
const inlineMax = 500;
const everything: Range = { limit: inlineMax, cursor: undefined };

/** Keeps projects of one team, or those without it. */
export type TeamCondition = { slug: string; isNegated: boolean };

/** Projects of organizations by name. */
export const listProjects = (
  deps: Deps,
  orgIds: number[],
  userId: number | null,
  range: Range = everything,
  teams: TeamCondition[] = [],
): PromiseLike<ProjectRow[]> =>
  selectProjects(
    deps.db,
    orgIds,
    userId,
    range,
    teams.map(({ slug, isNegated }): SQL => (isNegated ? not(hasTeam(slug)) : hasTeam(slug))),
  );

/** Projects of any of these teams by name. */
export async function listProjectsOfTeams(
  deps: Deps,
  orgId: number,
  teamIds: number[],
  userId: number | null,
): Promise<ProjectRow[]> {
  if (teamIds.length === 0) return [];
  return selectProjects(deps.db, [orgId], userId, everything, [hasTeamOf(teamIds)]);
}

/** `team:core !team:web` as GlitchTip's page sends it; other words are ignored. */
export const parseTeamQuery = (query: string): TeamCondition[] =>
  query.split(/\s+/).flatMap((word) => {
    const [, bang, slug] = /^(!?)team:(.+)$/.exec(word) ?? [];
    return slug ? [{ slug, isNegated: bang === "!" }] : [];
  });
