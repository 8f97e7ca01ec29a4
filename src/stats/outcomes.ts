import type { OutcomeCounts } from "../../queues/catalog";
import type { Deps } from "../deps";
import { commit, type Db, type Statement } from "../platform/database";
import { knownCategory } from "../protocol/categories";
import { knownReason, outcomes } from "../protocol/outcomes";
import {
  addCounts,
  addOutcomeRows,
  insertCountedMessages,
  type OutcomeRow,
  selectCountedMessage,
} from "./queries";

export type { OutcomeRow } from "./queries";

/** Of one message: more kinds of counts than these are not kept apart. */
export const rowsPerMessageMax = 50;

/** Adds equal counts of one message up. Past the limit only outcomes are kept apart; nothing goes uncounted. */
export function foldOutcomes(rows: OutcomeRow[]): OutcomeRow[] {
  const sums = new Map<string, OutcomeRow>();
  const detailsMax = rowsPerMessageMax - outcomes.length;
  for (const row of rows) {
    const isKnown = sums.has(idOf(row)) || sums.size < detailsMax;
    const folded: OutcomeRow = isKnown ? row : { ...row, category: "other", reason: "other" };
    const sum = sums.get(idOf(folded));
    if (sum) sum.quantity += folded.quantity;
    else sums.set(idOf(folded), { ...folded });
  }
  return [...sums.values()];
}

const idOf = ({ projectId, hour, category, outcome, reason }: OutcomeRow) =>
  [projectId, hour, category, outcome, reason].join("\n");

/** Counts that another feature's statement finds out: part of that statement. */
export const countRows = addCounts;

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
  return (await selectCountedMessage(deps.db, message)).length > 0;
}

/** Writes down what the edge counted. The same message twice counts once. */
export async function recordOutcomes(deps: Deps, messages: OutcomeCounts[]): Promise<void> {
  const rows = messages.flatMap(({ id, receivedAt, counts }) =>
    counts.map((count) => ({
      ...count,
      category: knownCategory(count.category),
      outcome: outcomes.find((each) => each === count.outcome) ?? "invalid",
      reason: knownReason(count.reason),
      messageId: id,
      receivedAt,
    })),
  );
  if (rows.length > 0) await commit(deps.db, [addOutcomeRows(deps.db, rows)]);
}
