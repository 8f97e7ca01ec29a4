import type { Caller } from "../access/caller";
import { speaksSentry } from "../access/speaking";
import type { Deps } from "../deps";
import { selectUnhandled } from "./queries";

/** Ids of the issues among these that had an event which nobody caught: looked up for Sentry's clients only. */
export async function unhandledFor(
  { caller, deps }: { caller: Caller; deps: Deps },
  issues: { id: string }[],
): Promise<Set<string>> {
  if (issues.length === 0 || !speaksSentry(caller)) return new Set();
  const rows = await selectUnhandled(
    deps.db,
    issues.map(({ id }) => Number(id)),
  );
  return new Set(rows.map(({ issueId }) => String(issueId)));
}
