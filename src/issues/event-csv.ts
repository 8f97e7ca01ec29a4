import { toEventRow } from "./event-shapes";
import type { ReadEvent } from "./read-events";

export const csvColumns = [
  "id",
  "time",
  "received",
  "title",
  "message",
  "culprit",
  "environment",
  "release",
  "dist",
  "user.id",
  "user.email",
  "user.username",
  "user.ip_address",
  "tags",
] as const;

const cellCharsMax = 2000;

/** What a spreadsheet would take for a formula, also behind blanks. */
const formula = /^[\s\p{C}]{0,50}[=+\-@|＝＋－＠]/u;

/**
 * A text as a cell (RFC 4180). What a spreadsheet would run is given as a text by a quote before it; so are tabs and
 * line ends at its beginning, which some of them pass over.
 */
export function csvCell(text: string): string {
  const cut = text.slice(0, cellCharsMax).replaceAll("\0", "");
  const safe = formula.test(cut) || /^[\t\r\n]/.test(cut) ? `'${cut}` : cut;
  return `"${safe.replaceAll('"', '""')}"`;
}

export const csvLine = (cells: readonly string[]): string => `${cells.map(csvCell).join(",")}\r\n`;

/** An event as a line; of one whose payload was lost what its row says. */
export function csvOf(read: ReadEvent): string {
  const row = toEventRow(read);
  const person = new Map(Object.entries(row.user ?? {}));
  const known = new Map<string, string>([
    ["id", row.eventID],
    ["time", row.dateCreated],
    ["received", row.dateReceived],
    ["title", row.title],
    ["message", row.message],
    ["culprit", row.culprit ?? ""],
    ["environment", row.environment ?? ""],
    ["release", row.release ?? ""],
    ["dist", row.dist ?? ""],
    ["tags", row.tags.map(({ key, value }) => `${key}=${value}`).join("; ")],
  ]);
  return csvLine(
    csvColumns.map((name) => {
      const ofPerson = name.startsWith("user.")
        ? person.get(name.slice("user.".length))
        : undefined;
      return (
        known.get(name) ?? (ofPerson === undefined || ofPerson === null ? "" : String(ofPerson))
      );
    }),
  );
}
