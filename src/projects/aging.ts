import type { Deps } from "../deps";
import { type AgingProject, selectAgingProjects, updateAged } from "./aging-queries";

export type { AgingProject } from "./aging-queries";

/** Projects that resolve what is old and wait longer than some minutes to be looked at, those that wait longest first. */
export async function agingProjects(
  { db }: Deps,
  now: Date,
  minutes: number,
  limit: number,
): Promise<AgingProject[]> {
  return (await selectAgingProjects(db, now, minutes, limit)).rows;
}

/** Notes up to when a project's issues were looked at. */
export async function noteAged({ db }: Deps, projectId: number, until: string): Promise<void> {
  await updateAged(db, projectId, until);
}
