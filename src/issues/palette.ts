import type { Deps } from "../deps";
import {
  type FoundIssue,
  selectIssueNumbered,
  selectIssuesTitled,
  selectMembersCalled,
  selectProjectsCalled,
  selectTeamsCalled,
} from "./palette-queries";
import { parseShortId } from "./short-id";

/** What somebody may be shown. */
export type PaletteScope = { projects: boolean; teams: boolean; members: boolean; issues: boolean };

type Rows<T> = { rows: T[] };
const none = async <T>(): Promise<Rows<T>> => ({ rows: [] });

/**
 * A few of everything in an organization that is called so, for a box in which one types; the issue of a short id comes
 * before those by title. All at once, and with a bounded number of rows looked at.
 */
export async function searchEverything(deps: Deps, orgId: number, text: string, may: PaletteScope) {
  const { db } = deps;
  const shortId = parseShortId(text);
  const [projects, teams, members, numbered, titled] = await Promise.all([
    may.projects ? selectProjectsCalled(db, orgId, text) : none<never>(),
    may.teams ? selectTeamsCalled(db, orgId, text) : none<never>(),
    may.members ? selectMembersCalled(db, orgId, text) : none<never>(),
    may.issues && shortId ? selectIssueNumbered(db, orgId, shortId) : none<FoundIssue>(),
    may.issues ? selectIssuesTitled(db, orgId, text) : none<FoundIssue>(),
  ]);
  const first = new Set(numbered.rows.map(({ id }) => id));
  const issues = [...numbered.rows, ...titled.rows.filter(({ id }) => !first.has(id))];
  return {
    projects: projects.rows,
    teams: teams.rows,
    members: members.rows,
    issues: issues.slice(0, issuesMax),
  };
}
const issuesMax = 5;
