import { useSyncExternalStore } from "react";
import { dayMs } from "../../protocol/durations";
import { usePreferences } from "../use-preferences";
import { describeMoment, relativeTime, shortMoment } from "./time-words";

const tickMs = 15_000;
const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

/** One clock for all times on a page. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const tell of listeners) tell();
  }, tickMs);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

export const useNow = (): number => useSyncExternalStore(subscribe, () => now);

/** "3 min ago" within a day, then "12 Jan 14:03"; whoever points at it learns the rest. `short` leaves out "ago". */
export function Time({ at, short, absolute }: { at: string; short?: boolean; absolute?: boolean }) {
  const preferences = usePreferences();
  const moment = useNow();
  const date = new Date(at);
  if (Number.isNaN(+date)) return null;
  const isRecent = !absolute && Math.abs(moment - +date) < dayMs;
  return (
    <time
      dateTime={date.toISOString()}
      title={describeMoment(date, preferences)}
      className="whitespace-nowrap"
    >
      {isRecent
        ? relativeTime(+date, moment, short ?? false)
        : shortMoment(date, preferences, moment)}
    </time>
  );
}

/** How long ago in its largest unit, "3m", "12d", "4mo": where a column has room for no more. */
export function Age({ at }: { at: string }) {
  const preferences = usePreferences();
  const moment = useNow();
  const date = new Date(at);
  if (Number.isNaN(+date)) return null;
  return (
    <time
      dateTime={date.toISOString()}
      title={describeMoment(date, preferences)}
      className="whitespace-nowrap"
    >
      {relativeTime(+date, moment, true)}
    </time>
  );
}
