import type { Frame, Stacktrace } from "../../events/frames";
import type { NormalEvent } from "../../events/normal-event";
import { cleanName, droppingPlaces } from "./generated-names";
import type { RuleNote } from "./grouping";
import { nativePlaces } from "./native-place";
import { type Family, familyOf } from "./rules/family";
import type { Place } from "./rules/name-rule";

const framesMax = 40;
const contextCharsMax = 120;
const notesMax = 20;
const noteCharsMax = 200;
/** Letters of a name that a bundler shortened. */
const shortNameCharsMax = 2;
/** How often a frame is repeated at least before a crash by a signal counts as endless recursion. */
const crashRepeatsMin = 30;

const noName = new Set([
  "?",
  "<anonymous>",
  "anonymous",
  "<lambda>",
  "lambda",
  "{closure}",
  "<listcomp>",
  "null.<anonymous>",
  "<unknown>",
  "<redacted>",
  "???",
  ".<fn>",
]);

const scriptFile =
  /\.(?:[cm]?[jt]sx?|vue|svelte|astro|bundle|jsbundle|hbc|wasm|dart|es6?|coffee)$/i;

export type Contributions = {
  frames: string[];
  /** Nothing but the text tells where the failing frame is. */
  isWeak: boolean;
  notInApp: number;
  repeats: number;
};

type ReadFrame = {
  text: string;
  isNamed: boolean;
  isClosure: boolean;
  /** A library's frame without its source line. */
  bare: string;
} | null;

export type FrameReader = {
  notes: RuleNote[];
  /** What the frames of a stack say; of own frames only, where there are any and the caller wants that. */
  contributionsOf: (
    stacktrace: Stacktrace,
    ownOnly: boolean,
    recursionOf?: () => "endless" | "perhaps" | undefined,
  ) => Contributions;
  /** The frame that failed, as its library's functions are called: lines of libraries change with their versions. */
  failingFrameOf: (stacktrace: Stacktrace) => string | undefined;
  clean: (family: Family, place: Place, text: string) => string;
  /** Says in the explanation which rule changed a part. */
  note: (part: string, rules: readonly string[]) => void;
};

/** Reads the frames of one event, each once, and notes which rules changed what. */
export function newFrameReader(event: NormalEvent): FrameReader {
  const notes: RuleNote[] = [];
  const known = new Map<Frame, ReadFrame>();
  const note = (part: string, rules: readonly string[]) => {
    for (const rule of rules) {
      const cut = part.slice(0, noteCharsMax).toWellFormed();
      const isKnown = notes.some((each) => each.rule === rule && each.part === cut);
      if (!isKnown && notes.length < notesMax) notes.push({ part: cut, rule });
    }
  };
  const names = newNames(event, note);
  const leftOut = (frame: Frame): null => {
    note(frame.function ?? frame.module ?? frame.filename ?? "?", ["a rule of the project"]);
    return null;
  };
  const read = (frame: Frame): ReadFrame => {
    const before = known.get(frame);
    if (before !== undefined) return before;
    const result = frame.in_group === false ? leftOut(frame) : names.read(frame);
    known.set(frame, result);
    return result;
  };
  return {
    notes,
    note,
    clean: names.clean,
    failingFrameOf: ({ frames }) => frames.flatMap((frame) => read(frame)?.bare ?? []).at(-1),
    contributionsOf(stacktrace, ownOnly, recursionOf) {
      const frames = ownOnly
        ? stacktrace.frames.filter((frame) => frame.in_app)
        : stacktrace.frames;
      const useful: NonNullable<ReadFrame>[] = [];
      for (const frame of frames) {
        const each = read(frame);
        if (each) useful.push(each);
      }
      const last = new Map(useful.map(({ text }, index) => [text, index]));
      let distinct = useful.flatMap(({ text }, index) => (last.get(text) === index ? text : []));
      const recursion = distinct.length < useful.length ? recursionOf?.() : undefined;
      if (recursion) {
        const circle = circleOf(useful, recursion === "endless" ? 2 : crashRepeatsMin);
        if (circle.length > 0) {
          note("frames", ["endless recursion: the set of the repeated frames"]);
          distinct = circle;
        }
      }
      const crash = useful.at(-1);
      return {
        frames: distinct.slice(-(stacktrace.grouped_frames_max ?? framesMax)),
        isWeak: crash === undefined || !crash.isNamed || crash.isClosure,
        notInApp: stacktrace.frames.length - frames.length,
        repeats: useful.length - distinct.length,
      };
    },
  };
}

/** The frames that come again and again, in a fixed order: where in their circle the stack ended is chance. */
function circleOf(all: { text: string }[], timesMin: number): string[] {
  const times = new Map<string, number>();
  for (const { text } of all) times.set(text, (times.get(text) ?? 0) + 1);
  const most = Math.max(0, ...times.values());
  if (most < timesMin) return [];
  return [...times.keys()].filter((text) => (times.get(text) ?? 0) > 1).toSorted();
}

function newNames(event: NormalEvent, note: (part: string, rules: readonly string[]) => void) {
  const placeOf = nativePlaces(event);
  const clean = (family: Family, place: Place, text: string): string => {
    const { text: cleaned, rules } = cleanName(family, place, text);
    if (rules.length > 0) note(text, rules);
    return cleaned;
  };
  const pageHost = hostOf(event.request?.url);

  function read(frame: Frame): ReadFrame {
    const platform = frame.platform ?? event.platform;
    const family = familyOf(platform);
    if (isDropped(family, frame)) return null;
    const { source, isHashed } = sourceOf(family, platform, frame);
    const name = nameOf(family, frame, isHashed);
    const line = lineOf(frame);
    const place = !name && !line && (family === "native" || frame.package) && placeOf(frame);
    if (place) {
      note(frame.function ?? frame.package ?? "?", ["no symbol: library and offset"]);
      return { text: `p:${place}`, bare: `p:${place}`, isNamed: true, isClosure: false };
    }
    if (!name && !line && !frame.lineno) return null;
    const bare = [source, ...(name ? [`n:${name}`] : [])].join("|");
    return {
      text: line ? `${bare}|c:${line}` : bare,
      bare,
      isNamed: name !== undefined || line !== undefined,
      isClosure: family === "native" && !line && name?.endsWith("{closure}") === true,
    };
  }

  /** Frames that a runtime or an SDK put between those of the program. */
  function isDropped(family: Family, frame: Frame): boolean {
    for (const place of droppingPlaces[family]) {
      const text = frame[place];
      if (!text) continue;
      const { isDropped: drops, rules } = cleanName(family, place, text.trim());
      if (drops) {
        note(text, rules);
        return true;
      }
    }
    return false;
  }

  function sourceOf(family: Family, platform: string, frame: Frame) {
    const module = frame.module && clean(family, "module", frame.module.trim()).trim();
    if (module) {
      const file = family === "javascript" ? hashlessModule(module) : module;
      return { source: `m:${file}`, isHashed: file !== module };
    }
    const path = frame.filename ?? frame.abs_path ?? "";
    if (platform === "javascript" && isPage(frame)) {
      note(withoutQuery(frame.abs_path ?? path), ["address of the page: no file"]);
      return { source: `f:${foreignHostOf(frame.abs_path ?? path, pageHost)}`, isHashed: false };
    }
    const bare = family === "javascript" ? withoutQuery(path) : path;
    const cleaned = clean(family, "file", bare.replace(/^async /, ""));
    const base = baseNameOf(cleaned);
    const file = family === "javascript" ? `${packageOf(bare)}${base}` : base;
    return { source: `f:${file}`, isHashed: cleaned !== bare };
  }

  function hashlessModule(module: string): string {
    const file = clean("javascript", "file", `${module}.js`);
    return file.slice(0, -".js".length);
  }

  function nameOf(family: Family, frame: Frame, isHashed: boolean): string | undefined {
    let given = (frame.function ?? "").trim();
    if (given.includes(" ")) {
      given = given
        .replace(/^(?:(?:async|new|get|set|bound) )+/, "")
        .replace(/ \[as [^\]]*\]$/, "");
    }
    if (given === "" || noName.has(given)) return undefined;
    let name = clean(family, "function", given).trim();
    if (family === "javascript" && !noName.has(name)) name = name.split(".").at(-1) ?? name;
    if (name === "" || noName.has(name)) return undefined;
    if (family === "javascript" && isHashed && name.length <= shortNameCharsMax) {
      note(name, ["name that a bundler shortened"]);
      return undefined;
    }
    return name;
  }

  return { read, clean };
}

/** Of browsers: an address without the ending of a script is that of a document, whose inline scripts run. */
export function isPage({ abs_path, filename }: Frame): boolean {
  const address = abs_path ?? filename ?? "";
  if (/^(?:about|javascript):/.test(address)) return true;
  return /^(?:https?|file|app):\/\//.test(address) && !scriptFile.test(withoutQuery(address));
}

/** Metro puts its settings behind two slashes: `index.bundle//&platform=ios`. */
const withoutQuery = (path: string) =>
  path.startsWith("data:") ? path : (path.split(/[?#]|\/\/&/, 1)[0] ?? path);

/** A script of somebody else may have no ending: its host is what is left of it. */
function foreignHostOf(address: string, pageHost: string | undefined): string {
  const host = hostOf(address);
  return host && pageHost && host !== pageHost ? host : "<page>";
}

const hostOf = (url: string | undefined) => /^https?:\/\/([^/?#]{1,255})/.exec(url ?? "")?.[1];

/** Of an installed package, its name: many have an `index.js`. */
const packageOf = (path: string): string => {
  const at = path.lastIndexOf("node_modules/");
  if (at < 0) return "";
  const [first = "", second = ""] = path.slice(at + "node_modules/".length).split("/", 2);
  return first.startsWith("@") ? `${first}/${second}/` : `${first}/`;
};

const baseNameOf = (path: string): string =>
  path
    .replace(/^[a-z][a-z0-9+.-]{0,40}:\/\/[^/]*/i, "")
    .replaceAll("\\", "/")
    .split("/")
    .at(-1)
    ?.toLowerCase() ?? "";

function lineOf(frame: Frame): string | undefined {
  const line = frame.context_line?.trim().replace(/\s+/g, " ");
  return line && line.length <= contextCharsMax ? line : undefined;
}
