import { dictionaryOf } from "../protocol/dictionary";
import { isObject, type Json, type JsonObject } from "../protocol/json";
import { spend } from "./budget";
import { listIn, memberIn, objectIn, parseFlag, saysAnything } from "./expected";
import { noteError, noteLength, type Report } from "./report";
import { textOf, wellFormed } from "./text";
import { clip } from "./tree";

export type Frame = {
  filename?: string;
  abs_path?: string;
  function?: string;
  raw_function?: string;
  module?: string;
  package?: string;
  platform?: string;
  lineno?: number;
  colno?: number;
  context_line?: string;
  pre_context?: string[];
  post_context?: string[];
  vars?: { [name: string]: Json };
  in_app?: boolean;
  /** Whose code it was before a rule of the project said otherwise. */
  orig_in_app?: boolean;
  /** False where a rule of the project leaves it out of grouping. */
  in_group?: boolean;
  [key: string]: unknown;
};

export type Stacktrace = {
  frames: Frame[];
  registers?: Json;
  /** How many frames next to the crash a rule of the project lets group. */
  grouped_frames_max?: number;
};

const framesMax = 250;
const linesMax = 10;
const lineCharsMax = 256;
const pathCharsMax = 512;
/** About as many members as a frame without variables has. */
const frameNodes = 8;
const varsLimits = { depth: 5, chars: 8192, stringChars: 1024, members: 50 };
const kept = [
  "addr_mode",
  "trust",
  "symbol",
  "lock",
  "stack_start",
  "native",
  "source_link",
  "sourcemap",
  "map_url",
  "data",
] as const;
const texts = ["function", "raw_function", "module", "package", "platform"] as const;
const addresses = ["instruction_addr", "symbol_addr", "image_addr", "function_id"] as const;

/** Frames stay oldest first, the crash last. Null frames go; of too many, the middle goes. */
export function normalizeStacktrace(
  value: unknown,
  report: Report,
  path: string,
): Stacktrace | undefined {
  const source = framesWithin(value, report, path);
  if (!source) return undefined;
  const given = listIn(report, `${path}.frames`, source.frames);
  if (source.frames === undefined && saysAnything(source))
    noteError(report, "invalid_data", path, value);
  let chosen: unknown[] = given;
  if (given.length > framesMax) {
    noteLength(report, `${path}.frames`, given.length);
    chosen = [...given.slice(0, framesMax / 2), ...given.slice(-framesMax / 2)];
  }
  const frames: Frame[] = [];
  for (let index = 0; index < chosen.length; index++) {
    const frame = normalizeFrame(chosen[index], report, `${path}.frames.${index}`);
    if (frame) frames.push(frame);
  }
  if (frames.length === 0) return undefined;
  const registers = objectIn(report, `${path}.registers`, source.registers);
  return {
    frames,
    ...(registers &&
      saysAnything(registers) && {
        registers: clip(registers, varsLimits, report, `${path}.registers`),
      }),
  };
}

/** `{frames: […]}`, or the frames alone; both also as a text. */
function framesWithin(value: unknown, report: Report, path: string): JsonObject | undefined {
  const isList = Array.isArray(value) || (typeof value === "string" && /^\s{0,64}\[/.test(value));
  return isList ? { frames: listIn(report, path, value) as Json[] } : objectIn(report, path, value);
}

export function normalizeFrame(given: unknown, report: Report, path: string): Frame | undefined {
  const value = objectIn(report, path, given);
  if (!value || !spend(report.budget, "nodes", frameNodes)) return undefined;
  const frame: Frame = {};
  const filename = textOf(value.filename, pathCharsMax);
  const absPath = textOf(value.abs_path, pathCharsMax * 2);
  // A URL as a file name is shown as its path; the whole stays in abs_path.
  if (filename) frame.filename = pathOfUrl(filename);
  if (!frame.filename && absPath) frame.filename = pathOfUrl(absPath);
  // Where both are the same, one is kept.
  const whole = absPath ?? filename;
  if (whole && whole !== frame.filename) frame.abs_path = whole;
  for (const key of texts) {
    const text = textOf(value[key], pathCharsMax);
    if (text) frame[key] = text;
  }
  const lineno = memberIn(report, path, value, "lineno", countOf);
  const colno = memberIn(report, path, value, "colno", countOf);
  if (lineno !== undefined) frame.lineno = lineno;
  if (colno !== undefined) frame.colno = colno;
  const inApp = memberIn(report, path, value, "in_app", parseFlag);
  if (inApp !== undefined) frame.in_app = inApp;
  const line = memberIn(report, path, value, "context_line", sourceLine);
  if (line !== undefined) frame.context_line = line;
  const before = sourceLines(value, "pre_context", report, path);
  const after = sourceLines(value, "post_context", report, path);
  if (before) frame.pre_context = before;
  if (after) frame.post_context = after;
  if (!spend(report.budget, "chars", charsOf(frame))) return undefined;
  const vars = Array.isArray(value.vars)
    ? dictionaryOf(value.vars.entries())
    : value.vars != null && objectIn(report, `${path}.vars`, value.vars);
  if (isObject(vars) && Object.keys(vars).length > 0) {
    frame.vars = clip(vars, varsLimits, report, `${path}.vars`) as JsonObject;
  }
  for (const key of addresses) {
    const address = memberIn(report, path, value, key, addressOf);
    if (address) frame[key] = address;
  }
  for (const key of kept) {
    if (value[key] !== undefined && value[key] !== null) {
      frame[key] = clip(value[key], varsLimits, report, `${path}.${key}`);
    }
  }
  const isNamed = frame.filename || frame.function || frame.module || frame.instruction_addr;
  if (!isNamed && saysAnything(value)) noteError(report, "invalid_data", path, value);
  return isNamed ? frame : undefined;
}

function pathOfUrl(name: string): string {
  if (!/^(file|https?|applewebdata):\/\//.test(name)) return name;
  try {
    return new URL(name).pathname || name;
  } catch {
    return name;
  }
}

/** Of the texts of a frame before its free-form parts are added, which count for themselves. */
function charsOf(frame: Frame): number {
  let chars = frame.context_line?.length ?? 0;
  for (const line of frame.pre_context ?? nothing) chars += line.length;
  for (const line of frame.post_context ?? nothing) chars += line.length;
  chars += (frame.filename?.length ?? 0) + (frame.abs_path?.length ?? 0);
  for (const key of texts) chars += frame[key]?.length ?? 0;
  return chars;
}

const nothing: string[] = [];

/** Whole, not negative; also from text. */
export function countOf(value: unknown): number | undefined {
  const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isInteger(number) && number >= 0 && number < 2 ** 31
    ? number
    : undefined;
}

function addressOf(value: unknown): string | undefined {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0)
    return `0x${value.toString(16)}`;
  // A number beyond 2^53, which is a text by now; hexadecimal digits that are so many have a letter or a zero before them.
  if (typeof value === "string" && /^[1-9]\d{15,19}$/.test(value))
    return `0x${BigInt(value).toString(16)}`;
  return typeof value === "string" && /^(0x)?[0-9a-fA-F]{1,16}$/.test(value) ? value : undefined;
}

/** A line that is no text is shown as one. */
function sourceLine(value: unknown): string | undefined {
  if (typeof value === "string")
    return wellFormed(value.replace(/\r?\n$/, "").slice(0, lineCharsMax));
  return textOf(value, lineCharsMax);
}

function sourceLines(
  frame: JsonObject,
  key: "pre_context" | "post_context",
  report: Report,
  path: string,
): string[] | undefined {
  const value = frame[key];
  if (value === undefined || value === null) return undefined;
  const given = listIn(report, `${path}.${key}`, value);
  const lines = key === "pre_context" ? given.slice(-linesMax) : given.slice(0, linesMax);
  return lines.length > 0 ? lines.map((line) => sourceLine(line) ?? "") : undefined;
}
