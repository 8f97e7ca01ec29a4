import type { Steps } from "../protocol/glob";
import type { OwnershipRule } from "../protocol/ownership-rules";
import { plainPath } from "../protocol/path-glob";
import { stacksOf } from "./exceptions";
import type { NormalEvent, Tag } from "./normal-event";

/** What patterns read of a text, and frames that are looked at: those nearest to where it failed. */
const textCharsMax = 2000;
const framesMax = 100;

type OwnFrame = {
  abs_path?: string | undefined;
  filename?: string | undefined;
  module?: string | undefined;
};

/** What rules of ownership look at: so little that it waits until it is clear whether the event makes an issue. */
export type OwnedPart = { frames: OwnFrame[]; url: string | undefined; tags: Tag[] };

/** Of an event; of its stacks one's own code, since what libraries did is nobody's fault here. */
export const ownedPartOf = (event: NormalEvent): OwnedPart => ({
  frames: stacksOf(event)
    .flatMap(({ frames }) => frames)
    .filter(({ in_app }) => in_app)
    .slice(-framesMax)
    .map(({ abs_path, filename, module }) => ({ abs_path, filename, module })),
  url: event.request?.url,
  tags: event.tags,
});

/**
 * The rules that say whose an event is: those that it meets, by its own frames, its address or its tags, the last one
 * first. Without steps left none.
 */
export function owningRules(
  part: OwnedPart,
  rules: readonly OwnershipRule[],
  steps: Steps,
): OwnershipRule[] {
  const known = new Map<string, string[]>();
  const textsOf = ({ by, tag }: OwnershipRule): string[] => {
    const name = `${by}:${tag ?? ""}`;
    const before = known.get(name);
    if (before) return before;
    const read = by === "tags" ? tagged(part, tag) : readers[by](part);
    const texts = [...new Set(read)].flatMap((text) => (text ? [text.slice(0, textCharsMax)] : []));
    known.set(name, texts);
    return texts;
  };
  const met = rules.filter((each) => textsOf(each).some((text) => each.matches(text, steps)));
  return steps.left < 0 ? [] : met.toReversed();
}

const tagged = ({ tags }: OwnedPart, tag: string | undefined) =>
  tags.flatMap(([key, value]) => (key === tag && value ? [value] : []));

const readers: Record<
  Exclude<OwnershipRule["by"], "tags">,
  (part: OwnedPart) => (string | undefined)[]
> = {
  path: ({ frames }) =>
    frames.flatMap(({ abs_path, filename }) =>
      [abs_path, filename].map((path) => path && plainPath(path)),
    ),
  module: ({ frames }) => frames.map(({ module }) => module),
  url: ({ url }) => [url],
};
