import { minuteMs } from "../../protocol/durations";

/** How long to wait before the next look, for somebody who has waited this long. */
export function lookAgainMs(waitedMs: number): number {
  if (waitedMs < 3 * minuteMs) return 1000;
  if (waitedMs < 13 * minuteMs) return 5000;
  return 30_000;
}

type Seen = { id: string; lastSeen: string; count: string } | null;

/** Whether something came in between two looks at the project's latest issue. */
export function hasArrived(before: Seen | undefined, now: Seen | undefined): boolean {
  if (before === undefined || !now) return false;
  return (
    before === null ||
    now.id !== before.id ||
    now.lastSeen !== before.lastSeen ||
    now.count !== before.count
  );
}

/** 102 000 ms as "1:42". */
export function waitedWords(waitedMs: number): string {
  const seconds = Math.max(0, Math.floor(waitedMs / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
