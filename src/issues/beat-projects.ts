import type { Deps } from "../deps";
import { beat } from "../platform/pulse";

/** An issue that was changed, by whose it is. */
export type Touched = { orgId: string; projectId: string };

/** Pages that show issues of these projects are to look again. */
export async function beatProjects(deps: Deps, touched: Iterable<Touched>): Promise<void> {
  const projects = new Map<number, Set<number>>();
  for (const { orgId, projectId } of touched) {
    const ids = projects.get(Number(orgId)) ?? new Set();
    projects.set(Number(orgId), ids.add(Number(projectId)));
  }
  if (projects.size === 0) return;
  await beat(
    deps,
    [...projects].map(([orgId, projectIds]) => ({ orgId, projectIds })),
  );
}
