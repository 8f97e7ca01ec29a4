import { diff } from "fast-myers-diff";
import {
  type DiffKind,
  flat,
  type PairDiff,
  pairsDiff,
  valueText,
} from "../../protocol/pairs-diff";
import { isBranch, leafText } from "../../protocol/tree-values";
import type { Schema } from "../api/client";
import { type Exception, partsOf } from "./event-parts";
import { exceptionChain } from "./exception-chain";
import { type Frame, placeOf } from "./frames";

export type FrameDiff = {
  kind: DiffKind;
  before: Frame | undefined;
  after: Frame | undefined;
  /** What differs in a frame that both have: its line, its locals. */
  changes: PairDiff[];
};

export type ExceptionDiff = { title: PairDiff; frames: FrameDiff[] };

export type EventDiff = {
  facts: PairDiff[];
  exceptions: ExceptionDiff[];
  tags: PairDiff[];
  user: PairDiff[];
  request: PairDiff[];
  contexts: PairDiff[];
  extra: PairDiff[];
  packages: PairDiff[];
};

type Event = Schema<"Event">;

/** What differs between two events, part by part; what is equal is named too, so that it can be folded. */
export function eventDiff(before: Event, after: Event): EventDiff {
  const [a, b] = [partsOf(before), partsOf(after)];
  const tags = ({ tags: all }: Event) =>
    all.map(({ key, value }): [string, string] => [key, value]);
  return {
    facts: pairsDiff(
      [
        ["message", before.message],
        ["culprit", before.culprit],
        ["platform", before.platform ?? ""],
        ["dist", before.dist ?? ""],
      ],
      [
        ["message", after.message],
        ["culprit", after.culprit],
        ["platform", after.platform ?? ""],
        ["dist", after.dist ?? ""],
      ],
    ),
    exceptions: exceptionsDiff(a.exceptions, b.exceptions, [a.threads, b.threads]),
    tags: pairsDiff(tags(before), tags(after)),
    user: pairsDiff(flat(before.user), flat(after.user)),
    request: pairsDiff(requestPairs(a.request), requestPairs(b.request)),
    contexts: pairsDiff(flat(before.contexts), flat(after.contexts)),
    extra: pairsDiff(flat(before.context), flat(after.context)),
    packages: pairsDiff(flat(before.packages), flat(after.packages)),
  };
}

/** How many of them differ. */
export const changesIn = (pairs: { kind: DiffKind }[]): number =>
  pairs.filter(({ kind }) => kind !== "same").length;

function requestPairs(request: ReturnType<typeof partsOf>["request"]): [string, string][] {
  if (!request) return [];
  const named = (kind: string, pairs: [string, string][]) =>
    pairs.map(([name, value]): [string, string] => [`${kind} ${name}`, value]);
  return [
    ["method", request.method ?? ""],
    ["url", request.url ?? ""],
    ...named("query", request.query),
    ...named("header", request.headers),
    ...named("cookie", request.cookies),
    ...(isBranch(request.body)
      ? flat(request.body).map(([name, value]): [string, string] => [`body ${name}`, value])
      : request.body === undefined
        ? []
        : [["body", leafText(request.body)] as [string, string]]),
  ];
}

type Threads = ReturnType<typeof partsOf>["threads"];

/** Exceptions are compared with their counterpart from the outermost on; a message's own trace stands for one. */
function exceptionsDiff(
  before: Exception[],
  after: Exception[],
  [threadsBefore, threadsAfter]: [Threads, Threads],
): ExceptionDiff[] {
  const [a, b] = [exceptionChain(before), exceptionChain(after)];
  if (a.length === 0 && b.length === 0) {
    const [one, other] = [threadsBefore, threadsAfter].map(
      (threads) => threads.find(({ isCurrent, isCrashed }) => isCrashed || isCurrent) ?? threads[0],
    );
    if (!one?.stack && !other?.stack) return [];
    return [
      {
        title: { name: "trace", kind: "same", before: "", after: "" },
        frames: framesDiff(one?.stack?.frames ?? [], other?.stack?.frames ?? []),
      },
    ];
  }
  return Array.from({ length: Math.max(a.length, b.length) }, (_, index) => {
    const [one, other] = [a[index]?.exception, b[index]?.exception];
    const titleIn = (exception: Exception | undefined): [string, string][] =>
      exception ? [["exception", `${exception.type}: ${exception.value}`]] : [];
    const [title] = pairsDiff(titleIn(one), titleIn(other));
    return {
      title: title ?? { name: "exception", kind: "same", before: "", after: "" },
      frames: framesDiff(one?.stack?.frames ?? [], other?.stack?.frames ?? []),
    };
  });
}

const identityOf = ({ function: name, filename, module }: Frame) =>
  `${name ?? ""}\n${filename ?? module ?? ""}`;

/** Frames aligned by function and file, newest first. */
export function framesDiff(before: Frame[], after: Frame[]): FrameDiff[] {
  const [a, b] = [before.toReversed(), after.toReversed()];
  const rows: FrameDiff[] = [];
  let [at, bt] = [0, 0];
  const same = (until: number) => {
    for (; at < until; at++, bt++) {
      const [one, other] = [a[at], b[bt]];
      if (one && other) rows.push(pairOfFrames(one, other));
    }
  };
  for (const [fromA, toA, fromB, toB] of diff(a.map(identityOf), b.map(identityOf))) {
    same(fromA);
    for (const frame of a.slice(fromA, toA))
      rows.push({ kind: "removed", before: frame, after: undefined, changes: [] });
    for (const frame of b.slice(fromB, toB))
      rows.push({ kind: "added", before: undefined, after: frame, changes: [] });
    [at, bt] = [toA, toB];
  }
  same(a.length);
  return rows;
}

function pairOfFrames(before: Frame, after: Frame): FrameDiff {
  const local = ([name, value]: [string, unknown]): [string, string] => [name, valueText(value)];
  const locals = pairsDiff(before.vars.map(local), after.vars.map(local));
  const place = pairsDiff([["line", placeOf(before)]], [["line", placeOf(after)]]);
  const changes = [...place, ...locals].filter(({ kind }) => kind !== "same");
  return { kind: changes.length > 0 ? "changed" : "same", before, after, changes };
}
