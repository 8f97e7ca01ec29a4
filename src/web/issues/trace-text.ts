import type { Exception } from "./event-parts";
import { exceptionChain } from "./exception-chain";
import { type Frame, placeOf } from "./frames";

type Writer = {
  /** Whether the language prints the cause before what it led to, and the first call first. */
  isOldestFirst: boolean;
  head: (exception: Exception, isCause: boolean) => string;
  /** Stands above the frames. */
  intro?: string;
  frame: (frame: Frame) => string;
  between?: string;
};

const titleOf = ({ type, value }: Exception) =>
  type && value ? `${type}: ${value}` : type || value || "Error";
const fullName = ({ type, module }: Exception) => (module ? `${module}.${type}` : type);
const line = (frame: Frame) => frame.lineNo ?? "?";
const file = ({ absPath, filename, module }: Frame) => absPath ?? filename ?? module ?? "<unknown>";
const sourceOf = ({ context, lineNo }: Frame) =>
  context.find(([number]) => number === (lineNo ?? 0))?.[1].trim();

const javascript: Writer = {
  isOldestFirst: false,
  head: (exception, isCause) => `${isCause ? "Caused by: " : ""}${titleOf(exception)}`,
  frame: (frame) => {
    const place = `${file(frame)}${frame.lineNo === undefined ? "" : `:${frame.lineNo}`}${frame.colNo === undefined ? "" : `:${frame.colNo}`}`;
    return frame.function && frame.function !== "?"
      ? `    at ${frame.function} (${place})`
      : `    at ${place}`;
  },
};

const python: Writer = {
  isOldestFirst: true,
  head: (exception) => {
    const name =
      exception.module && exception.module !== "builtins" ? fullName(exception) : exception.type;
    return exception.value ? `${name}: ${exception.value}` : name;
  },
  intro: "Traceback (most recent call last):",
  frame: (frame) => {
    const source = sourceOf(frame);
    return `  File "${file(frame)}", line ${line(frame)}, in ${frame.function ?? "<unknown>"}${source ? `\n    ${source}` : ""}`;
  },
  between: "\nThe above exception was the direct cause of the following exception:\n",
};

const java: Writer = {
  isOldestFirst: false,
  head: (exception, isCause) =>
    `${isCause ? "Caused by: " : ""}${fullName(exception)}${exception.value ? `: ${exception.value}` : ""}`,
  frame: (frame) =>
    `    at ${frame.module ? `${frame.module}.` : ""}${frame.function ?? "<unknown>"}(${frame.filename ?? "Unknown Source"}${frame.lineNo === undefined ? "" : `:${frame.lineNo}`})`,
};

const csharp: Writer = {
  isOldestFirst: false,
  head: (exception, isCause) =>
    `${isCause ? " ---> " : ""}${fullName(exception)}: ${exception.value}`,
  frame: (frame) =>
    `   at ${frame.module ? `${frame.module}.` : ""}${frame.function ?? "<unknown>"}()${frame.filename ? ` in ${file(frame)}:line ${line(frame)}` : ""}`,
};

const php: Writer = {
  isOldestFirst: false,
  head: (exception, isCause) => `${isCause ? "Previous: " : ""}${titleOf(exception)}`,
  frame: (frame) => `#  ${file(frame)}(${line(frame)}): ${frame.function ?? "{main}"}`,
};

const ruby: Writer = {
  isOldestFirst: false,
  head: (exception, isCause) =>
    `${isCause ? "Caused by: " : ""}${exception.value || exception.type} (${fullName(exception)})`,
  frame: (frame) => `\tfrom ${file(frame)}:${line(frame)}:in \`${frame.function ?? "<main>"}'`,
};

const go: Writer = {
  isOldestFirst: false,
  head: titleOf,
  frame: (frame) =>
    `${frame.module ? `${frame.module}.` : ""}${frame.function ?? "unknown"}(...)\n\t${file(frame)}:${line(frame)}`,
};

const native: Writer = {
  isOldestFirst: false,
  head: titleOf,
  frame: (frame) => {
    const address = frame.more.find(([name]) => name === "instruction_addr")?.[1];
    const place = placeOf(frame);
    return `  ${[
      frame.package?.split(/[\\/]/).at(-1),
      address,
      frame.function ?? "<unknown>",
      place && `(${place})`,
    ]
      .filter(Boolean)
      .join("  ")}`;
  },
};

const writers = new Map<string, Writer>([
  ["javascript", javascript],
  ["node", javascript],
  ["python", python],
  ["java", java],
  ["android", java],
  ["csharp", csharp],
  ["php", php],
  ["ruby", ruby],
  ["go", go],
  ["native", native],
  ["c", native],
  ["cocoa", native],
  ["objc", native],
  ["rust", native],
]);

/** A whole trace as the platform's own tools print it, for copying and for eyes that know them. */
export function traceText(exceptions: Exception[], platform: string | null): string {
  const writer = writers.get((platform ?? "").split("-")[0] ?? "") ?? javascript;
  const chain = exceptionChain(exceptions).map(({ exception }, index) => {
    const frames = exception.stack?.frames ?? [];
    const ordered = writer.isOldestFirst ? frames : frames.toReversed();
    const lines = ordered.map((frame, at) =>
      writer === php ? writer.frame(frame).replace("#", `#${at}`) : writer.frame(frame),
    );
    const head = writer.head(exception, index > 0);
    if (!writer.isOldestFirst) return [head, ...lines].join("\n");
    return [...(lines.length > 0 ? [writer.intro ?? "", ...lines] : []), head].join("\n");
  });
  const parts = writer.isOldestFirst ? chain.toReversed() : chain;
  return parts.join(writer.between ? `\n${writer.between}\n` : "\n");
}
