import type { Db, Statement } from "../platform/database";
import { insertMissingEnvironments, insertMissingReleases, type Sighting } from "./queries";

export type { Sighting };

/** Releases and environments come into being when an event first names them. Un-awaited, for a common commit. */
export function firstSightStatements(
  tx: Db,
  releases: Sighting[],
  environments: Sighting[],
): Statement[] {
  const distinct = (sightings: Sighting[]) => [
    ...new Map(sightings.map((each) => [JSON.stringify(each), each])).values(),
  ];
  return [
    ...(releases.length > 0 ? [insertMissingReleases(tx, distinct(releases))] : []),
    ...(environments.length > 0 ? [insertMissingEnvironments(tx, distinct(environments))] : []),
  ];
}
