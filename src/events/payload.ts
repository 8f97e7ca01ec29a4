import { Buffer } from "node:buffer";
import { compress, decompress } from "../protocol/compress";
import { type Dictionary, isName, lookUp, newDictionary, put } from "../protocol/dictionary";
import type { Json, JsonObject } from "../protocol/json";
import { isExceeded } from "./budget";
import type { Frame } from "./frames";
import type { NormalEvent } from "./normal-event";
import type { EventError, Report } from "./report";
import type { Summary } from "./title";

/** The stored form of an event: what normalisation, scrubbing and grouping made of it. */
export type StoredEvent = NormalEvent &
  Summary & { errors: EventError[]; hashes: string[]; _meta?: JsonObject };

const storedCharsMax = 1024 * 1024;
const metaCharsMax = 64 * 1024;

/** Puts the pieces together. Notes beyond all measure are left out: they describe the event, they are not it. */
export function storedEventOf(
  event: NormalEvent,
  summary: Summary,
  report: Report,
  hashes: string[],
): StoredEvent {
  const meta = report.meta.size > 0 ? nestedMeta(report) : undefined;
  const isKept = meta && JSON.stringify(meta).length <= metaCharsMax;
  const omitted = [
    ...(meta && !isKept ? ["notes"] : []),
    ...(isExceeded(report.budget) ? ["what was more than one event may have"] : []),
  ];
  return {
    ...event,
    ...summary,
    errors: [...report.errors, ...omissions(omitted)],
    hashes,
    ...(isKept && { _meta: meta }),
  };
}

/** One event as compressed bytes, at most 1 MiB before compression; the least telling parts go first. */
export function encodePayload(event: StoredEvent): Uint8Array {
  let json = JSON.stringify(event);
  if (json.length > storedCharsMax) json = JSON.stringify(shrink(event));
  return compress(Buffer.from(json)).bytes;
}

/** The event, and how many bytes it came out to. */
export function decodePayload(bytes: Uint8Array): { event: StoredEvent; bytes: number } {
  const json = decompress(bytes, 4 * storedCharsMax);
  return { event: JSON.parse(new TextDecoder().decode(json)), bytes: json.length };
}

const omissions = (omitted: string[]): EventError[] =>
  omitted.length > 0
    ? [{ type: "value_too_long", name: "event", value: `left out: ${omitted.join(", ")}` }]
    : [];

const framesOf = ({ exception, threads }: StoredEvent): Frame[] =>
  [...(exception?.values ?? []), ...(threads?.values ?? [])].flatMap(
    ({ stacktrace }) => stacktrace?.frames ?? [],
  );

const lastCrumbs = (small: StoredEvent, count: number) => {
  if (small.breadcrumbs) small.breadcrumbs.values = small.breadcrumbs.values.slice(-count);
};

/** What an event can do without, in the order in which it has to. After the last step every event is small enough. */
const reductions: [omitted: string, reduce: (small: StoredEvent) => void][] = [
  ["notes", (small) => delete small._meta],
  ["variables", (small) => framesOf(small).forEach((frame) => delete frame.vars)],
  ["modules", (small) => delete small.modules],
  ["older breadcrumbs", (small) => lastCrumbs(small, 20)],
  ["extra", (small) => delete small.extra],
  [
    "threads that did not crash",
    ({ threads }) => {
      if (threads) threads.values = threads.values.filter(({ crashed }) => crashed);
    },
  ],
  [
    "source around the lines of frames",
    (small) => {
      for (const frame of framesOf(small)) {
        delete frame.pre_context;
        delete frame.post_context;
      }
    },
  ],
  ["images", (small) => delete small.debug_meta],
  [
    "contexts",
    (small) => {
      const { trace } = small.contexts;
      small.contexts = newDictionary();
      if (trace) small.contexts.trace = trace;
    },
  ],
  ["request", (small) => delete small.request],
  [
    "stacks without source maps applied",
    ({ exception }) => exception?.values.forEach((each) => delete each.raw_stacktrace),
  ],
  ["threads", (small) => delete small.threads],
  ["breadcrumbs", (small) => delete small.breadcrumbs],
  [
    "older exceptions and frames",
    ({ exception }) => {
      if (!exception) return;
      exception.values = exception.values.slice(-5);
      for (const { stacktrace, mechanism } of exception.values) {
        if (stacktrace) stacktrace.frames = stacktrace.frames.slice(-20).map(placeOf);
        delete mechanism?.data;
        delete mechanism?.meta;
      }
    },
  ],
  [
    "what is left of free-form parts",
    (small) => {
      delete small.csp;
      delete small.template;
      delete small.user?.data;
      delete small.logentry?.params;
      delete small.sdk?.packages;
      delete small.sdk?.settings;
    },
  ],
];

const placeOf = (frame: Frame): Frame => {
  const { filename, function: name, module, lineno, colno, in_app, orig_in_app, in_group } = frame;
  return {
    ...(filename !== undefined && { filename }),
    ...(name !== undefined && { function: name }),
    ...(module !== undefined && { module }),
    ...(lineno !== undefined && { lineno }),
    ...(colno !== undefined && { colno }),
    ...(in_app !== undefined && { in_app }),
    ...(orig_in_app !== undefined && { orig_in_app }),
    ...(in_group !== undefined && { in_group }),
  };
};

function shrink(event: StoredEvent): StoredEvent {
  let small = structuredClone(event);
  const omitted: string[] = [];
  for (const [part, reduce] of reductions) {
    reduce(small);
    omitted.push(part);
    small = { ...small, errors: [...event.errors, ...omissions(omitted)] };
    if (JSON.stringify(small).length <= storedCharsMax) break;
  }
  return small;
}

/** Dotted paths → Sentry's nested `_meta` with "" as the leaf's key. The steps are names that clients chose. */
function nestedMeta(report: Report): JsonObject {
  const root = newDictionary<Json>();
  for (const [path, leaf] of report.meta) {
    // The empty name is the leaf's, and a leaf is nothing to walk into.
    const steps = path.split(".").filter((step) => step !== "");
    // What is called so was not kept.
    if (!steps.every(isName)) continue;
    let node = root;
    for (const step of steps) {
      const below = lookUp(node, step) ?? newDictionary<Json>();
      put(node, step, below);
      node = below as Dictionary<Json>;
    }
    put(node, "", leaf as Json);
  }
  return root;
}
