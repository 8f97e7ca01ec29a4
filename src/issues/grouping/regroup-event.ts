import { applyStackRules, forgetStackRules } from "../../events/apply-stack-rules";
import { stacksOf } from "../../events/exceptions";
import { marksOf, setMarks } from "../../events/frame-marks";
import type { NormalEvent } from "../../events/normal-event";
import type { StoredEvent } from "../../events/payload";
import { factsOf } from "../../events/rule-facts";
import { summarize, titleOf } from "../../events/title";
import type { FingerprintRule } from "../../protocol/fingerprint-rules";
import type { Steps } from "../../protocol/glob";
import type { StackRule } from "../../protocol/stack-rules";
import { applyFingerprintRules } from "./apply-fingerprint-rules";
import { resolveTitle } from "./fingerprint";
import type { GroupingRules } from "./group-event";
import { type Grouping, type GroupingVersion, hashesOf } from "./grouping";
import { groupings } from "./groupings";

export type Regrouped = {
  /** By which the event would find its issue, the primary first. */
  hashes: string[];
  /** The fingerprint rule that decides. */
  rule: FingerprintRule | undefined;
  /** Stack-trace rules that found a frame. */
  met: ReadonlySet<StackRule>;
  /** What its issue would be called. */
  title: string;
  /** False: the payload was trimmed behind what decided when it was digested, so that nothing can be said. */
  isExact: boolean;
};

/**
 * What rules and a version make of a stored event, as if it came now. The marks of its frames are those of before the
 * rules of then; of what a release stored that did not keep these, the marks that the rules made. Changes the event.
 */
export function regroupEvent(
  stored: StoredEvent,
  version: GroupingVersion,
  rules: GroupingRules,
  steps: Steps,
): Regrouped {
  const former = version === "g2" ? newFormer(stored) : undefined;
  forgetStackRules(stored);
  const sent = version === "g1" ? g1Marks(stored) : undefined;
  delete stored.grouping_rule;
  const met = new Set<StackRule>();
  const facts = factsOf(stored);
  applyStackRules(stored, rules.stack, steps, facts, met);
  const rule = applyFingerprintRules(stored, rules.fingerprint, steps, facts);
  const title = rule?.title ? titleOf(resolveTitle(rule.title, stored)) : summarize(stored).title;
  const hashes = hashesOf(sent ? byG1(stored, sent.marks) : groupings.g2(stored));
  const isSame = stored.hashes.includes(hashes[0] ?? "");
  const isExact = isSame || (sent?.isExact ?? former?.isExact() ?? false);
  return { hashes, rule, met, title, isExact };
}

/** Whether an event came to its own hash as it was stored; asked for when it is not so any more. */
function newFormer(stored: StoredEvent) {
  const frames = stacksOf(stored).flatMap((stack) =>
    stack.frames.map((frame) => ({ frame, in_app: frame.in_app, in_group: frame.in_group })),
  );
  const maxima = stacksOf(stored).map((stack) => ({ stack, max: stack.grouped_frames_max }));
  const rule = stored.grouping_rule;
  return {
    isExact(): boolean {
      for (const { frame, in_app, in_group } of frames) {
        if (in_app !== undefined) frame.in_app = in_app;
        if (in_group === undefined) delete frame.in_group;
        else frame.in_group = in_group;
      }
      for (const { stack, max } of maxima) {
        if (max === undefined) delete stack.grouped_frames_max;
        else stack.grouped_frames_max = max;
      }
      if (rule) stored.grouping_rule = rule;
      else delete stored.grouping_rule;
      return stored.hashes.includes(groupings.g2(stored).primary);
    },
  };
}

/**
 * g1 looked at frames before those were marked for people. What the SDK itself had marked is not known any more: the marks
 * are right with which the event comes to its own hash.
 */
function g1Marks(stored: StoredEvent) {
  const [own] = stored.hashes;
  const before = marksOf(stored);
  const marked = groupings.g1(stored).primary === own;
  if (marked) return { marks: before, isExact: true };
  const bare = before.map(([frame]): (typeof before)[number] => [frame, undefined]);
  const isExact = byG1(stored, bare).primary === own;
  return { marks: isExact ? bare : before, isExact };
}

function byG1(event: NormalEvent, marks: ReturnType<typeof marksOf>): Grouping {
  const now = marksOf(event);
  setMarks(marks);
  const grouping = groupings.g1(event);
  setMarks(now);
  return grouping;
}
