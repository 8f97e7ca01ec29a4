import type { NormalEvent } from "../../events/normal-event";
import { crashFrame, mainException } from "../../events/title";
import { variable as ruleVariable, variables } from "../../protocol/fingerprint-rules";

/** Of what clients send: its meaning never changes. */
const variable = /^\{\{\s*([\w.]+)\s*\}\}$/;

/**
 * What groups an event in the place of its built-in hash: the parts that are hashed, and the words for it. Of all
 * versions.
 */
export function overrideOf(
  event: NormalEvent,
  builtIn: string,
): { parts: string[]; reason: string } | undefined {
  const rule = event.grouping_rule;
  if (rule) {
    if (isDefaultFingerprint(rule.values)) return undefined;
    const parts = resolveFingerprint(rule.values, event, builtIn, ruleVariable);
    return { parts: ["custom", ...parts], reason: `fingerprint rule: ${rule.text}` };
  }
  if (event.fingerprint && !isDefaultFingerprint(event.fingerprint)) {
    const parts = resolveFingerprint(event.fingerprint, event, builtIn);
    return { parts: ["custom", ...parts], reason: "client fingerprint" };
  }
  const noise = builtInFingerprint(event);
  return noise ? { parts: ["builtin", noise], reason: `built-in: ${noise}` } : undefined;
}

/** True when a fingerprint asks for nothing but the built-in grouping. */
const isDefaultFingerprint = (parts: string[] | undefined) =>
  !parts ||
  parts.length === 0 ||
  (parts.length === 1 && variable.exec(parts[0] ?? "")?.[1] === "default");

/** The parts with their variables filled in; `{{ default }}` becomes the built-in hash. */
const resolveFingerprint = (
  parts: string[],
  event: NormalEvent,
  builtIn: string,
  pattern = variable,
): string[] =>
  parts.map((part) => {
    const name = pattern.exec(part)?.[1];
    return name ? (valueOf(name, event, builtIn) ?? part) : part;
  });

/** A title of a rule with its variables filled in. */
export const resolveTitle = (title: string, event: NormalEvent): string =>
  title.replace(variables, (written, name: string) => valueOf(name, event, "") ?? written);

function valueOf(name: string, event: NormalEvent, builtIn: string): string | undefined {
  const exception = mainException(event);
  const frame = crashFrame(exception);
  switch (name) {
    case "default":
      return builtIn;
    case "transaction":
      return event.transaction ?? "<no-transaction>";
    case "error.type":
    case "type":
      return exception?.type ?? "<no-type>";
    case "error.value":
    case "value":
      return exception?.value ?? "<no-value>";
    case "message":
      return event.logentry?.formatted ?? exception?.value ?? "<no-message>";
    case "logger":
      return event.logger ?? "<no-logger>";
    case "level":
      return event.level;
    case "stack.function":
    case "function":
      return frame?.function ?? "<no-function>";
    case "stack.abs_path":
    case "path":
      return frame?.abs_path ?? frame?.filename ?? "<no-abs-path>";
    case "stack.filename":
      return frame?.filename ?? "<no-filename>";
    case "stack.module":
    case "module":
      return frame?.module ?? "<no-module>";
    case "stack.package":
    case "package":
      return frame?.package ?? "<no-package>";
  }
  if (!name.startsWith("tags.")) return undefined;
  return (
    event.tags.find(([key]) => key === name.slice(5))?.[1] ?? `<no-value-for-tag-${name.slice(5)}>`
  );
}

const builtInRules: [pattern: RegExp, name: string][] = [
  [
    /ChunkLoadError|Loading (?:CSS )?chunk \S+ failed|Failed to fetch dynamically imported module/i,
    "chunk-load",
  ],
  [
    /Hydration failed|error while hydrating|Text content does not match server-rendered HTML/i,
    "hydration",
  ],
  [/^ResizeObserver loop/i, "resize-observer"],
  [/^Script error\.?$/i, "script-error"],
];

/** Noise of browsers that is one thing, however many texts it comes in. */
function builtInFingerprint(event: NormalEvent): string | undefined {
  if (event.platform !== "javascript") return undefined;
  const exception = mainException(event);
  const text = exception?.value ?? event.logentry?.formatted ?? "";
  for (const [pattern, name] of builtInRules) {
    if (pattern.test(text) || (exception?.type && pattern.test(exception.type))) return name;
  }
  return undefined;
}
