import { releaseOrder } from "../releases/release-order";
import type { DigestedEvent } from "./digested-event";
import type { EventGroup, KnownGroup } from "./event-group";

/** The event of a group and a release that happened last: what may bring an issue back. */
export type Arrival = {
  /** Number of the group. */
  n: number;
  project_id: number;
  /** They lead to the issue as they do in the commit, the first one before all others. */
  hashes: string[];
  event_id: string;
  happened_at: string;
  /** When the group's last event was received. */
  received_at: string;
  release?: string;
  package?: string;
  key?: string;
  build?: string | null;
};

/**
 * What issues that people are done with may hear of: nothing of those that are known to be unresolved, so of nearly all.
 * Who is done with one meanwhile is so with these events too, which were received before.
 */
export function arrivalsOf(
  events: readonly DigestedEvent[],
  groupOf: readonly number[],
  groups: ReadonlyMap<number, EventGroup>,
  known: ReadonlyMap<number, KnownGroup>,
): Arrival[] {
  const last = new Map<string, { group: EventGroup; event: DigestedEvent }>();
  for (const [index, event] of events.entries()) {
    const group = groups.get(groupOf[index] ?? index);
    if (!group || known.get(group.g)?.isOpen) continue;
    const id = `${group.g}\n${event.release ?? ""}`;
    const before = last.get(id);
    if (!before || event.happenedAt > before.event.happenedAt) last.set(id, { group, event });
  }
  return [...last.values()].map(
    ({ group, event: { projectId, eventId, happenedAt, release } }) => ({
      n: group.g,
      project_id: projectId,
      hashes: hashesOf(group, known.get(group.g)),
      event_id: eventId,
      happened_at: new Date(happenedAt).toISOString(),
      received_at: new Date(group.lastSeen).toISOString(),
      ...(release !== undefined && { release, ...releaseOrder(release) }),
    }),
  );
}

const hashesOf = ({ hashes }: EventGroup, known: KnownGroup | undefined): string[] =>
  known ? [known.hash] : hashes;
