import type { Steps } from "../protocol/glob";
import type { FrameField, Matcher } from "../protocol/rule-matcher";
import type { StackAction, StackRule } from "../protocol/stack-rules";
import { stacksOf } from "./exceptions";
import type { Frame, Stacktrace } from "./frames";
import type { NormalEvent } from "./normal-event";
import { type FrameFacts, factsOf, frameHolds, type RuleFacts } from "./rule-facts";

/**
 * Marks an event's frames by its project's rules: whose code they are, and whether they group. Every rule sees what those
 * before it made. Without steps left the rest of the rules does nothing. Rules that found a frame are added to `met`.
 */
export function applyStackRules(
  event: NormalEvent,
  rules: readonly StackRule[],
  steps: Steps,
  facts = factsOf(event),
  met?: Set<StackRule>,
): void {
  const stacks = stacksOf(event).map((stack) => newMarked(facts, stack));
  for (const rule of rules) {
    if (!rule.conditions.ofEvent.every((matcher) => facts.holds(matcher, steps))) continue;
    for (const stack of stacks) {
      const found = framesOf(stack, rule, steps);
      if (steps.left < 0) return;
      if (found.length === 0) continue;
      met?.add(rule);
      for (const action of rule.actions) act(stack, found, action);
    }
  }
}

/** Takes back what rules made of an event's frames. */
export function forgetStackRules(event: NormalEvent): void {
  for (const stack of stacksOf(event)) {
    delete stack.grouped_frames_max;
    for (const frame of stack.frames) {
      delete frame.in_group;
      if (frame.orig_in_app === undefined) continue;
      frame.in_app = frame.orig_in_app;
      delete frame.orig_in_app;
    }
  }
}

/** A stack while rules run; categories are theirs alone. */
type Marked = { stack: Stacktrace; frames: FrameFacts[]; categories: (string | undefined)[] };

const newMarked = (facts: RuleFacts, stack: Stacktrace): Marked => ({
  stack,
  frames: stack.frames.map(facts.ofFrame),
  categories: [],
});

/** Places of the frames that a rule finds. Frames are oldest first: a caller stands before, a callee behind. */
function framesOf({ frames, categories }: Marked, rule: StackRule, steps: Steps): number[] {
  const holds = (at: number, matchers: Matcher<FrameField>[] | undefined) => {
    const frame = frames[at];
    if (!matchers) return true;
    return (
      frame !== undefined &&
      matchers.every((matcher) => frameHolds(frame, matcher, steps, categories[at]))
    );
  };
  return frames.flatMap((_, at) =>
    holds(at, rule.conditions.ofFrames) && holds(at - 1, rule.caller) && holds(at + 1, rule.callee)
      ? at
      : [],
  );
}

function act({ stack, frames, categories }: Marked, found: number[], action: StackAction): void {
  if (action.on === "max-frames") {
    stack.grouped_frames_max = action.max;
    return;
  }
  if (action.on === "category") {
    for (const at of found) categories[at] = action.category;
    return;
  }
  const [first = 0] = found;
  const last = found.at(-1) ?? 0;
  const marked =
    action.reach === "above"
      ? frames.slice(first + 1)
      : action.reach === "below"
        ? frames.slice(0, last)
        : found.flatMap((at) => frames[at] ?? []);
  for (const { frame } of marked) {
    if (action.on === "app") mark(frame, action.is);
    else if (action.is) delete frame.in_group;
    else frame.in_group = false;
  }
}

/** What it was before any rule is kept, so that other rules can be tried on the event later. */
function mark(frame: Frame, isOwn: boolean): void {
  if (frame.in_app !== undefined && frame.in_app !== isOwn) frame.orig_in_app ??= frame.in_app;
  frame.in_app = isOwn;
}
