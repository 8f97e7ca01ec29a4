import { createHash } from "node:crypto";
import type { Exception } from "../../events/exceptions";
import type { Frame, Stacktrace } from "../../events/frames";
import { placeholder } from "../../events/message";
import type { NormalEvent } from "../../events/normal-event";
import { summarize } from "../../events/title";
import { groupMembers } from "./exception-groups";
import { builtInFingerprint, isDefaultFingerprint, resolveFingerprint } from "./fingerprint";
import { type FrameReader, isPage, newFrameReader } from "./g2-frames";
import { parameterizeG2 } from "./g2-parameterize";
import { cleanName } from "./generated-names";
import type { Explanation, Grouping, Variant } from "./grouping";
import { flattenParts } from "./parts";
import { reportParts } from "./report-parts";
import { captureTypeOf } from "./rules/capture-types";
import { familyOf } from "./rules/family";
import { bundledFileRule } from "./rules/file-names";

const exceptionsMax = 10;
const templateLinesMax = 10;
const minifiedColumnsMin = { javascript: 250, node: 1000 };
/** Letters of a class name that a bundler shortened. */
const shortTypeCharsMax = 2;

type Part = Explanation["parts"][number];
type Chosen = { variant: Variant; parts: Part[]; notInApp: number; repeats: number };
type StackVariant = "minified" | "app" | "system" | "exception";

/** Digest of parts; the separator cannot occur in them, and the version is one of them. */
const hashOf = (parts: string[]) =>
  createHash("sha256")
    .update(`g2\x1f${parts.join("\x1f")}`)
    .digest("hex")
    .slice(0, 32);

const hashOfParts = ({ variant, parts }: Pick<Chosen, "variant" | "parts">) =>
  hashOf([variant, ...flattenParts(parts)]);

/**
 * Version 2 of grouping: like g1, but names are read without what runtimes and builds make up in them, numbers that say
 * what failed stay, and a text counts where frames do not tell. Depends on what failed and where, never on time,
 * environment, release, server, user or tags. Looks at the marks of frames that `markInApp` made.
 */
export function groupingOfG2(event: NormalEvent): Grouping {
  const reader = newFrameReader(event);
  const chosen = choose(event, reader);
  const builtIn = hashOfParts(chosen);
  const explain = (override: string | null): Explanation => ({
    algo: "g2",
    variant: chosen.variant,
    parts: chosen.parts,
    override,
    skipped: { notInApp: chosen.notInApp, repeats: chosen.repeats },
    rules: reader.notes,
  });
  if (event.fingerprint && !isDefaultFingerprint(event.fingerprint)) {
    const parts = resolveFingerprint(event.fingerprint, event, builtIn);
    return {
      primary: hashOf(["custom", ...parts]),
      secondary: [],
      explanation: explain("client fingerprint"),
    };
  }
  const noise = builtInFingerprint(event);
  if (noise) {
    return {
      primary: hashOf(["builtin", noise]),
      secondary: [],
      explanation: explain(`built-in: ${noise}`),
    };
  }
  // Before the rest of the frames is read: the explanation is of the primary hash.
  const explanation = explain(null);
  explanation.rules = [...reader.notes];
  const secondary = othersOf(event, chosen.variant, reader).filter((hash) => hash !== builtIn);
  return { primary: builtIn, secondary, explanation };
}

/** Hashes that the event had if none of its frames were the user's own, and before its names were looked up. */
function othersOf(event: NormalEvent, variant: Variant, reader: FrameReader): string[] {
  if (variant !== "app" && variant !== "system") return [];
  const raw = (event.exception?.values ?? []).flatMap(
    ({ raw_stacktrace }) => raw_stacktrace?.frames ?? [],
  );
  return [
    ...(variant === "app" ? [hashOfParts(chooseStack(event, "system", reader))] : []),
    ...(isMinified(event.platform, raw)
      ? [hashOfParts(chooseStack(event, "minified", reader))]
      : []),
  ];
}

function choose(event: NormalEvent, reader: FrameReader): Chosen {
  const exceptions = event.exception?.values ?? [];
  if (event.csp) return one("csp", reportParts(event));
  const text = messageText(event, exceptions);
  if (text !== undefined) return one("message", [{ value: text }]);
  if (exceptions.length > 0) {
    const frames = exceptions.flatMap((exception) => stackOf(event, exception)?.frames ?? []);
    if (isMinified(event.platform, frames)) return chooseStack(event, "minified", reader);
    if (frames.some((frame) => frame.in_app)) return chooseStack(event, "app", reader);
    return chooseStack(event, frames.length > 0 ? "system" : "exception", reader);
  }
  const threads = event.threads?.values ?? [];
  const thread =
    threads.find(({ crashed, stacktrace }) => crashed && stacktrace) ??
    threads.find(({ current, stacktrace }) => current && stacktrace);
  if (thread?.stacktrace) {
    const own = thread.stacktrace.frames.some((frame) => frame.in_app);
    const { frames, notInApp, repeats } = reader.contributionsOf(
      thread.stacktrace,
      own,
      () => "perhaps",
    );
    return { variant: "thread", parts: [{ frames }], notInApp, repeats };
  }
  const name = event.transaction
    ? parameterizeG2(event.transaction)
    : parameterizeG2(summarize(event).culprit);
  return one("fallback", [{ type: event.platform, value: name || "<no message>" }]);
}

const one = (variant: Variant, parts: Part[]): Chosen => ({
  variant,
  parts,
  notInApp: 0,
  repeats: 0,
});

/** Of crashes, the stack may be with the thread that the exception names. */
function stackOf(event: NormalEvent, exception: Exception): Stacktrace | undefined {
  if (exception.stacktrace || exception.thread_id === undefined) return exception.stacktrace;
  return event.threads?.values.find(({ id }) => id === exception.thread_id)?.stacktrace;
}

/** A log message, also when a stack was attached to it: then the text decides, so that attaching changes nothing. */
function messageText(event: NormalEvent, exceptions: Exception[]): string | undefined {
  const entry = event.logentry;
  if (entry) {
    const repeats = exceptions.every(
      ({ type, value, mechanism }) =>
        !type && (mechanism?.synthetic || value === undefined || value === entry.formatted),
    );
    if (!repeats) return undefined;
    // A template of placeholders alone says nothing.
    const isTelling = entry.message && /\p{L}{2}/u.test(entry.message.replace(placeholder, ""));
    if (!isTelling || !entry.message) return parameterizeG2(entry.formatted);
    // All of a template is the program's word, not only its first line.
    const lines = entry.message.split("\n", templateLinesMax).map(parameterizeG2);
    return lines.filter((line) => line !== "").join("\n");
  }
  const [only] = exceptions;
  const valueAlone =
    exceptions.length === 1 && only && !only.type && only.value && !stackOf(event, only);
  return valueAlone ? parameterizeG2(only.value ?? "") : undefined;
}

/** Names and columns of bundled code change with every build. On servers only a very long line counts. */
function isMinified(platform: string, frames: Frame[]): boolean {
  if (platform !== "javascript" && platform !== "node") return false;
  return frames.some((frame) => {
    if (frame.context_line) return false;
    if ((frame.colno ?? 0) > minifiedColumnsMin[platform]) return true;
    if (platform === "node" || isPage(frame)) return false;
    const file = (frame.filename ?? "").split(/[?#]/, 1)[0] ?? "";
    return (
      /[.-]min\./.test(file) ||
      cleanName("javascript", "file", file).rules.includes(bundledFileRule.name)
    );
  });
}

function chooseStack(event: NormalEvent, variant: StackVariant, reader: FrameReader): Chosen {
  const all = event.exception?.values ?? [];
  const counts = { notInApp: 0, repeats: 0 };
  const lastOwn = all.findLastIndex((each) => hasOwnFrames(stackOf(event, each)));
  const partOf = (exception: Exception): Part =>
    partOfException(event, exception, variant, reader, counts, all.indexOf(exception) > lastOwn);
  const members = groupMembers(all);
  if (!members) {
    const used = all.length > exceptionsMax ? [...all.slice(0, 5), ...all.slice(-5)] : all;
    return { variant, parts: used.map(partOf), ...counts };
  }
  // Three or thirty failures of one kind in a group are one issue: each kind counts once, in fixed order.
  const distinct = new Map(
    members.exceptions.map((exception) => {
      const part = partOf(exception);
      return [flattenParts([part]).join("\x1f"), part];
    }),
  );
  const parts = [...distinct].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, part]) => part);
  const rootStack = members.root?.stacktrace;
  if (rootStack && !members.exceptions.some(({ stacktrace }) => stacktrace)) {
    const own = variant === "app" && hasOwnFrames(rootStack);
    const { frames } = reader.contributionsOf(rootStack, own);
    parts.push({ frames: frames.map((frame) => `at: ${frame}`) });
  }
  return { variant, parts: parts.slice(0, exceptionsMax), ...counts };
}

const hasOwnFrames = (stack: Stacktrace | undefined) =>
  stack?.frames.some((frame) => frame.in_app) ?? false;

function partOfException(
  event: NormalEvent,
  exception: Exception,
  variant: StackVariant,
  reader: FrameReader,
  counts: { notInApp: number; repeats: number },
  isWrapper: boolean,
): Part {
  const type = typeOf(event, exception, reader);
  const named = type === undefined ? {} : { type };
  const stack = stackOf(event, exception);
  if (variant === "minified" || variant === "exception" || !stack) {
    return { ...named, value: parameterizeG2(exception.value ?? "") };
  }
  const isOwn = variant === "app" && hasOwnFrames(stack);
  if (variant === "app" && !isOwn) return partOfForeign(named, stack, isWrapper, reader);
  const counted = reader.contributionsOf(stack, isOwn, () => recursionOf(exception));
  counts.notInApp += counted.notInApp;
  counts.repeats += counted.repeats;
  const capture = captureTypeOf(exception, event.platform, event.sdk?.name);
  const reason =
    capture ??
    (counted.isWeak || counted.frames.length === 0
      ? "the failing frame has no name"
      : variant === "system"
        ? "no frame is the program's own"
        : undefined);
  if (reason === undefined) return { ...named, frames: counted.frames };
  reader.note("value", [`the text counts: ${reason}`]);
  return { ...named, value: parameterizeG2(exception.value ?? ""), frames: counted.frames };
}

/**
 * An exception of libraries in a chain that has frames of one's own elsewhere. Where it wraps what the program threw
 * (Android's "Unable to start activity") its type counts, where it is a cause also the place where it was thrown: what
 * else is in its frames changes with the version of the system or the library.
 */
function partOfForeign(
  named: { type?: string },
  stack: Stacktrace,
  isWrapper: boolean,
  reader: FrameReader,
): Part {
  const frame = isWrapper ? undefined : reader.failingFrameOf(stack);
  const reason = isWrapper
    ? "wraps the program's own: type only"
    : "cause in a library: type and place";
  reader.note(named.type ?? "exception", [reason]);
  return { ...named, ...(frame && { frames: [frame] }) };
}

/** Built by a bundler, a name of one or two letters is another one tomorrow; with blanks in it, it is a text. */
function typeOf(
  event: NormalEvent,
  { type, mechanism }: Exception,
  reader: FrameReader,
): string | undefined {
  if (!type || mechanism?.synthetic) return undefined;
  const family = familyOf(event.platform);
  const name = reader.clean(family, "type", type);
  if (name === "" || (family === "javascript" && name.length <= shortTypeCharsMax))
    return undefined;
  return /\s/.test(name) ? parameterizeG2(name) : name;
}

const overflow =
  /StackOverflow|RecursionError|SystemStackError|stack level too deep|stack overflow|recursion (?:depth|limit)|too much recursion|call stack size exceeded|function nesting level/i;

function recursionOf({ type, value, mechanism }: Exception): "endless" | "perhaps" | undefined {
  if (overflow.test(type ?? "") || overflow.test((value ?? "").slice(0, 400))) return "endless";
  const isSignal = /^(?:signal|mach|minidump|nsexception|seh)/i.test(mechanism?.type ?? "");
  return isSignal ? "perhaps" : undefined;
}
