import type { OutcomeCounts } from "../../queues/catalog";
import type { Deps } from "../deps";
import { commit, type Db, type Statement } from "../platform/database";
import { addOutcomeRows } from "./queries";

export type OutcomeRow = {
  /** The message whose redelivery must not count again; absent when the caller sees to that. */
  messageId?: string;
  /** Milliseconds since 1970. */
  receivedAt: number;
  projectId: number;
  /** Milliseconds since 1970, a whole hour. */
  hour: number;
  category: string;
  outcome: "accepted" | "filtered" | "rate_limited" | "invalid" | "abuse" | "client_discard";
  reason: string;
  quantity: number;
};

const hourMs = 3_600_000;
export const hourOf = (ms: number) => ms - (ms % hourMs);

/** Un-awaited on purpose: the digest commits it together with the events it counts. */
export const outcomeStatements = (tx: Db, rows: OutcomeRow[]): Statement[] =>
  rows.length > 0 ? [addOutcomeRows(tx, rows)] : [];

/** Writes down what the edge counted. The same message twice counts once. */
export async function recordOutcomes(deps: Deps, messages: OutcomeCounts[]): Promise<void> {
  const rows = messages.flatMap(({ id, receivedAt, counts }) =>
    counts.map((count) => ({
      ...count,
      outcome: count.outcome as OutcomeRow["outcome"],
      messageId: id,
      receivedAt,
    })),
  );
  if (rows.length > 0) await commit(deps.db, [addOutcomeRows(deps.db, rows)]);
}
