import { expect, test } from "vitest";
import { decodePayload, encodePayload, storedEventOf } from "../../../src/events/payload";
import { newReport } from "../../../src/events/report";
import { summarize } from "../../../src/events/title";
import { groupEvent } from "../../../src/issues/grouping/group-event";
import type { GroupingVersion } from "../../../src/issues/grouping/grouping";
import { groupingRulesOf, type RuleTexts } from "../../../src/issues/grouping/grouping-rules";
import { regroupEvent } from "../../../src/issues/grouping/regroup-event";
import type { JsonObject } from "../../../src/protocol/json";
import { hashesOf, normalized, recordedEvents } from "./recorded";
import { errorOf } from "./written";

const stepsMax = 4_000_000;
const texts = (fingerprintRules: string, stackRules: string): RuleTexts => ({
  fingerprintRules,
  stackRules,
});
const variants = [
  texts("", ""),
  texts("type:*Error -> {{ default }}, {{ transaction }}", ""),
  texts("app:yes -> ours, {{ function }}", "app:no +app\nfunction:*a* -group"),
  texts("", "app:yes -app\nfamily:javascript,native max-frames=1\nfunction:*e* v-group"),
  texts('level:error -> all title="All of {{ type }}"', "path:** ^+app"),
];

/** Hashes of an event that comes with rules. */
const comesWith = (payload: JsonObject, rules: RuleTexts, version: GroupingVersion) => {
  const event = normalized(payload);
  const { groupings } = groupEvent(event, false, groupingRulesOf(rules), { left: stepsMax });
  const own = groupings[version];
  const hashes = Object.values(groupings).flatMap(hashesOf);
  return { event, hashes, own: own ? hashesOf(own) : [] };
};

/** The same event as it lies in the bucket. */
const stored = (payload: JsonObject, rules: RuleTexts) => {
  const { event, hashes } = comesWith(payload, rules, "g2");
  const payloadOf = storedEventOf(event, summarize(event), newReport(), hashes);
  return decodePayload(encodePayload(payloadOf)).event;
};

test("what rules make of a stored event is what they make of one that comes now, whatever rules it came by", () => {
  let compared = 0;
  for (const [place, { name, payload }] of recordedEvents.entries()) {
    // All pairs of rules, one after another over the events.
    for (const pair of [place, place * 7 + 3]) {
      const before = variants[pair % variants.length];
      const after = variants[Math.floor(pair / variants.length) % variants.length];
      if (before && after) {
        const regrouped = regroupEvent(stored(payload, before), "g2", groupingRulesOf(after), {
          left: stepsMax,
        });
        expect([name, regrouped.isExact, regrouped.hashes]).toEqual([
          name,
          true,
          comesWith(payload, after, "g2").own,
        ]);
        compared++;
      }
    }
  }
  expect(compared).toBeGreaterThan(100);
});

test("g1 says of a stored event what it said, with other fingerprint rules too", () => {
  const [none, byTransaction] = variants as [RuleTexts, RuleTexts];
  for (const { name, payload } of recordedEvents) {
    for (const [before, after] of [
      [none, byTransaction],
      [byTransaction, none],
    ] as const) {
      const { hashes, isExact } = regroupEvent(
        stored(payload, before),
        "g1",
        groupingRulesOf(after),
        {
          left: stepsMax,
        },
      );
      if (isExact) expect([name, hashes]).toEqual([name, comesWith(payload, after, "g1").own]);
    }
  }
});

test("of an event whose payload was trimmed behind what decided, nothing is said", () => {
  const payload = errorOf("python", ["E", "x", "f | a.py"]);
  const rules = groupingRulesOf(texts("type:* -> {{ type }}, x", ""));
  const trimmed = stored(payload, texts("", ""));
  expect(regroupEvent(structuredClone(trimmed), "g2", rules, { left: stepsMax }).isExact).toBe(
    true,
  );
  delete trimmed.exception;
  const none = groupingRulesOf(texts("", ""));
  expect(regroupEvent(trimmed, "g2", none, { left: stepsMax }).isExact).toBe(false);
});

test("an issue would be called as the rule that decides says, and without it by its event", () => {
  const payload = { exception: { values: [{ type: "DbDown", value: "at 1" }] } };
  const titled = texts('type:Db* -> db title="The database: {{ type }}"', "");
  const titleOf = (rules: RuleTexts) =>
    regroupEvent(stored(payload, titled), "g2", groupingRulesOf(rules), { left: stepsMax }).title;
  expect([titleOf(titled), titleOf(texts("", ""))]).toEqual([
    "The database: DbDown",
    "DbDown: at 1",
  ]);
});
