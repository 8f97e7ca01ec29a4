import { isObject } from "../../protocol/json";
import { joinWords, plural, t } from "../words";
import { membersOf, numberIn, textIn } from "./members";

export type Frame = {
  function: string | undefined;
  /** As a person looks for it: a path without the address of the server. */
  filename: string | undefined;
  absPath: string | undefined;
  module: string | undefined;
  package: string | undefined;
  lineNo: number | undefined;
  colNo: number | undefined;
  inApp: boolean;
  /** Source lines with their numbers. */
  context: [number, string][];
  vars: [string, unknown][];
  /** What else native and other platforms say: addresses, symbols. */
  more: [string, string][];
};

/** Frames as they were called: the crash is the last. */
export type Stack = { frames: Frame[]; registers: [string, unknown][] };

export function stackOf(given: unknown): Stack | undefined {
  if (!isObject(given)) return undefined;
  const members = membersOf(given);
  const frames = members.get("frames");
  const registers = members.get("registers");
  if (!Array.isArray(frames)) return undefined;
  return {
    frames: (frames as unknown[]).filter(isObject).map((frame) => frameOf(membersOf(frame))),
    registers: isObject(registers) ? Object.entries(registers) : [],
  };
}

const moreNames = ["instruction_addr", "symbol_addr", "image_addr", "symbol", "trust", "map_url"];

export function frameOf(members: Map<string, unknown>): Frame {
  const vars = members.get("vars");
  return {
    function: textIn(members.get("function")),
    filename: textIn(members.get("filename")),
    absPath: textIn(members.get("absPath")),
    module: textIn(members.get("module")),
    package: textIn(members.get("package")),
    lineNo: numberIn(members.get("lineNo")),
    colNo: numberIn(members.get("colNo")),
    inApp: members.get("inApp") === true,
    context: contextIn(members.get("context"), members),
    vars: isObject(vars) ? Object.entries(vars) : [],
    more: moreNames.flatMap((name): [string, string][] => {
      const value = textIn(members.get(name));
      return value === undefined ? [] : [[name, value]];
    }),
  };
}

function contextIn(given: unknown, members: Map<string, unknown>): [number, string][] {
  const lines = (Array.isArray(given) ? (given as unknown[]) : []).flatMap(
    (line): [number, string][] => {
      if (!Array.isArray(line)) return [];
      const [number, text] = line as unknown[];
      return typeof number === "number" && typeof text === "string" ? [[number, text]] : [];
    },
  );
  // Where the line has a text but no number, the API gives no context; the text is still worth seeing.
  const only = members.get("context_line");
  return lines.length === 0 && typeof only === "string" ? [[0, only]] : lines;
}

/** What is shown of a trace: one's own frames with the others folded, all of them, or a text as the language prints it. */
export const stackViews = ["app", "all", "raw"] as const;
export type StackView = (typeof stackViews)[number];

export type FrameRun =
  | { kind: "frame"; frame: Frame /** Its place in the trace as it was sent. */; index: number }
  | { kind: "run"; frames: { frame: Frame; index: number }[]; words: string };

/** Without a frame of one's own, so many at the crash and at the beginning are seen. */
const nearestShown = 2;
const farthestShown = 3;

/** Frames in the order of reading; those of others are folded into runs where `view` is "app". */
export function frameRuns(frames: Frame[], view: StackView, isNewestFirst: boolean): FrameRun[] {
  const all = frames.map((frame, index) => ({ frame, index })).toReversed();
  const hasOwn = frames.some(({ inApp }) => inApp);
  const isShown = ({ frame }: { frame: Frame }, place: number) =>
    view !== "app" ||
    (hasOwn ? frame.inApp : place < nearestShown || place >= all.length - farthestShown);
  const runs: FrameRun[] = [];
  for (const [place, each] of all.entries()) {
    if (isShown(each, place)) {
      runs.push({ kind: "frame", ...each });
      continue;
    }
    const last = runs.at(-1);
    if (last?.kind === "run") last.frames.push(each);
    else runs.push({ kind: "run", frames: [each], words: "" });
  }
  const ordered = isNewestFirst ? runs : runs.toReversed();
  return ordered.map((run): FrameRun => {
    // A fold of one frame would hide as much as it takes to say so.
    if (run.kind === "frame") return run;
    const [only] = run.frames;
    if (only && run.frames.length === 1) return { kind: "frame", ...only };
    const inOrder = isNewestFirst ? run.frames : run.frames.toReversed();
    return { kind: "run", frames: inOrder, words: runWords(inOrder.map(({ frame }) => frame)) };
  });
}

const packagesNamed = 3;

/** "14 frames of express, node:internal" */
export function runWords(frames: Frame[]): string {
  const names = [...new Set(frames.flatMap((frame) => packageOf(frame) ?? []))];
  const count = plural(frames.length, t("frame"), t("frames"));
  if (names.length === 0) return count;
  const shown = names.slice(0, packagesNamed);
  const rest = names.length - shown.length;
  return t("{count} of {names}", {
    count,
    names: rest > 0 ? `${shown.join(", ")} ${t("and {rest} more", { rest })}` : joinWords(shown),
  });
}

/** Which package a frame belongs to, as far as its path tells. */
export function packageOf({
  absPath,
  filename,
  module,
  package: named,
}: Frame): string | undefined {
  const path = (absPath ?? filename ?? "").replaceAll("\\", "/").slice(0, 1000);
  const fromPath =
    /(?:^|\/)node_modules\/(?:\.pnpm\/[^/]{1,200}\/node_modules\/)?((?:@[^/]{1,100}\/)?[^/]{1,100})/g;
  const last = [...path.matchAll(fromPath)].at(-1)?.[1];
  if (last) return last;
  const inner = /^node:(?:internal|[a-z_]{1,30})/.exec(path)?.[0];
  if (inner) return inner;
  const python = /\/(?:site|dist)-packages\/([^/.]{1,100})/.exec(path)?.[1];
  if (python) return python;
  if (/\/lib\/python\d[\d.]{0,5}\//.test(path)) return "python";
  const gem = /\/gems\/([\w-]{1,100}?)-\d[^/]{0,40}\//.exec(path)?.[1];
  if (gem) return gem;
  const php = /\/vendor\/([\w.-]{1,80}\/[\w.-]{1,80})\//.exec(path)?.[1];
  if (php) return php;
  const go = /\/pkg\/mod\/([^@]{1,200})@/.exec(path)?.[1];
  if (go) return go;
  if (named) return named.split(/[\\/]/).at(-1);
  const java = /^([a-z_]\w{0,40}\.[a-z_]\w{0,40})\.\w/.exec(module ?? "")?.[1];
  return java;
}

/** `cart/total.ts:41:23`, or what else tells where a frame is. */
export function placeOf({ filename, absPath, module, lineNo, colNo }: Frame): string {
  const file = filename ?? absPath ?? module ?? "";
  const line = lineNo === undefined ? "" : `:${lineNo}${colNo === undefined ? "" : `:${colNo}`}`;
  return file + line;
}

/** The frame to blame, which is open when one comes: the last call of one's own code, else the crash itself. */
export function blamedIndex(frames: Frame[]): number {
  const own = frames.findLastIndex(({ inApp }) => inApp);
  return own === -1 ? frames.length - 1 : own;
}

/** Whether there is anything to open a frame for. */
export const hasMore = ({ context, vars, more, absPath, filename }: Frame): boolean =>
  context.length > 0 ||
  vars.length > 0 ||
  more.length > 0 ||
  (absPath !== undefined && absPath !== filename);
