import { randomBytes } from "node:crypto";
import { inject } from "vitest";
import type { Deps } from "../../src/deps";
import { digest } from "../../src/digest/digest";
import { eventStore } from "../../src/issues/event-store";
import type { Grouping, GroupingVersion } from "../../src/issues/grouping/grouping";
import type { PreparedEvent } from "../../src/issues/prepared-event";
import type { Store } from "../../src/item-type";
import { openDatabase } from "../../src/platform/database";
import { uuidv7 } from "../../src/platform/ids";
import { randomId, type Stack, type Tenant } from "../harness";

/** Hashes of their own for the words of a test. */
export function newHashes() {
  const salt = randomBytes(4).toString("hex");
  return (word: string) => `${salt}${word.padStart(24, "0")}`;
}

const groupingOf = (algo: GroupingVersion, [primary = "", ...secondary]: string[]): Grouping => ({
  primary,
  secondary,
  explanation: {
    algo,
    variant: "app",
    parts: [],
    override: null,
    skipped: { notInApp: 0, repeats: 0 },
  },
});

/** An event whose hashes are given, as the rules of both versions might have come to them. */
export function preparedEvent(
  { orgId, projectId }: Pick<Tenant, "orgId" | "projectId">,
  hashes: { g1?: string[]; g2: string[] },
  more: Partial<PreparedEvent> & { title?: string } = {},
): PreparedEvent {
  const { title = "Error: it broke", ...rest } = more;
  const receivedAt = more.receivedAt ?? Date.now();
  return {
    messageId: uuidv7(receivedAt),
    orgId,
    projectId,
    eventId: randomId(),
    receivedAt,
    happenedAt: receivedAt,
    category: "error",
    groupings: {
      ...(hashes.g1 && { g1: groupingOf("g1", hashes.g1) }),
      g2: groupingOf("g2", hashes.g2),
    },
    summary: {
      type: "error",
      title,
      culprit: "shop.pay",
      metadata: { type: "Error", value: title },
      level: "error",
      platform: "node",
      tags: [],
      searchText: title,
    },
    lines: [],
    payload: new Uint8Array(1),
    ...rest,
  };
}

/** Digests batches of events on the database of a stack, as a consumer does. */
export function consumerOf(stack: Stack): (events: PreparedEvent[]) => Promise<void> {
  const deps = {
    db: openDatabase(stack.databaseUrl, 60_000, inject("neonUrl")),
    blobs: { put: async () => undefined },
    publish: async () => undefined,
    log: () => undefined,
    now: () => new Date(),
    config: { newIssuesPerHour: 1000, newReleasesPerDay: 500, newEnvironmentsPerDay: 100 },
  } as unknown as Deps;
  return async (events) => {
    const rows = new Map([[eventStore as unknown as Store, events as unknown[]]]);
    const prepared = { messageId: uuidv7(Date.now()), rows, outcomes: [] };
    await digest(deps, [prepared], { parked: [], turn: "wait" });
    // Nobody hears of them here, and others wait until all changes were heard of.
    await stack.sql.query(
      `update issue_changes set handled_at = now() where handled_at is null
          and issue_id in (select id from issues where project_id = any($1))`,
      [events.map(({ projectId }) => projectId)],
    );
  };
}
