import fc from "fast-check";
import { expect, test } from "vitest";
import { knownCategory } from "../../src/protocol/categories";
import { parseClientReport } from "../../src/protocol/client-report";
import { knownReason } from "../../src/protocol/outcomes";
import { foldOutcomes, type OutcomeRow, rowsPerMessageMax } from "../../src/stats/outcomes";

const report = (reason: unknown, category: unknown) =>
  parseClientReport({ discarded_events: [{ reason, category, quantity: 2 }] } as never)[0];

test.each([
  ["sample_rate", "transaction", "sample_rate", "transaction"],
  ["callback_error", "log_byte", "callback_error", "log_byte"],
  ["made up by somebody", "error", "other", "error"],
  ["before_send", "made up by somebody", "before_send", "other"],
  ["__proto__", "constructor", "other", "other"],
  ["", null, "unknown", "unknown"],
  [{ a: 1 }, ["error"], "unknown", "unknown"],
])("a client report that says %j of %j is counted as %s of %s", (reason, category, known, of) => {
  expect(report(reason, category)).toEqual({
    reason: known,
    category: of,
    outcome: "client_discard",
    quantity: 2,
  });
});

test("what strangers write never makes a word of its own", () => {
  fc.assert(
    fc.property(fc.string(), (word) => {
      const [reason, category] = [knownReason(word), knownCategory(word)];
      expect([knownReason(reason), knownCategory(category)]).toEqual([reason, category]);
      expect(reason === word || reason === "other").toBe(true);
      expect(category === word || category === "other").toBe(true);
    }),
  );
});

test("however many kinds of counts a message makes, they are at most fifty rows and add up", () => {
  const reasons = ["sample_rate", "before_send", "invalid", "ignored", "send_error"] as const;
  const rows = Array.from(
    { length: 400 },
    (_, n): OutcomeRow => ({
      projectId: 1,
      receivedAt: 0,
      hour: 0,
      quantity: 1 + (n % 3),
      category: `c${n % 80}`,
      outcome: n % 2 === 0 ? "client_discard" : "invalid",
      reason: reasons[n % 5] ?? "other",
    }),
  );
  const sumOf = (all: OutcomeRow[], outcome: string) =>
    all.filter((row) => row.outcome === outcome).reduce((sum, { quantity }) => sum + quantity, 0);
  const folded = foldOutcomes(rows);
  expect(folded.length).toBeLessThanOrEqual(rowsPerMessageMax);
  for (const outcome of ["client_discard", "invalid"]) {
    expect(sumOf(folded, outcome)).toBe(sumOf(rows, outcome));
  }
  expect(foldOutcomes(rows.slice(0, 40))).toHaveLength(40);
});
