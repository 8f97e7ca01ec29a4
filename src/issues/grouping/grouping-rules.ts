import { parseFingerprintRules } from "../../protocol/fingerprint-rules";
import { isFault } from "../../protocol/rule-text";
import { parseStackRules } from "../../protocol/stack-rules";
import type { GroupingRules } from "./group-event";

/** Rules as people write them, one a line. */
export type RuleTexts = { fingerprintRules: string; stackRules: string };

/** Rules that are kept, in the words of this release; what is not understood is no rule. */
export function groupingRulesOf({ fingerprintRules, stackRules }: RuleTexts): GroupingRules {
  const fingerprint = parseFingerprintRules(fingerprintRules);
  const stack = parseStackRules(stackRules);
  return {
    fingerprint: isFault(fingerprint) ? [] : fingerprint,
    stack: isFault(stack) ? [] : stack,
  };
}
