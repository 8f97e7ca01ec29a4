import type { Deps } from "../deps";
import { Fault } from "../fault";
import { type RefusalRow, readRefusals, refusalMinutes } from "../platform/refusals";
import { minuteMs } from "../protocol/durations";

const rowsMax = 100;

/** What doors turned away of a project in the last minutes, the latest first. Faults: unavailable. */
export async function listRefusals(
  deps: Deps,
  projectId: number,
): Promise<{ since: Date; rows: RefusalRow[] }> {
  const nowMs = +deps.now();
  try {
    const rows = await readRefusals(deps.redis, projectId, nowMs);
    return { since: new Date(nowMs - refusalMinutes * minuteMs), rows: rows.slice(0, rowsMax) };
  } catch (cause) {
    throw new Fault("unavailable", "Refusals cannot be read right now.", { cause });
  }
}
