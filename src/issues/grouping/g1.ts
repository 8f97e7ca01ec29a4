import { createHash } from "node:crypto";
import type { Exception } from "../../events/exceptions";
import type { Frame, Stacktrace } from "../../events/frames";
import type { NormalEvent } from "../../events/normal-event";
import { summarize } from "../../events/title";
import { groupMembers } from "./exception-groups";
import { overrideOf } from "./fingerprint";
import type { Explanation, Grouping, Variant } from "./grouping";
import { parameterize } from "./parameterize";
import { flattenParts } from "./parts";
import { reportParts } from "./report-parts";

const exceptionsMax = 10;
const framesMax = 40;
const contextCharsMax = 120;
const noName = new Set([
  "?",
  "<anonymous>",
  "anonymous",
  "<lambda>",
  "lambda",
  "{closure}",
  "<listcomp>",
  "null.<anonymous>",
]);

/** Digest of parts; the separator cannot occur in them. Hex, 32 characters are plenty for one project. */
const hashOf = (parts: string[]) =>
  createHash("sha256").update(parts.join("\x1f")).digest("hex").slice(0, 32);

type Chosen = { variant: Variant; parts: Explanation["parts"]; notInApp: number; repeats: number };

/**
 * Version 1 of grouping, frozen: what it says of an event never changes; a better one is g2.
 * Depends on what failed and where, never on time, environment, release, server, user or tags.
 */
export function groupingOf(event: NormalEvent): Grouping {
  const chosen = choose(event);
  const builtIn = hashOf([chosen.variant, ...flattenParts(chosen.parts)]);
  const explain = (override: string | null): Explanation => ({
    algo: "g1",
    variant: chosen.variant,
    parts: chosen.parts,
    override,
    skipped: { notInApp: chosen.notInApp, repeats: chosen.repeats },
  });
  const override = overrideOf(event, builtIn);
  if (override) {
    const { parts, reason } = override;
    return { primary: hashOf(parts), secondary: [], explanation: explain(reason) };
  }
  const system = chosen.variant === "app" ? chooseStack(event, "system") : undefined;
  const secondary = system ? [hashOf(["system", ...flattenParts(system.parts)])] : [];
  return {
    primary: builtIn,
    secondary: secondary.filter((hash) => hash !== builtIn),
    explanation: explain(null),
  };
}

function choose(event: NormalEvent): Chosen {
  const exceptions = event.exception?.values ?? [];
  if (event.csp) return one("csp", reportParts(event));
  const text = messageText(event, exceptions);
  if (text !== undefined) return one("message", [{ value: text }]);
  if (exceptions.length > 0) {
    const frames = exceptions.flatMap(({ stacktrace }) => stacktrace?.frames ?? []);
    if (isMinified(event.platform, frames)) return chooseStack(event, "minified");
    if (frames.some((frame) => frame.in_app)) return chooseStack(event, "app");
    if (frames.length > 0) return chooseStack(event, "system");
    return chooseStack(event, "exception");
  }
  const threads = event.threads?.values ?? [];
  const thread =
    threads.find(({ crashed, stacktrace }) => crashed && stacktrace) ??
    threads.find(({ current, stacktrace }) => current && stacktrace);
  if (thread?.stacktrace) {
    const own = thread.stacktrace.frames.some((frame) => frame.in_app);
    const { contributions, notInApp, repeats } = contributionsOf(thread.stacktrace, own);
    return { variant: "thread", parts: [{ frames: contributions }], notInApp, repeats };
  }
  const name = event.transaction ? parameterize(event.transaction) : summarize(event).culprit;
  return one("fallback", [{ type: event.platform, value: name || "<no message>" }]);
}

const one = (variant: Variant, parts: Explanation["parts"]): Chosen => ({
  variant,
  parts,
  notInApp: 0,
  repeats: 0,
});

/** A log message, also when a stack was attached to it: then the text decides, so that attaching changes nothing. */
function messageText(event: NormalEvent, exceptions: Exception[]): string | undefined {
  const entry = event.logentry;
  if (entry) {
    const repeats = exceptions.every(
      ({ type, value, mechanism }) =>
        !type && (mechanism?.synthetic || value === undefined || value === entry.formatted),
    );
    if (!repeats) return undefined;
    return entry.params && entry.message ? entry.message : parameterize(entry.formatted);
  }
  const [only] = exceptions;
  const valueAlone =
    exceptions.length === 1 && only && !only.type && only.value && !only.stacktrace;
  return valueAlone ? parameterize(only.value ?? "") : undefined;
}

/** Names and columns of bundled code change with every build. On servers only a very long line counts. */
function isMinified(platform: string, frames: Frame[]): boolean {
  if (platform !== "javascript" && platform !== "node") return false;
  return frames.some((frame) => {
    if (frame.context_line) return false;
    if (platform === "node") return (frame.colno ?? 0) > 1000;
    const file = (frame.filename ?? "").split(/[?#]/)[0] ?? "";
    return (
      (frame.colno ?? 0) > 250 ||
      /[.-]min\./.test(file) ||
      revision.test(file.split("/").at(-1) ?? "")
    );
  });
}

function chooseStack(
  event: NormalEvent,
  variant: "minified" | "app" | "system" | "exception",
): Chosen {
  const all = event.exception?.values ?? [];
  const isJs = event.platform === "javascript" || event.platform === "node";
  let notInApp = 0;
  let repeats = 0;
  const partOf = (exception: Exception): Explanation["parts"][number] => {
    const type = typeOf(exception, variant === "minified");
    const value = parameterize(exception.value ?? "");
    const named = type === undefined ? {} : { type };
    if (variant === "minified" || variant === "exception" || !exception.stacktrace) {
      return { ...named, value };
    }
    const own = variant === "app" && exception.stacktrace.frames.some((frame) => frame.in_app);
    const counted = contributionsOf(exception.stacktrace, own, isJs);
    notInApp += counted.notInApp;
    repeats += counted.repeats;
    return {
      ...named,
      ...((counted.isWeak || counted.contributions.length === 0) && { value }),
      frames: counted.contributions,
    };
  };
  const members = groupMembers(all);
  if (!members) {
    const used = all.length > exceptionsMax ? [...all.slice(0, 5), ...all.slice(-5)] : all;
    return { variant, parts: used.map(partOf), notInApp, repeats };
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
    const own = variant === "app" && rootStack.frames.some((frame) => frame.in_app);
    const counted = contributionsOf(rootStack, own, isJs);
    parts.push({ frames: counted.contributions.map((contribution) => `at: ${contribution}`) });
  }
  return { variant, parts: parts.slice(0, exceptionsMax), notInApp, repeats };
}

function typeOf({ type, mechanism }: Exception, minified: boolean): string | undefined {
  if (!type || mechanism?.synthetic) return undefined;
  const name = type.replace(/\$\d+$/, "");
  return minified && name.length <= 2 ? undefined : name;
}

function contributionsOf(stacktrace: Stacktrace, ownOnly: boolean, isJs = false) {
  const frames = ownOnly ? stacktrace.frames.filter((frame) => frame.in_app) : stacktrace.frames;
  const useful = frames.filter(
    (frame) => nameOf(frame, isJs) || frame.context_line?.trim() || frame.lineno,
  );
  const all = useful.map((frame) => contributionOf(frame, isJs));
  const last = new Map(all.map((contribution, index) => [contribution, index]));
  const distinct = all.filter((contribution, index) => last.get(contribution) === index);
  const crash = useful.at(-1);
  return {
    contributions: distinct.slice(-framesMax),
    // Nothing tells one unnamed function from another but the text of its error.
    isWeak: crash !== undefined && !nameOf(crash, isJs) && !lineOf(crash),
    notInApp: stacktrace.frames.length - frames.length,
    repeats: all.length - distinct.length,
  };
}

function contributionOf(frame: Frame, isJs: boolean): string {
  const module = frame.module
    ?.replace(/\$\$Lambda.*$/, "")
    .replace(/\$\d+$/, "")
    .trim();
  const source = module ? `m:${module}` : `f:${baseNameOf(frame.filename ?? frame.abs_path ?? "")}`;
  const name = nameOf(frame, isJs);
  const line = lineOf(frame);
  return [source, ...(name ? [`n:${name}`] : []), ...(line ? [`c:${line}`] : [])].join("|");
}

const revision = /[._-](?=[a-z]*\d)[0-9a-z]{6,}(?=$|\.)/i;
const revisions = new RegExp(revision.source, "gi");

function baseNameOf(path: string): string {
  const base = path
    .replace(/^async /, "")
    .replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, "")
    .split(/[?#]/)[0]
    ?.replaceAll("\\", "/")
    .split("/")
    .at(-1)
    ?.toLowerCase();
  return (base ?? "").replace(revisions, (match) => `${match[0]}<hash>`);
}

function nameOf(frame: Frame, isJs: boolean): string | undefined {
  let name = frame.function?.trim() ?? "";
  name = name
    .replace(/^(?:(?:async|new|get|set|bound) )+/, "")
    .replace(/ \[as [^\]]*\]$/, "")
    .replace(/\{closure:[^}]*\}/g, "{closure}")
    .replace(/::h[0-9a-f]{16}$/, "")
    .replace(/\$\$Lambda.*$/, "")
    .replace(/\$\d+/g, "")
    .trim();
  if (isJs && !noName.has(name)) name = name.split(".").at(-1) ?? name;
  return name === "" || noName.has(name) ? undefined : name;
}

function lineOf(frame: Frame): string | undefined {
  const line = frame.context_line?.trim().replace(/\s+/g, " ");
  return line && line.length <= contextCharsMax ? line : undefined;
}
