import type { Deps } from "../deps";
import { selectNewestOfEach, selectNewestReleases, selectRelease } from "./queries";
import { latestRelease } from "./release-order";

/** Among so many of those first seen last the highest version is looked for. */
const newestMax = 1000;

/** The latest release of a project; undefined: it has none. */
export async function readLatestRelease(
  { db }: Pick<Deps, "db">,
  orgId: number,
  projectId: number,
): Promise<string | undefined> {
  const rows = await selectNewestReleases(db, orgId, projectId, newestMax);
  return latestRelease(rows.map(({ version }) => version));
}

/** Of so many of each project where there are several. */
const newestOfEachMax = 100;

/** The latest release of each of some projects, or of all of an organization. */
export async function readLatestReleases(
  { db }: Pick<Deps, "db">,
  orgId: number,
  projectIds: number[],
): Promise<{ projectId: number; version: string }[]> {
  const { rows } = await selectNewestOfEach(db, orgId, projectIds, newestOfEachMax);
  return [...Map.groupBy(rows, ({ projectId }) => projectId)].flatMap(([projectId, found]) => {
    const version = latestRelease(found.map((row) => row.version));
    return version === undefined ? [] : [{ projectId: Number(projectId), version }];
  });
}

/** Whether an organization has a release. */
export async function isRelease(
  { db }: Pick<Deps, "db">,
  orgId: number,
  version: string,
): Promise<boolean> {
  const rows = await selectRelease(db, orgId, version);
  return rows.length > 0;
}
