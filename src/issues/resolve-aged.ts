import type { Deps } from "../deps";
import { type AgingProject, agingProjects, noteAged } from "../projects/aging";
import { hourMs, secondMs } from "../protocol/durations";
import { resolveAged } from "./aged-queries";
import { beatProjects } from "./beat-projects";

const chunkIssues = 500;
const chunkProjects = 50;
const chunksOfProject = 20;
/** A project is looked at again when it has issues that are so much older than it wants. */
const slackMinutes = 30;
/** A run begins no further chunk after this; the next one goes on there. */
const runMsMax = 40 * secondMs;

/**
 * Resolves what was not seen for as long as its project says (`resolveAge`), in chunks. Each issue is looked at once for each
 * time it was seen last: what people open again stays open until it is seen and forgotten once more.
 */
export async function resolveWhatIsOld(deps: Deps): Promise<void> {
  const started = +deps.now();
  const hasTime = () => +deps.now() - started < runMsMax;
  while (hasTime()) {
    const found = await agingProjects(deps, new Date(started), slackMinutes, chunkProjects);
    for (const project of found) if (hasTime()) await resolveOldOf(deps, project, hasTime);
    if (found.length < chunkProjects) return;
  }
}

async function resolveOldOf(
  deps: Deps,
  { id, orgId, hours, agedUntil }: AgingProject,
  hasTime: () => boolean,
): Promise<void> {
  const now = deps.now();
  const before = new Date(+now - hours * hourMs);
  let after = agedUntil;
  let resolved = 0;
  for (let chunk = 0; chunk < chunksOfProject && hasTime(); chunk++) {
    const range = { after, before, hours, now };
    const { rows } = await resolveAged(deps.db, Number(id), range, chunkIssues);
    resolved += rows[0]?.resolved ?? 0;
    const until = rows[0]?.until ?? null;
    await noteAged(deps, Number(id), until ?? before.toISOString());
    if (until === null) break;
    after = until;
  }
  if (resolved > 0) await beatProjects(deps, [{ orgId, projectId: id }]);
}
