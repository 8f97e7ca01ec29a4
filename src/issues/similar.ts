import type { CallerOrg } from "../access/reach";
import type { Deps } from "../deps";
import type { StoredEvent } from "../events/payload";
import { tellingException } from "../events/telling-exception";
import { findEventOfIssue } from "./find-event";
import { findIssues } from "./find-issues";
import { parameterize } from "./grouping/parameterize";
import type { IssueRow } from "./queries";
import { selectFramed, selectTitled } from "./similar-queries";

export type Similar = {
  issue: IssueRow;
  /** Whether the titles are the same but for numbers, ids and the like. */
  isTitled: boolean;
  /** Functions of the stack that both have, of so many. */
  shared: number;
  functions: number;
};

const similarMax = 10;
/** Fewer functions are shared by issues that have nothing to do with each other. */
const sharedMin = 3;
const functionsMax = 20;
const probesMax = 5;
const nameCharsMin = 4;
const nameCharsMax = 200;
const pieceCharsMin = 5;

/**
 * Issues of the same project that may be the same fault: with the same title but for what varies in it, or with at least
 * three functions of the latest event's stack. Faults: not_found.
 */
export async function readSimilar(
  deps: Deps,
  orgs: CallerOrg[],
  idOrShortId: string,
): Promise<Similar[]> {
  const orgIds = orgs.map(({ id }) => id);
  const { issue, found } = await findEventOfIssue(deps, orgIds, idOrShortId, "latest");
  const org = orgs.find(({ slug }) => slug === issue.orgSlug);
  if (!org) return [];
  const place = { orgId: org.id, projectId: Number(issue.projectId), issueId: Number(issue.id) };
  const title = parameterize(issue.title);
  const piece = tellingPieceOf(title);
  const functions = functionsOf(found.event);
  const probes = functions.toSorted((a, b) => b.length - a.length).slice(0, probesMax);
  const [titled, framed] = await Promise.all([
    piece ? selectTitled(deps.db, place.projectId, place.issueId, piece) : undefined,
    functions.length >= sharedMin ? selectFramed(deps.db, place, functions, probes) : undefined,
  ]);
  const alike = new Set(
    titled?.rows.filter((row) => parameterize(row.title) === title).map(({ id }) => id),
  );
  const shared = new Map(
    framed?.rows
      .filter((row) => row.shared >= sharedMin)
      .map((row): [string, number] => [row.id, row.shared]),
  );
  const ids = [...new Set([...alike, ...shared.keys()])]
    .toSorted(
      (a, b) =>
        Number(alike.has(b)) - Number(alike.has(a)) ||
        (shared.get(b) ?? 0) - (shared.get(a) ?? 0) ||
        Number(b) - Number(a),
    )
    .slice(0, similarMax);
  const rows = await rowsOf(deps, org, ids.map(Number));
  return ids.flatMap((id) => {
    const row = rows.get(id);
    if (!row) return [];
    return [
      {
        issue: row,
        isTitled: alike.has(id),
        shared: shared.get(id) ?? 0,
        functions: functions.length,
      },
    ];
  });
}

/** What of a title stays the same and is the longest; undefined: nothing in it tells much. */
function tellingPieceOf(title: string): string | undefined {
  const [longest = ""] = title
    .split(/<[a-z]{1,10}>/)
    .map((piece) => piece.trim())
    .toSorted((a, b) => b.length - a.length);
  return longest.length < pieceCharsMin ? undefined : longest;
}

/** Functions of the failing stack, its own where it says which these are, the innermost first. */
function functionsOf(event: StoredEvent | undefined): string[] {
  const telling = event && tellingException(event);
  const frames = telling?.stacktrace?.frames ?? [];
  const own = frames.filter(({ in_app }) => in_app);
  const names = (own.length > 0 ? own : frames)
    .map((frame) => frame.function ?? "")
    .filter(({ length }) => length >= nameCharsMin && length <= nameCharsMax);
  return [...new Set(names.toReversed())].slice(0, functionsMax);
}

async function rowsOf(deps: Deps, org: CallerOrg, issueIds: number[]) {
  if (issueIds.length === 0) return new Map<string, IssueRow>();
  const asked = {
    query: undefined,
    issueIds,
    projectIds: [],
    environments: [],
    mayBeShortId: false,
  };
  const sort = { by: "last_seen" as const, descending: true };
  const range = { limit: similarMax, cursor: undefined };
  const { page } = await findIssues(deps, org, asked, sort, range);
  return new Map(page.rows.map((row) => [row.id, row]));
}
