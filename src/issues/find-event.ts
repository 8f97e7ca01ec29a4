import type { Deps } from "../deps";
import { Fault } from "../fault";
import { normalizeEventId } from "../protocol/event-id";
import { type EventScope, selectEvent } from "./event-queries";
import { type ReadEvent, readEvents } from "./read-events";

export type FoundEvent = ReadEvent & { newerId: string | null; olderId: string | null };

/** One event of an issue or a project with its payload and its neighbours there. Faults: not_found. */
export async function findEvent(
  deps: Deps,
  scope: EventScope,
  projectId: number,
  id: string,
): Promise<FoundEvent> {
  const eventId = id === "latest" ? id : normalizeEventId(id);
  const found = eventId ? (await selectEvent(deps.db, scope, projectId, eventId)).rows : [];
  const [row] = found;
  if (!row) throw new Fault("not_found", "Not Found");
  const [read] = await readEvents(deps, [row]);
  return {
    row,
    event: read?.event,
    newerId: row.newerId?.replaceAll("-", "") ?? null,
    olderId: row.olderId?.replaceAll("-", "") ?? null,
  };
}
