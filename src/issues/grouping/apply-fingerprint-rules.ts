import { stacksOf } from "../../events/exceptions";
import type { NormalEvent } from "../../events/normal-event";
import { factsOf, frameHolds } from "../../events/rule-facts";
import type { FingerprintRule } from "../../protocol/fingerprint-rules";
import type { Steps } from "../../protocol/glob";

/**
 * Writes into an event which of its project's rules decides: the first whose conditions all hold, those on frames for one
 * and the same frame. Answers with that rule. An event without frames is asked for its own family. Without steps left no
 * rule decides.
 */
export function applyFingerprintRules(
  event: NormalEvent,
  rules: readonly FingerprintRule[],
  steps: Steps,
  facts = factsOf(event),
): FingerprintRule | undefined {
  const frames = stacksOf(event).flatMap((stack) => stack.frames);
  const all = (frames.length > 0 ? frames : [{}]).map(facts.ofFrame);
  const rule = rules.find(
    ({ conditions: { ofEvent, ofFrames } }) =>
      ofEvent.every((matcher) => facts.holds(matcher, steps)) &&
      (ofFrames.length === 0 ||
        all.some((frame) => ofFrames.every((matcher) => frameHolds(frame, matcher, steps)))),
  );
  if (!rule || steps.left < 0) return undefined;
  event.grouping_rule = { text: rule.text, values: rule.values };
  return rule;
}
