import type { CallerOrg } from "../../access/reach";
import type { Deps } from "../../deps";
import { commitUnder } from "../../platform/database";
import { noteRecent, type RecentRow, selectRecent } from "./queries";
import { memberOf } from "./views";

/** What a person searched for lately, the latest first; nothing of a token without one. */
export async function readRecent(
  deps: Deps,
  { memberId }: CallerOrg,
  text: string,
  limit: number,
): Promise<RecentRow[]> {
  if (memberId === null) return [];
  return (await selectRecent(deps.db, memberId, text, limit)).rows;
}

/** Keeps a search as the latest of a person. Faults: forbidden, for a token of no person. */
export async function rememberSearch(
  deps: Deps,
  org: CallerOrg,
  query: string,
): Promise<RecentRow> {
  const noting = noteRecent(deps.db, memberOf(org), query, deps.now());
  const [{ rows }] = await commitUnder(deps.db, { orgId: org.id }, [noting]);
  const [row] = rows;
  if (!row) throw new Error("what was noted comes back");
  return row;
}
