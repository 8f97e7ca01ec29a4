import type { Steps } from "../protocol/glob";
import type { OwnershipRule } from "../protocol/ownership-rules";
import { plainPath } from "../protocol/path-glob";
import { stacksOf } from "./exceptions";
import type { NormalEvent } from "./normal-event";

/** What patterns read of a text, and frames that are looked at: those nearest to where it failed. */
const textCharsMax = 2000;
const framesMax = 100;

/**
 * The rule that says whose an event is: the last one that it meets, by its own frames, its address or its tags. Without
 * steps left nobody's.
 */
export function owningRule(
  event: NormalEvent,
  rules: readonly OwnershipRule[],
  steps: Steps,
): OwnershipRule | undefined {
  const known = new Map<string, string[]>();
  const textsOf = ({ by, tag }: OwnershipRule): string[] => {
    const name = `${by}:${tag ?? ""}`;
    const before = known.get(name);
    if (before) return before;
    const read = by === "tags" ? tagged(event, tag) : readers[by](event);
    const texts = [...new Set(read)].flatMap((text) => (text ? [text.slice(0, textCharsMax)] : []));
    known.set(name, texts);
    return texts;
  };
  const rule = rules.findLast((each) => textsOf(each).some((text) => each.matches(text, steps)));
  return steps.left < 0 ? undefined : rule;
}

const tagged = (event: NormalEvent, tag: string | undefined) =>
  event.tags.flatMap(([key, value]) => (key === tag && value ? [value] : []));

/** One's own code; what libraries did is nobody's fault here. */
const ownFrames = (event: NormalEvent) =>
  stacksOf(event)
    .flatMap(({ frames }) => frames)
    .filter(({ in_app }) => in_app)
    .slice(-framesMax);

const readers: Record<
  Exclude<OwnershipRule["by"], "tags">,
  (event: NormalEvent) => (string | undefined)[]
> = {
  path: (event) =>
    ownFrames(event).flatMap(({ abs_path, filename }) =>
      [abs_path, filename].map((path) => path && plainPath(path)),
    ),
  module: (event) => ownFrames(event).map(({ module }) => module),
  url: ({ request }) => [request?.url],
};
