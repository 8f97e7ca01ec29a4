import type { Deps } from "../deps";
import { reasonOf } from "../platform/logger";
import { boundedMemory } from "../platform/memory";
import { addRefusals, anybodys, type Refusal } from "../platform/refusals";
import type { WaitUntil } from "../platform/wait-until";
import { minuteMs, secondMs } from "../protocol/durations";
import type { RefusalReason } from "../protocol/refusals";
import { selectProjectIds } from "./queries";

const flushAfterMs = 1000;
/** A flush that has not happened by then died with its request. */
const flushLostMs = 10_000;
/** Rows that wait, of all projects and of one; what is more is added up by reason, or left out. */
const pendingMax = 2000;
const pendingOfProjectMax = 20;

const pending = new Map<string, { refusal: Refusal; count: number }>();
const rowsOf = new Map<number, number>();
let leftOut = 0;
let flushPlannedAt = 0;

const keyPrefixChars = 8;
const originPattern = /^[\x21-\x7e]{1,200}$/;

/** What was sent with a request that is turned away. */
type Sent = { publicKey: string | undefined; origin: string | null };

/**
 * Notes that a request was turned away, for the people of the project that its address names. In the background, about
 * once a second; a flood of refusals costs next to nothing, and what is accepted nothing at all.
 */
export function noteRefusal(
  deps: Deps,
  waitUntil: WaitUntil,
  projectId: number,
  reason: RefusalReason,
  { publicKey, origin }: Sent,
  count = 1,
): void {
  const refusal = {
    projectId,
    reason,
    keyPrefix: publicKey?.slice(0, keyPrefixChars) ?? null,
    origin: origin !== null && originPattern.test(origin) ? origin : null,
  };
  if (!add(refusal, count) && !add(anybodys(refusal), count, true)) leftOut += count;
  const nowMs = +deps.now();
  if (flushPlannedAt !== 0 && nowMs - flushPlannedAt < flushLostMs) return;
  flushPlannedAt = nowMs;
  waitUntil(scheduler.wait(flushAfterMs).then(() => flush(deps)));
}

/** False when there is no room for it. */
function add(refusal: Refusal, count: number, isLast = false): boolean {
  const key = JSON.stringify(refusal);
  const known = pending.get(key);
  const rows = rowsOf.get(refusal.projectId) ?? 0;
  if (!known && (pending.size >= pendingMax || (!isLast && rows >= pendingOfProjectMax))) {
    return false;
  }
  if (!known) rowsOf.set(refusal.projectId, rows + 1);
  pending.set(key, { refusal, count: (known?.count ?? 0) + count });
  return true;
}

async function flush(deps: Deps): Promise<void> {
  flushPlannedAt = 0;
  const taken = [...pending.values()];
  const lost = leftOut;
  pending.clear();
  rowsOf.clear();
  leftOut = 0;
  if (lost > 0) deps.log("warn", "refusals are not shown: too many at once", { count: lost });
  try {
    const real = await realProjects(deps, taken);
    const rows = taken.filter(({ refusal }) => real.has(refusal.projectId));
    const counts = rows.map(({ refusal, count }) => ({ ...refusal, count }));
    await addRefusals(deps.redis, counts, +deps.now());
  } catch (error) {
    deps.log("warn", "refusals could not be noted", { reason: reasonOf(error) });
  }
}

/** Where a request names no key that we know, its address may name a project that does not exist. */
const ofStrangers: ReadonlySet<RefusalReason> = new Set([
  "missing_key",
  "unknown_key",
  "conflicting_keys",
]);
const rememberedMax = 5000;
const knownMs = 10 * minuteMs;
/** It may be made in the next moment. */
const missingMs = 30 * secondMs;
const remembered = boundedMemory<number, { isReal: boolean; until: number }>(rememberedMax);

async function realProjects(deps: Deps, taken: { refusal: Refusal }[]): Promise<Set<number>> {
  const nowMs = +deps.now();
  const named = taken.map(({ refusal }) => refusal);
  const real = new Set(
    named.filter(({ reason }) => !ofStrangers.has(reason)).map(({ projectId }) => projectId),
  );
  const asked = new Set<number>();
  for (const { projectId } of named) {
    const known = remembered.get(projectId);
    if (known && known.until > nowMs && known.isReal) real.add(projectId);
    if (real.has(projectId) || (known && known.until > nowMs)) continue;
    if (Number.isSafeInteger(projectId)) asked.add(projectId);
  }
  if (asked.size === 0) return real;
  const rows = await selectProjectIds(deps.db, [...asked]);
  const found = new Set(rows.map(({ id }) => id));
  for (const id of asked) {
    remembered.set(id, {
      isReal: found.has(id),
      until: nowMs + (found.has(id) ? knownMs : missingMs),
    });
    if (found.has(id)) real.add(id);
  }
  return real;
}
