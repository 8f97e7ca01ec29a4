import { describe, expect, test } from "vitest";
import {
  isExceeded,
  newBudget,
  newEnvelopeBudget,
  settle,
  spend,
  spendMatched,
} from "../../src/events/budget";
import { normalizeEvent } from "../../src/events/normalize";
import { storedEventOf } from "../../src/events/payload";
import { newReport, noteLength, noteRemoval } from "../../src/events/report";
import { scrubEvent } from "../../src/events/scrub";
import { summarize } from "../../src/events/title";
import type { JsonObject } from "../../src/protocol/json";

function recorded(payload: JsonObject) {
  const { event, report } = normalizeEvent(payload, {
    eventId: "a".repeat(32),
    receivedAt: 1_795_500_000,
    connection: {},
  });
  scrubEvent(event, report, { defaults: true, keepIp: true });
  return { stored: storedEventOf(event, summarize(event), report, []), report };
}

test("what is not left cannot be spent, and the refusal is remembered", () => {
  const budget = newBudget();
  expect(spend(budget, "notes", budget.notes)).toBe(true);
  expect(isExceeded(budget)).toBe(false);
  expect(spend(budget, "notes", 1)).toBe(false);
  expect([budget.notes, isExceeded(budget)]).toEqual([0, true]);
});

describe("the budget of an envelope", () => {
  test("bears what its events use", () => {
    const whole = newEnvelopeBudget();
    const { matched, nodes } = whole;
    for (const used of [1000, 2_000_000]) {
      const budget = newBudget(whole);
      spendMatched(budget, used);
      settle(whole, budget);
    }
    expect([matched - whole.matched, nodes - whole.nodes]).toEqual([2_001_000, 2000]);
    expect(isExceeded(whole)).toBe(false);
  });

  test("gives an event no more than is left, and is exceeded when that was too little", () => {
    const whole = newEnvelopeBudget();
    spendMatched(whole, whole.matched - 10);
    const budget = newBudget(whole);
    expect([spendMatched(budget, 11), spendMatched(budget, 10)]).toEqual([false, true]);
    settle(whole, budget);
    expect([whole.matched, isExceeded(whole)]).toEqual([0, true]);
  });

  test("is not exceeded by an event that wants more than one may have", () => {
    const whole = newEnvelopeBudget();
    const budget = newBudget(whole);
    spendMatched(budget, budget.matched + 1);
    spend(budget, "notes", budget.notes + 1);
    settle(whole, budget);
    expect(isExceeded(whole)).toBe(false);
  });
});

describe("notes", () => {
  test("no more than 500 are kept of one event", () => {
    const report = newReport();
    for (let index = 0; index < 2000; index++) noteLength(report, `extra.k${index}`, 1);
    expect(report.meta.size).toBe(500);
  });

  test("the same place is noted ten times at most", () => {
    const report = newReport();
    for (let index = 0; index < 2000; index++) noteRemoval(report, "request.data", "@rule");
    expect(report.meta.get("request.data")?.rem).toHaveLength(10);
    expect(report.removals).toBe(2000);
  });

  test("places deeper than 40 levels and with names beyond all measure are not noted", () => {
    const report = newReport();
    noteLength(report, Array(41).fill("a").join("."), 1);
    noteLength(report, "a".repeat(501), 1);
    noteLength(report, Array(40).fill("a").join("."), 1);
    expect(report.meta.size).toBe(1);
  });

  test("the client's own notes leave room for ours", () => {
    const notes: JsonObject = {};
    for (let index = 0; index < 2000; index++) notes[`k${index}`] = { "": { len: index } };
    const { stored, report } = recorded({
      message: "x",
      extra: { password: "hunter2hunter2" },
      _meta: { extra: notes },
    });
    expect(report.meta.size).toBe(251);
    expect(stored._meta?.extra).toHaveProperty("password");
  });

  test("a secret is removed where no note is left for it", () => {
    const extra: JsonObject = {};
    for (let index = 0; index < 400; index++) {
      extra[`a${index}`] = { password: "hunter2hunter2", text: '{"token":"hunter2hunter2"}' };
    }
    const { stored, report } = recorded({ message: "x", extra });
    expect(report.meta.size).toBe(500);
    expect(JSON.stringify(stored)).not.toContain("hunter2");
  });
});
