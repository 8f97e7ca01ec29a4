import type { Db, Statement } from "../platform/database";
import { dayOf, hourOf } from "../protocol/durations";
import { type Bounds, insertMissing, type Sighting, selectSeen } from "./queries";

export type Seen = {
  orgId: number;
  projectId: number;
  /** Milliseconds since 1970. */
  receivedAt: number;
  release?: string;
  environment?: string;
};

/** In all that a project ever had. */
const releasesMax = 100_000;
const environmentsMax = 1000;

const kinds = ["release", "environment"] as const;
type Name = { kind: (typeof kinds)[number]; projectId: number; name: string };
const keyOf = ({ kind, projectId, name }: Name) => `${kind}\n${projectId}\n${name}`;

/** Which names of these events are known in their projects, asked before the commit. Un-awaited, for a common read. */
export function seenStatement(db: Db, events: Omit<Seen, "receivedAt">[]) {
  const names = new Map<string, Name & { orgId: number }>();
  for (const { orgId, projectId, ...event } of events) {
    for (const kind of kinds) {
      const name = event[kind];
      if (name) names.set(keyOf({ kind, projectId, name }), { kind, orgId, projectId, name });
    }
  }
  return selectSeen(db, [...names.values()]);
}

/** The events with those of their names only that the answer did not know: nearly always none. */
export function unseenOf(
  events: Seen[],
  rows: { kind: Name["kind"]; projectId: string; name: string }[],
): Seen[] {
  const seen = new Set(rows.map((row) => keyOf({ ...row, projectId: Number(row.projectId) })));
  const isUnseen = (kind: Name["kind"], projectId: number, name: string | undefined) =>
    name !== undefined && !seen.has(keyOf({ kind, projectId, name }));
  return events.flatMap(({ release, environment, orgId, projectId, receivedAt }) => {
    const isNew = isUnseen("release", projectId, release);
    const isElsewhere = isUnseen("environment", projectId, environment);
    if (!isNew && !isElsewhere) return [];
    return {
      orgId,
      projectId,
      receivedAt,
      ...(isNew && release && { release }),
      ...(isElsewhere && environment && { environment }),
    };
  });
}

/**
 * Releases and environments come into being when an event first names them, as many a day as a project may have. Those
 * beyond stay on their events and are counted. Un-awaited, for a common commit.
 */
export function firstSightStatements(
  tx: Db,
  events: Seen[],
  bounds: Pick<Bounds, "count"> & {
    newReleasesPerDay: number;
    newEnvironmentsPerDay: number;
    now: Date;
  },
): Statement[] {
  const day = dayOf(+bounds.now);
  const { count } = bounds;
  const releases = sightingsOf(events, ({ release }) => release);
  const environments = sightingsOf(events, ({ environment }) => environment);
  return [
    ...(releases.length > 0
      ? [
          insertMissing(tx, "release", releases, {
            perDay: bounds.newReleasesPerDay,
            inAll: releasesMax,
            day,
            count,
          }),
        ]
      : []),
    ...(environments.length > 0
      ? [
          insertMissing(tx, "environment", environments, {
            perDay: bounds.newEnvironmentsPerDay,
            inAll: environmentsMax,
            day,
            count,
          }),
        ]
      : []),
  ];
}

/** Each name once per project and hour, with how many events have it. */
function sightingsOf(events: Seen[], nameOf: (event: Seen) => string | undefined): Sighting[] {
  const sightings = new Map<string, Sighting>();
  for (const event of events) {
    const name = nameOf(event);
    if (!name) continue;
    const { orgId, projectId } = event;
    const hour = hourOf(event.receivedAt);
    const id = `${projectId}\n${hour}\n${name}`;
    const sighting = sightings.get(id) ?? { orgId, projectId, name, hour, events: 0 };
    sighting.events++;
    sightings.set(id, sighting);
  }
  return [...sightings.values()];
}
