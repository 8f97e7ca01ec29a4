import type { Exception } from "./exceptions";
import type { Frame } from "./frames";
import type { NormalEvent } from "./normal-event";
import { tellingException } from "./telling-exception";
import { cut, firstLine, printed } from "./text";

export type Summary = {
  type: "error" | "default" | "csp";
  title: string;
  /** Where it happened: the transaction, else the frame that failed. */
  culprit: string;
  /** GlitchTip's shape: value, type, filename, function of an error; directive and uri of a report. */
  metadata: { [key: string]: string };
};

const titleCharsMax = 255;
const culpritCharsMax = 200;

/** A title is a line of a length that a list has room for. */
export const titleOf = (text: string): string => cut(firstLine(text), titleCharsMax);

/** How an event is called in lists. */
export function summarize(event: NormalEvent): Summary {
  if (event.csp) return summarizeReport(event, event.csp);
  const main = tellingException(event);
  const hasOnlyText = !main?.type && event.logentry;
  if (!main || hasOnlyText) {
    const text = event.logentry?.formatted ?? main?.value;
    const title = text ? titleOf(text) : (event.transaction ?? "<untitled>");
    return {
      type: main?.type ? "error" : "default",
      title,
      culprit: culpritOf(event),
      metadata: {},
    };
  }
  const frame = crashFrame(main);
  const value = main.value ? firstLine(main.value) : "";
  const name = main.mechanism?.synthetic ? knownFunction(frame) : main.type;
  const title = name ? (value ? `${name}: ${value}` : name) : value || "<unknown>";
  return {
    type: "error",
    title: cut(title, titleCharsMax),
    culprit: culpritOf(event),
    metadata: {
      value: cut(main.value ?? "", 1024),
      ...(main.type && !main.mechanism?.synthetic && { type: cut(main.type, 128) }),
      ...(frame?.filename && { filename: frame.filename }),
      ...(frame?.function && frame.function !== "?" && { function: frame.function }),
    },
  };
}

/** The one thrown last is the last of the list, whatever its place in a tree of groups. */
export const mainException = (event: NormalEvent): Exception | undefined =>
  event.exception?.values.at(-1);

/** The frame that failed: the last one that is the user's own and has a name, else the last with a name. */
export function crashFrame(exception: Exception | undefined): Frame | undefined {
  const frames = exception?.stacktrace?.frames ?? [];
  const named = frames.filter(
    (frame) => frame.function && !["<redacted>", "<unknown>"].includes(frame.function),
  );
  return named.findLast((frame) => frame.in_app) ?? named.at(-1) ?? frames.at(-1);
}

const unnamed = new Set(["?", "<anonymous>", "anonymous", "<redacted>", "<unknown>"]);

const knownFunction = (frame: Frame | undefined) =>
  frame?.function && !unnamed.has(frame.function) ? frame.function : undefined;

function culpritOf(event: NormalEvent): string {
  if (event.transaction) return cut(event.transaction, culpritCharsMax);
  const main = tellingException(event);
  if (!main?.stacktrace || main.mechanism?.synthetic) {
    return cut(event.request?.url ?? "", culpritCharsMax);
  }
  const frames = main.stacktrace.frames;
  const frame = frames.findLast((each) => each.in_app) ?? frames.at(-1);
  const source = frame?.module ?? frame?.filename ?? "";
  const name = knownFunction(frame);
  if (!name) return cut(source, culpritCharsMax);
  if (event.platform === "javascript" || event.platform === "node") {
    return cut(source ? `${name}(${source})` : name, culpritCharsMax);
  }
  return cut(source ? `${source} in ${name}` : name, culpritCharsMax);
}

function summarizeReport(event: NormalEvent, report: NonNullable<NormalEvent["csp"]>): Summary {
  const directive = printed(report["effective-directive"] ?? "");
  const uri = printed(report["blocked-uri"] ?? "");
  if (event.report_kind && event.report_kind !== "csp") {
    const host = printed(report.hostname ?? report.url ?? "");
    const what = printed(report.type ?? report["cert-status"] ?? "");
    const name = {
      expectct: "Expect-CT",
      expectstaple: "Expect-Staple",
      hpkp: "HPKP",
      nel: "Network error",
    };
    const title = `${name[event.report_kind]}${what ? ` ${what}` : ""}${host ? ` for ${host}` : ""}`;
    return {
      type: "csp",
      title: cut(title, titleCharsMax),
      culprit: cut(host, culpritCharsMax),
      metadata: {},
    };
  }
  return {
    type: "csp",
    title: cut(
      `Blocked '${directive.replace(/-src$/, "")}' from '${sourceOf(uri)}'`,
      titleCharsMax,
    ),
    culprit: cut(directive, culpritCharsMax),
    metadata: { directive, uri: cut(uri, 1024) },
  };
}

/** `inline`, `eval`, `self`, `data`, `blob`, or the host: what the blocked thing comes from. */
export function sourceOf(uri: string): string {
  const text = uri.trim();
  const keyword = /^(inline|eval|wasm-eval|trusted-types-policy|trusted-types-sink|self)$/.exec(
    text,
  );
  if (keyword) return text;
  if (text === "") return "self";
  try {
    const url = new URL(text);
    return url.host || url.protocol.replace(":", "");
  } catch {
    return text.split("/")[0] ?? text;
  }
}
