import { stacksOf } from "../events/exceptions";
import type { StoredEvent } from "../events/payload";
import { Fault } from "../fault";
import { type Grouping, type GroupingVersion, hashesOf, type RuleNote } from "./grouping/grouping";
import { groupings } from "./grouping/groupings";

export type GroupingComponent = {
  name: string;
  values: string[];
  contributes: boolean;
  /** Why it does or does not. */
  hint: string | null;
};

export type GroupingExplained = {
  /** By which the event found its issue. */
  version: GroupingVersion;
  variant: string;
  hash: string;
  /** Other hashes by which the event finds its issue. */
  secondary: string[];
  /** What the other version says, where the event was grouped by both. */
  other: { version: GroupingVersion; hash: string } | null;
  /** What decides for new events of the project. */
  project: { version: GroupingVersion; switchedAt: string | null };
  fingerprint: string[] | null;
  components: GroupingComponent[];
  /** What of the parts was left out or replaced, and by which rule. */
  rules: RuleNote[];
  /** Whether this says the same as when the event was digested; a trimmed payload may lack what decided then. */
  isExact: boolean;
};

/** What is known of the issue and its project beside the event. */
export type GroupingContext = {
  project: GroupingExplained["project"];
  /** Version that made the issue, where one did. */
  madeBy: string | undefined;
  /** Those of the event's hashes that lead to its issue. */
  leading: ReadonlySet<string>;
};

const valuesMax = 200;

/**
 * Why an event is in its issue, by the rules that put it there: what they say of an event never changes. Faults: gone,
 * when its payload is lost.
 */
export function explainGrouping(
  stored: StoredEvent | undefined,
  context: GroupingContext,
): GroupingExplained {
  if (!stored) throw new Fault("gone", "The payload of this event is lost");
  const { event, grouping, other } = deciding(stored, context);
  const { primary, secondary, explanation } = grouping;
  const { override, parts, variant, skipped, rules = [] } = explanation;
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
    version: explanation.algo,
    variant,
    hash: primary,
    secondary,
    other: other ? { version: other.explanation.algo, hash: other.primary } : null,
    project: context.project,
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
    rules: rules.slice(0, valuesMax),
    isExact: stored.hashes.includes(primary),
  };
}

type Regrouped = { event: StoredEvent; grouping: Grouping };

/**
 * The version of which a hash leads to the issue, g1 first, as in the digest; and the other one, if the event was grouped
 * by it. Of what comes to no hash that it had, the version that made the issue.
 */
function deciding(
  stored: StoredEvent,
  { leading, madeBy }: GroupingContext,
): Regrouped & { other: Grouping | undefined } {
  const byG1 = regrouped(stored);
  const both: Regrouped[] = [
    byG1,
    { event: stored, grouping: groupings.g2(structuredClone(stored)) },
  ];
  const exact = both.filter(({ grouping }) => stored.hashes.includes(grouping.primary));
  const chosen =
    exact.find(({ grouping }) => hashesOf(grouping).some((hash) => leading.has(hash))) ??
    exact.find(({ grouping }) => grouping.explanation.algo === madeBy) ??
    exact[0] ??
    both.find(({ grouping }) => grouping.explanation.algo === madeBy) ??
    byG1;
  const other = exact.find((each) => each !== chosen && exact.includes(chosen));
  return { ...chosen, other: other?.grouping };
}

/**
 * g1 looked at frames before those were marked for people. What the SDK itself had marked is not known any more:
 * the marks are right with which the event comes to its own hash.
 */
function regrouped(stored: StoredEvent): Regrouped {
  const group = (event: StoredEvent): Regrouped => ({
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
