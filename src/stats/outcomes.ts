import type { OutcomeCounts } from "../../queues/catalog";
import type { Deps } from "../deps";
import { commit, type Db, type Statement } from "../platform/database";
import { addOutcomeRows, insertCountedMessages, selectCountedMessage } from "./queries";

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

type MessageMark = { id: string; receivedAt: number };

/**
 * Notes that messages were digested whose bodies are then deleted: without its body nobody could tell a message that
 * comes again from one that was never seen. Goes into a commit after the outcomes, which would else take theirs for
 * counted. Un-awaited.
 */
export const digestedStatements = (tx: Db, messages: MessageMark[]): Statement[] =>
  messages.length > 0 ? [insertCountedMessages(tx, messages)] : [];

/** Whether a message that had a parked body was digested before. */
export async function wasDigested(deps: Deps, message: MessageMark): Promise<boolean> {
  return (await selectCountedMessage(deps.db, message)).rows.length > 0;
}

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
