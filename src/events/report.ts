import type { Json } from "../protocol/json";
import { type Budget, newBudget, spend } from "./budget";
import { asJson } from "./text";

export type EventError = { type: string; name: string; value: string };

type Note = { rem?: Json[]; len?: number };

/** What had to be repaired or cut in one event: shown to the user, never a reason to lose the event. */
export type Report = {
  errors: EventError[];
  /** Sentry's `_meta` leaves by dotted path: `{rem, len}`. Written by the functions below only, which count. */
  meta: Map<string, Note>;
  /** Everything that was removed, also where no note is left: this and not the notes tells whether something was. */
  removals: number;
  /** A number was met whose digits are lost: what was sent has to be read again, exactly. */
  isInexact: boolean;
  /** Keys of tags that the client chose, before any of ours are beside them. */
  givenTags: ReadonlySet<string>;
  budget: Budget;
};

const errorsMax = 50;
const valueCharsMax = 200;
const pathCharsMax = 500;
const levelsMax = 40;
/** Removals noted at one path; more of the same say nothing new. */
const removalsMax = 10;

export const newReport = (budget = newBudget()): Report => ({
  errors: [],
  meta: new Map(),
  removals: 0,
  isInexact: false,
  givenTags: new Set(),
  budget,
});

/**
 * The value itself. JSON has no infinite numbers: where there is one, something with an exponent was sent that no double
 * holds.
 */
export function exactly<T>(value: T, report: Report): T {
  if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY)
    report.isInexact = true;
  return value;
}

export function noteError(report: Report, type: string, name: string, value: unknown): void {
  if (report.errors.length >= errorsMax) return;
  report.errors.push({ type, name: short(name), value: short(value) });
}

/** Records that the value at a path was replaced, and by which rule. */
export function noteRemoval(
  report: Report,
  path: string,
  rule: string,
  kind: "s" | "x" = "s",
): void {
  report.removals++;
  const removed = report.meta.get(path)?.rem ?? [];
  if (removed.length < removalsMax) note(report, path, { rem: [...removed, [rule, kind]] });
}

/** Records the length that something had before it was cut. */
export function noteLength(report: Report, path: string, len: number): void {
  note(report, path, { len });
}

/** The same of a text, if it has to be cut. */
export function noteCut(report: Report, path: string, text: unknown, charsMax: number): void {
  if (typeof text === "string" && text.length > charsMax) noteLength(report, path, text.length);
}

/** Keeps a note of the SDK's own. */
export function noteGiven(report: Report, path: string, given: Note): void {
  note(report, path, given);
}

function note(report: Report, path: string, more: Note): void {
  const known = report.meta.get(path);
  if (!known && (path.length > pathCharsMax || levelsOf(path) > levelsMax)) return;
  if (!spend(report.budget, "notes", 1)) return;
  report.meta.set(path, { ...known, ...more });
}

/** Rewrites what strangers wrote into the notes: the names that paths consist of, and the SDK's own rules. */
export function rewriteNotes(
  report: Report,
  pathOf: (path: string) => string,
  ruleOf: (rule: string) => string,
): void {
  for (const [path, { rem, ...rest }] of Array.from(report.meta)) {
    const rewritten = pathOf(path);
    if (rewritten !== path) report.meta.delete(path);
    if (rem || rewritten !== path)
      report.meta.set(rewritten, {
        ...rest,
        ...(rem && { rem: rem.map((rule) => rewriteRule(rule, ruleOf)) }),
      });
  }
}

function rewriteRule(rule: Json, ruleOf: (rule: string) => string): Json {
  if (!Array.isArray(rule)) return rule;
  return rule.map((part, index) => {
    if (typeof part !== "string") return part;
    return index === 0 ? ruleOf(part) : part.slice(0, 1);
  });
}

function levelsOf(path: string): number {
  let levels = 1;
  for (let at = path.indexOf("."); at >= 0; at = path.indexOf(".", at + 1)) levels++;
  return levels;
}

function short(value: unknown): string {
  const text = typeof value === "string" ? value : asJson(value, valueCharsMax);
  return text.slice(0, valueCharsMax).toWellFormed().replaceAll("\u0000", "\uFFFD");
}
