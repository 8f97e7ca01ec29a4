import type { Deps } from "../deps";
import { secondMs } from "../protocol/durations";
import { beatProjects, type Touched } from "./beat-projects";
import { publishChanges } from "./publish-changes";
import { openDue } from "./state-queries";

const chunkIssues = 500;
/** A run begins no further chunk after this: the next run is due every minute. */
const runMsMax = 40 * secondMs;
const chunksMax = 100;

/** Opens issues whose time of being ignored is over, a bounded number at a time. */
export async function openWhatIsDue(deps: Deps): Promise<void> {
  const started = +deps.now();
  const touched = new Map<string, Touched>();
  for (let chunk = 0; chunk < chunksMax && +deps.now() - started < runMsMax; chunk++) {
    const { rows } = await openDue(deps.db, deps.now(), chunkIssues);
    for (const row of rows) touched.set(row.projectId, row);
    // What does not get through is handed out by the sweep.
    await publishChanges(deps, rows).catch(() => undefined);
    if (rows.length < chunkIssues) break;
  }
  await beatProjects(deps, touched.values());
}
