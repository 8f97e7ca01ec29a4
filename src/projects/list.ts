import type { Deps } from "../deps";
import type { Range } from "../protocol/cursor";
import { hasTeam, type ProjectRow, selectProjects } from "./queries";

/** Past this an organization's detail is cut; the paged list has them all. */
const inlineMax = 500;
const everything: Range = { limit: inlineMax, cursor: undefined };

/** Projects of organizations by name; `team` keeps those of one team. */
export const listProjects = (
  deps: Deps,
  orgIds: number[],
  userId: number | null,
  range: Range = everything,
  team?: string,
): PromiseLike<ProjectRow[]> =>
  selectProjects(deps.db, orgIds, userId, range, team === undefined ? undefined : hasTeam(team));
