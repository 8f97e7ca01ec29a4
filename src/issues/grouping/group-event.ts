import { applyStackRules } from "../../events/apply-stack-rules";
import { marksOf, setMarks } from "../../events/frame-marks";
import { markInApp } from "../../events/in-app";
import type { NormalEvent } from "../../events/normal-event";
import { factsOf } from "../../events/rule-facts";
import type { FingerprintRule } from "../../protocol/fingerprint-rules";
import type { Steps } from "../../protocol/glob";
import type { StackRule } from "../../protocol/stack-rules";
import { applyFingerprintRules } from "./apply-fingerprint-rules";
import type { Groupings } from "./grouping";
import { groupings } from "./groupings";

/** What all events of an envelope may cost a project's rules of grouping; past that they are grouped without. */
export const groupingStepsMax = 4_000_000;

/** A project's own rules of grouping, and what they may still cost. */
export type GroupingRules = { fingerprint: FingerprintRule[]; stack: StackRule[] };

export type Grouped = {
  groupings: Groupings;
  /** The project's rule that decides. */
  rule?: FingerprintRule;
};

/**
 * Marks the frames of an event and groups it, by every version that its project has a use for. Fingerprint rules decide
 * for all versions; g1 is frozen, so that stack rules shape g2 alone.
 */
export function groupEvent(
  event: NormalEvent,
  isOnG2Alone: boolean,
  rules?: GroupingRules,
  steps: Steps = { left: 0 },
): Grouped {
  if (!rules) {
    const g1 = isOnG2Alone ? undefined : groupings.g1(event);
    markInApp(event);
    return { groupings: { ...(g1 && { g1 }), g2: groupings.g2(event) } };
  }
  const sent = isOnG2Alone ? undefined : marksOf(event);
  markInApp(event);
  const facts = factsOf(event);
  applyStackRules(event, rules.stack, steps, facts);
  const rule = applyFingerprintRules(event, rules.fingerprint, steps, facts);
  const g1 = sent && withMarks(event, sent, () => groupings.g1(event));
  return {
    groupings: { ...(g1 && { g1 }), g2: groupings.g2(event) },
    ...(rule && { rule }),
  };
}

function withMarks<T>(event: NormalEvent, marks: ReturnType<typeof marksOf>, work: () => T): T {
  const own = marksOf(event);
  setMarks(marks);
  const result = work();
  setMarks(own);
  return result;
}
