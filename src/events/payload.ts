import { Buffer } from "node:buffer";
import { compress, decompress } from "../protocol/compress";
import { type Dictionary, isName, lookUp, newDictionary, put } from "../protocol/dictionary";
import type { Json, JsonObject } from "../protocol/json";
import type { NormalEvent } from "./normalize";
import type { EventError, Report } from "./report";
import type { Summary } from "./title";

/** The stored form of an event: what normalisation, scrubbing and grouping made of it. */
export type StoredEvent = NormalEvent &
  Summary & { errors: EventError[]; hashes: string[]; _meta?: JsonObject };

const storedBytesMax = 1024 * 1024;
const oldCrumbsKept = 20;

/** Puts the pieces together; of an event that is still too large, the least telling parts go first. */
export function storedEventOf(
  event: NormalEvent,
  summary: Summary,
  report: Report,
  hashes: string[],
): StoredEvent {
  return {
    ...event,
    ...summary,
    errors: report.errors,
    hashes,
    ...(report.meta.size > 0 && { _meta: nestedMeta(report) }),
  };
}

/** One event as compressed bytes, at most 1 MiB before compression. */
export function encodePayload(event: StoredEvent): Uint8Array {
  let json = JSON.stringify(event);
  if (json.length > storedBytesMax) json = JSON.stringify(shrink(event));
  return compress(Buffer.from(json)).bytes;
}

export function decodePayload(bytes: Uint8Array): StoredEvent {
  return JSON.parse(new TextDecoder().decode(decompress(bytes, 4 * storedBytesMax)));
}

function shrink(event: StoredEvent): StoredEvent {
  const small = structuredClone(event);
  const stacks = [
    ...(small.exception?.values ?? []).map(({ stacktrace }) => stacktrace),
    ...(small.threads?.values ?? []).map(({ stacktrace }) => stacktrace),
  ];
  const frames = stacks.flatMap((stack) => stack?.frames ?? []);
  const steps: (() => void)[] = [
    () => frames.forEach((frame) => delete frame.vars),
    () => delete small.modules,
    () => {
      if (small.breadcrumbs)
        small.breadcrumbs.values = small.breadcrumbs.values.slice(-oldCrumbsKept);
    },
    () => delete small.extra,
    () => {
      if (small.threads)
        small.threads.values = small.threads.values.filter(({ crashed }) => crashed);
    },
    () =>
      frames.forEach((frame) => {
        delete frame.pre_context;
        delete frame.post_context;
      }),
    () => delete small.debug_meta,
    () => {
      small.contexts = small.contexts.trace ? { trace: small.contexts.trace } : {};
    },
    () => delete small.request,
  ];
  small.errors = [
    ...small.errors,
    { type: "value_too_long", name: "event", value: "reduced to fit 1 MiB" },
  ];
  for (const step of steps) {
    step();
    if (JSON.stringify(small).length <= storedBytesMax) break;
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
