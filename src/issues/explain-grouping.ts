import { stacksOf } from "../events/exceptions";
import type { StoredEvent } from "../events/payload";
import { Fault } from "../fault";
import { groupings } from "./grouping/groupings";

export type GroupingComponent = {
  name: string;
  values: string[];
  contributes: boolean;
  /** Why it does or does not. */
  hint: string | null;
};

export type GroupingExplained = {
  version: "g1";
  variant: string;
  hash: string;
  /** Other hashes by which the event finds its issue. */
  secondary: string[];
  fingerprint: string[] | null;
  components: GroupingComponent[];
  /** Whether this says the same as when the event was digested; a trimmed payload may lack what decided then. */
  isExact: boolean;
};

const valuesMax = 200;

/**
 * Why an event is in its issue, by the rules that put it there: what they say of an event never changes. Faults: gone,
 * when its payload is lost.
 */
export function explainGrouping(stored: StoredEvent | undefined): GroupingExplained {
  if (!stored) throw new Fault("gone", "The payload of this event is lost");
  const { event, grouping } = regrouped(stored);
  const { primary, secondary, explanation } = grouping;
  const { override, parts, variant, skipped } = explanation;
  const isBuiltIn = override === null;
  const component = (
    name: string,
    values: string[],
    hint: string | null,
    contributes = isBuiltIn,
  ) => ({
    name,
    values: values.slice(0, valuesMax),
    contributes,
    hint: contributes || isBuiltIn ? hint : `ignored: ${override} decides`,
  });
  const texts = (name: "type" | "value") =>
    parts.map((part) => part[name]).filter((text) => text !== undefined);
  const hasValue = texts("value").length > 0;
  const message = (event.exception?.values ?? []).flatMap(({ value }) => value ?? []);
  const left = [
    ...(skipped.notInApp > 0 ? [`${skipped.notInApp} frames of libraries left out`] : []),
    ...(skipped.repeats > 0 ? [`${skipped.repeats} repeated frames left out`] : []),
  ];
  return {
    version: "g1",
    variant,
    hash: primary,
    secondary,
    fingerprint: event.fingerprint ?? null,
    components: [
      ...(isBuiltIn ? [] : [component("fingerprint", event.fingerprint ?? [], override, true)]),
      component("type", texts("type"), null),
      ...(hasValue
        ? [component("value", texts("value"), "numbers, ids, addresses and times are replaced")]
        : message.length > 0
          ? [component("value", message, "ignored: the frames tell more", false)]
          : []),
      ...(parts.some(({ frames }) => frames)
        ? [
            component(
              "frames",
              parts.flatMap(({ frames }) => frames ?? []),
              left.join(", ") || null,
            ),
          ]
        : []),
    ].filter(({ values, contributes }) => values.length > 0 || contributes),
    isExact: stored.hashes[0] === primary,
  };
}

/**
 * The rules looked at frames before those were marked for people. What the SDK itself had marked is not known any more:
 * the marks are right with which the event comes to its own hash.
 */
function regrouped(stored: StoredEvent) {
  const group = (event: StoredEvent) => ({
    event,
    grouping: groupings.g1(event),
  });
  const asStored = group(structuredClone(stored));
  if (asStored.grouping.primary === stored.hashes[0]) return asStored;
  const unmarked = structuredClone(stored);
  for (const { frames } of stacksOf(unmarked)) for (const frame of frames) delete frame.in_app;
  const bare = group(unmarked);
  return bare.grouping.primary === stored.hashes[0] ? bare : asStored;
}
