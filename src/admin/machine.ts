import type { Deps, QueueBacklog } from "../deps";
import type { Disk } from "../platform/local-status";
import { secondMs } from "../protocol/durations";

/** What operators look at: what waits on the queues, and the disk. What cannot be asked is left out. */
export async function readMachine(
  deps: Deps,
): Promise<{ backlog: QueueBacklog[]; disk: Disk | undefined }> {
  const [backlog, disk] = await Promise.all([
    deps.backlog().catch(() => []),
    deps.disk().catch(() => undefined),
  ]);
  return { backlog, disk };
}

/** Of nothing, and of what another clock says is yet to come: 0. */
export const ageSeconds = (since: Date | undefined, now: Date): number =>
  since ? Math.max(0, Math.round((+now - +since) / secondMs)) : 0;
