import { inject } from "vitest";
import { workOnJobs } from "../../src/issues/jobs";
import { openDatabase } from "../../src/platform/database";
import type { Stack } from "../harness";

const pipeline = { hincrby() {}, hset() {}, expire() {}, exec: async () => [] };

/** What runs jobs, with a clock of its own and without a Redis. */
export const depsWith = (stack: Stack, clock: () => number) =>
  ({
    db: openDatabase(stack.databaseUrl, 60_000, inject("neonUrl")),
    now: () => new Date(clock()),
    log: () => undefined,
    redis: { pipeline: () => pipeline },
  }) as unknown as Parameters<typeof workOnJobs>[0];

/** Ends what requests began: as the cron would, but at once. */
export const finishJobs = (stack: Stack): Promise<void> =>
  workOnJobs(depsWith(stack, () => Date.now() + 3_600_000));
