import type { Json } from "../protocol/json";

export type EventError = { type: string; name: string; value: string };

/** What had to be repaired or cut in one event: shown to the user, never a reason to lose the event. */
export type Report = {
  errors: EventError[];
  /** Sentry's `_meta` leaves by dotted path: `{rem, len}`. */
  meta: Map<string, { rem?: Json[]; len?: number }>;
};

const errorsMax = 50;
const valueCharsMax = 200;

export const newReport = (): Report => ({ errors: [], meta: new Map() });

export function noteError(report: Report, type: string, name: string, value: unknown): void {
  if (report.errors.length >= errorsMax) return;
  report.errors.push({ type, name, value: short(value) });
}

/** Records that the value at a path was replaced, and by which rule. */
export function noteRemoval(
  report: Report,
  path: string,
  rule: string,
  kind: "s" | "x" = "s",
): void {
  const leaf = report.meta.get(path) ?? {};
  leaf.rem = [...(leaf.rem ?? []), [rule, kind]];
  report.meta.set(path, leaf);
}

/** Records the length that something had before it was cut. */
export function noteLength(report: Report, path: string, len: number): void {
  report.meta.set(path, { ...report.meta.get(path), len });
}

function short(value: unknown): string {
  let text: string;
  try {
    text = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
  } catch {
    text = "<unprintable>";
  }
  return text.slice(0, valueCharsMax).toWellFormed().replaceAll("\u0000", "\uFFFD");
}
