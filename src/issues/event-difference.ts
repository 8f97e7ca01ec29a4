import { diff } from "fast-myers-diff";
import type { Exception } from "../events/exceptions";
import type { Frame } from "../events/frames";
import type { StoredEvent } from "../events/payload";
import { type DiffKind, flat, type PairDiff, pairsDiff, valueText } from "../protocol/pairs-diff";

export type LineDifference = {
  kind: DiffKind;
  text: string;
  /** What differs in what both have. */
  changes: PairDiff[];
};

/** What differs between two events, part by part; what is equal is left out. */
export type EventDifference = {
  facts: PairDiff[];
  tags: PairDiff[];
  user: PairDiff[];
  request: PairDiff[];
  contexts: PairDiff[];
  extra: PairDiff[];
  packages: PairDiff[];
  exceptions: { title: PairDiff; frames: LineDifference[] }[];
  breadcrumbs: LineDifference[];
};

const textCharsMax = 1000;

export function eventDifference(before: StoredEvent, after: StoredEvent): EventDifference {
  const pairs = (of: (event: StoredEvent) => [string, string][]) =>
    pairsDiff(of(before), of(after)).filter(({ kind }) => kind !== "same");
  return {
    facts: pairs(factsOf),
    tags: pairs(({ tags }) => tags),
    user: pairs(({ user }) => flat(user)),
    request: pairs(requestOf),
    contexts: pairs(({ contexts }) => flat(contexts)),
    extra: pairs(({ extra }) => flat(extra)),
    packages: pairs(({ modules }) => flat(modules)),
    exceptions: exceptionsOf(before, after),
    breadcrumbs: lines(before.breadcrumbs?.values ?? [], after.breadcrumbs?.values ?? [], (crumb) =>
      [crumb.category ?? crumb.type, crumb.level, crumb.message ?? valueText(crumb.data)].join(" "),
    ),
  };
}

const facts = [
  "title",
  "culprit",
  "level",
  "platform",
  "logger",
  "transaction",
  "server_name",
  "release",
  "dist",
  "environment",
] as const;

const factsOf = (event: StoredEvent): [string, string][] => [
  ...facts.flatMap((name): [string, string][] => {
    const value = event[name];
    return value === undefined ? [] : [[name, value]];
  }),
  ...(event.logentry?.formatted === undefined
    ? []
    : [["message", event.logentry.formatted] satisfies [string, string]]),
];

function requestOf({ request }: StoredEvent): [string, string][] {
  if (!request) return [];
  const { query_string, headers, cookies, data, method, url } = request;
  const named = (kind: string, all: [string, string][] = []) =>
    all.map(([name, value]): [string, string] => [`${kind} ${name}`, value]);
  return [
    ...flat({ method, url }),
    ...named("query", query_string),
    ...named("header", headers),
    ...named("cookie", cookies),
    ...named(
      "body",
      data === undefined ? [] : typeof data === "object" ? flat(data) : [["", valueText(data)]],
    ),
  ];
}

/** Compared with their counterparts from the one thrown last on. */
function exceptionsOf(before: StoredEvent, after: StoredEvent): EventDifference["exceptions"] {
  const [a, b] = [before, after].map(({ exception }) => (exception?.values ?? []).toReversed());
  return Array.from({ length: Math.max(a?.length ?? 0, b?.length ?? 0) }, (_, index) => {
    const [one, other] = [a?.[index], b?.[index]];
    const [title] = pairsDiff(titleOf(one), titleOf(other));
    return {
      title: title ?? { name: "exception", kind: "same" as const, before: "", after: "" },
      frames: lines(framesOf(one), framesOf(other), placeOf, changesOf),
    };
  }).filter(({ title, frames }) => title.kind !== "same" || frames.length > 0);
}

const titleOf = (exception: Exception | undefined): [string, string][] =>
  exception ? [["exception", `${exception.type ?? ""}: ${exception.value ?? ""}`]] : [];
const framesOf = (exception: Exception | undefined): Frame[] =>
  (exception?.stacktrace?.frames ?? []).toReversed();
const placeOf = (frame: Frame) =>
  `${frame.function ?? "?"} in ${frame.filename ?? frame.module ?? "?"}`;

function changesOf(before: Frame, after: Frame): PairDiff[] {
  const known = ({ lineno, colno, context_line, vars }: Frame) => [
    ...flat({ lineno, colno, context_line }),
    ...Object.entries(vars ?? {}).map(([name, value]): [string, string] => [
      `local ${name}`,
      valueText(value),
    ]),
  ];
  return pairsDiff(known(before), known(after)).filter(({ kind }) => kind !== "same");
}

/** Two lists aligned by what their members say; what both have is listed where something in it differs. */
function lines<T>(
  before: T[],
  after: T[],
  textOf: (one: T) => string,
  changes: (one: T, other: T) => PairDiff[] = () => [],
): LineDifference[] {
  const [a, b] = [before.map(textOf), after.map(textOf)];
  const found: LineDifference[] = [];
  let [at, bt] = [0, 0];
  const same = (until: number) => {
    for (; at < until; at++, bt++) {
      const [one, other] = [before[at], after[bt]];
      const differing = one === undefined || other === undefined ? [] : changes(one, other);
      if (differing.length > 0)
        found.push({ kind: "changed", text: short(a[at]), changes: differing });
    }
  };
  for (const [fromA, toA, fromB, toB] of diff(a, b)) {
    same(fromA);
    for (const text of a.slice(fromA, toA))
      found.push({ kind: "removed", text: short(text), changes: [] });
    for (const text of b.slice(fromB, toB))
      found.push({ kind: "added", text: short(text), changes: [] });
    [at, bt] = [toA, toB];
  }
  same(a.length);
  return found;
}

const short = (text = "") => text.slice(0, textCharsMax);
