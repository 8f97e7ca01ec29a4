import type { Deps } from "../deps";
import { selectUnhandled } from "./queries";

/** Ids of the issues among these that had an event which nobody caught. */
export async function unhandledAmong(deps: Deps, issueIds: number[]): Promise<Set<string>> {
  if (issueIds.length === 0) return new Set();
  const { rows } = await selectUnhandled(deps.db, issueIds);
  return new Set(rows.map(({ issueId }) => issueId));
}
