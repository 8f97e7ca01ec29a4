import type { Db, Statement } from "../platform/database";
import { setFirstEvents } from "./queries";

/** Marks projects that got their first event. Un-awaited, for a common commit. */
export const firstEventStatements = (tx: Db, projectIds: number[], at: Date): Statement[] =>
  projectIds.length > 0 ? [setFirstEvents(tx, projectIds, at)] : [];
