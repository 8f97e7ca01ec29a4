import { useSyncExternalStore } from "react";
import { t } from "../words";

/** What a row of the list has beside the issue itself, in this order. */
export const listColumns = [
  { id: "trend", label: t("Trend"), width: "104px" },
  { id: "events", label: t("Events"), width: "64px" },
  { id: "people", label: t("People"), width: "64px" },
  { id: "seen", label: t("Seen"), width: "56px" },
  { id: "age", label: t("Age"), width: "56px" },
  { id: "assignee", label: t("Assignee"), width: "72px" },
] as const;

export type ListColumn = (typeof listColumns)[number]["id"];
export type ChosenColumns = ReadonlySet<ListColumn>;

const all: ChosenColumns = new Set(listColumns.map(({ id }) => id));
const keyOf = (org: string) => `brinkwatch.columns.${org}`;

/** A kept text → columns; what is no list of them means all. */
export function parseColumns(text: string | null): ChosenColumns {
  try {
    const kept: unknown = JSON.parse(text ?? "null");
    if (!Array.isArray(kept)) return all;
    return new Set(listColumns.map(({ id }) => id).filter((id) => kept.includes(id)));
  } catch {
    return all;
  }
}

/** The tracks of the grid that hold the columns. */
export const tracksOf = (chosen: ChosenColumns): string =>
  listColumns
    .filter(({ id }) => chosen.has(id))
    .map(({ width }) => width)
    .join(" ") || "0px";

const known = new Map<string, ChosenColumns>();
const listeners = new Set<() => void>();

function columnsOf(org: string): ChosenColumns {
  const now = known.get(org) ?? parseColumns(read(org));
  known.set(org, now);
  return now;
}

function read(org: string): string | null {
  try {
    return localStorage.getItem(keyOf(org));
  } catch {
    return null;
  }
}

/** Shows these columns, of those that there are. */
export function setColumns(org: string, columns: readonly string[]): void {
  keep(org, new Set(listColumns.map(({ id }) => id).filter((id) => columns.includes(id))));
}

/** Shows a column or leaves it out, here and whenever one comes back with this browser. */
export function toggleColumn(org: string, column: ListColumn): void {
  const next = new Set(columnsOf(org));
  if (!next.delete(column)) next.add(column);
  keep(org, next);
}

function keep(org: string, next: ChosenColumns): void {
  known.set(org, next);
  try {
    localStorage.setItem(keyOf(org), JSON.stringify([...next]));
  } catch {
    // A browser that keeps nothing shows the choice until the page is left.
  }
  for (const listener of listeners) listener();
}

export const useListColumns = (org: string): ChosenColumns =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => columnsOf(org),
  );
