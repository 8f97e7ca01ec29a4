import type { StoredEvent } from "../events/payload";
import type { ReadEvent } from "./read-events";

/** Of so many of the newest the most telling one is chosen. */
export const tellingMax = 20;

/** The event that tells most of what happened; of equals the first, which is the newest. */
export function mostTelling(read: ReadEvent[]): ReadEvent | undefined {
  let best: ReadEvent | undefined;
  for (const each of read) if (!best || tells(each.event) > tells(best.event)) best = each;
  return best;
}

/** How much an event tells: source of one's own code first, then what led there, who it was, and what was asked for. */
export function tells(event: StoredEvent | undefined): number {
  if (!event) return -1;
  const frames = (event.exception?.values ?? []).flatMap(
    ({ stacktrace }) => stacktrace?.frames ?? [],
  );
  const own = frames.filter(({ in_app }) => in_app);
  const facts: [weight: number, holds: boolean][] = [
    [8, own.some(({ context_line }) => context_line !== undefined)],
    [4, own.length > 0],
    [3, (event.breadcrumbs?.values.length ?? 0) > 0],
    [2, event.user !== undefined],
    [1, event.request !== undefined],
    [1, frames.some(({ vars }) => vars !== undefined)],
  ];
  return facts.reduce((sum, [weight, holds]) => sum + (holds ? weight : 0), 0);
}
