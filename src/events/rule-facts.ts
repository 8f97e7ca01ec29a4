import type { Steps } from "../protocol/glob";
import { plainPath } from "../protocol/path-glob";
import { type EventField, type FrameField, type Matcher } from "../protocol/rule-matcher";
import type { Frame } from "./frames";
import type { NormalEvent } from "./normal-event";

/** What patterns read of a text. */
const textCharsMax = 2000;

/** Texts of an event as rules look at them; each is read once, whatever number of rules there is. */
export type RuleFacts = {
  /** Whether some text of the event is as a matcher says; of a negated one, whether none is. */
  holds: (matcher: Matcher<EventField>, steps: Steps) => boolean;
  ofFrame: (frame: Frame) => FrameFacts;
};

/** The event's texts, of all its exceptions. */
export function factsOf(event: NormalEvent): RuleFacts {
  const known = new Map<string, string[]>();
  const frames = new Map<Frame, FrameFacts>();
  const textsOf = (field: Exclude<EventField, "tags">) => {
    const before = known.get(field);
    if (before) return before;
    const texts = readers[field](event).flatMap((text) => (text ? [cut(text)] : []));
    known.set(field, texts);
    return texts;
  };
  return {
    holds: ({ field, tag, isNegated, matches }, steps) => {
      const texts =
        field === "tags"
          ? event.tags.flatMap(([key, value]) => (key === tag ? [cut(value ?? "")] : []))
          : textsOf(field);
      return texts.some((text) => matches(text, steps)) !== isNegated;
    },
    ofFrame: (frame) => {
      const facts = frames.get(frame) ?? frameFactsOf(event, frame);
      frames.set(frame, facts);
      return facts;
    },
  };
}

const cut = (text: string) => text.slice(0, textCharsMax);

const exceptionsOf = ({ exception }: NormalEvent) => exception?.values ?? [];

const readers: Record<
  Exclude<EventField, "tags">,
  (event: NormalEvent) => (string | undefined)[]
> = {
  type: (event) => exceptionsOf(event).map(({ type }) => type),
  value: (event) => exceptionsOf(event).map(({ value }) => value),
  message: (event) => [event.logentry?.formatted, ...exceptionsOf(event).map(({ value }) => value)],
  mechanism: (event) => exceptionsOf(event).map(({ mechanism }) => mechanism?.type),
  level: ({ level }) => [level],
  logger: ({ logger }) => [logger],
  release: ({ release }) => [release],
  sdk: ({ sdk }) => [sdk?.name],
};

/** Texts of a frame as rules look at them. What of it changes while rules run is asked for each time. */
export type FrameFacts = {
  frame: Frame;
  texts: (field: Exclude<FrameField, "app" | "category">) => string[];
};

function frameFactsOf(event: NormalEvent, frame: Frame): FrameFacts {
  const known = new Map<string, string[]>();
  return {
    frame,
    texts: (field) => {
      const before = known.get(field);
      if (before) return before;
      const texts = frameReaders[field](frame, event).flatMap((text) => (text ? [cut(text)] : []));
      known.set(field, texts);
      return texts;
    },
  };
}

const frameReaders: Record<
  Exclude<FrameField, "app" | "category">,
  (frame: Frame, event: NormalEvent) => (string | undefined)[]
> = {
  path: ({ abs_path, filename }) =>
    [...new Set([abs_path, filename])].map((path) => path && plainPath(path)),
  module: ({ module }) => [module],
  function: (frame) => [frame.function],
  package: (frame) => [frame.package && plainPath(frame.package)],
  family: ({ platform }, event) => [ruleFamilyOf(platform ?? event.platform)],
};

const scripts = new Set(["javascript", "node"]);
const natives = new Set(["native", "c", "cocoa", "objc", "swift", "rust"]);

const ruleFamilyOf = (platform: string) =>
  scripts.has(platform) ? "javascript" : natives.has(platform) ? "native" : "other";

/** `category`: what rules made of the frame so far. */
export function frameHolds(
  { frame, texts }: FrameFacts,
  { field, isNegated, matches }: Matcher<FrameField>,
  steps: Steps,
  category?: string,
): boolean {
  const all =
    field === "app"
      ? [frame.in_app ? "yes" : "no"]
      : field === "category"
        ? category === undefined
          ? []
          : [category]
        : texts(field);
  return all.some((text) => matches(text, steps)) !== isNegated;
}
