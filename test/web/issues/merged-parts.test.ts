import { expect, test } from "vitest";
import type { Hash } from "../../../src/web/issues/merge-queries";
import { partsOf } from "../../../src/web/issues/merged-parts";

const hash = (id: string, given: Partial<Hash> = {}): Hash => ({
  id,
  latestEvent: null,
  count: 0,
  isCapped: false,
  firstSeen: null,
  lastSeen: null,
  formerIssue: null,
  mergedBySeer: false,
  ...given,
});
const titled = (title: string) => ({ title }) as Hash["latestEvent"];
const former = { id: "7", shortId: "SHOP-2", title: "As it was" };

test("all that came from a merged issue is one part, called by its newest event", () => {
  const parts = partsOf([
    hash("a", {
      count: 2,
      firstSeen: "2026-11-02",
      lastSeen: "2026-11-05",
      latestEvent: titled("Own"),
    }),
    hash("b", {
      count: 3,
      firstSeen: "2026-11-03",
      lastSeen: "2026-11-04",
      latestEvent: titled("Older"),
      formerIssue: former,
    }),
    hash("c", {
      count: 1,
      firstSeen: "2026-11-01",
      lastSeen: "2026-11-06",
      latestEvent: titled("Newer"),
      formerIssue: former,
    }),
    hash("d", { formerIssue: former }),
  ]);
  expect(parts).toEqual([
    {
      key: "issue 7",
      hashes: ["b", "c", "d"],
      former,
      title: "Newer",
      count: 4,
      firstSeen: "2026-11-01",
      lastSeen: "2026-11-06",
    },
    {
      key: "a",
      hashes: ["a"],
      former: null,
      title: "Own",
      count: 2,
      firstSeen: "2026-11-02",
      lastSeen: "2026-11-05",
    },
  ]);
});

test("a hash that found no event is no part, but for one of a merged issue", () => {
  expect(partsOf([hash("a")])).toEqual([]);
  expect(partsOf([hash("a", { formerIssue: former })])).toMatchObject([{ title: "As it was" }]);
});
