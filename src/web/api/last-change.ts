/** A change of issues that the server can take back, with what a person was shown of it. */
export type LastChange = {
  org: string;
  undoIds: string[];
  /** "3 issues resolved". */
  text: string;
  /** Milliseconds since 1970. */
  at: number;
};

const key = "brinkwatch.last-change";
/** The server keeps it for a day; by then nobody means it by a single key any more. */
const keptMs = 60 * 60_000;
const undoIdsMax = 100;

/** A kept text → the change, where it is of this organization and not long ago. */
export function parseLastChange(
  text: string | null,
  org: string,
  now: number,
): LastChange | undefined {
  try {
    const kept: unknown = JSON.parse(text ?? "null");
    if (typeof kept !== "object" || kept === null) return undefined;
    const { org: of, undoIds, text: words, at } = kept as Partial<LastChange>;
    const isWhole =
      of === org &&
      typeof words === "string" &&
      typeof at === "number" &&
      now - at < keptMs &&
      Array.isArray(undoIds) &&
      undoIds.length > 0 &&
      undoIds.length <= undoIdsMax &&
      undoIds.every((id) => typeof id === "string");
    return isWhole ? { org, undoIds, text: words, at } : undefined;
  } catch {
    return undefined;
  }
}

/** What was changed last in this tab, also before the page was loaded anew. */
export function lastChange(org: string): LastChange | undefined {
  try {
    return parseLastChange(sessionStorage.getItem(key), org, Date.now());
  } catch {
    return undefined;
  }
}

export function keepLastChange(change: Omit<LastChange, "at">): void {
  try {
    if (change.undoIds.length === 0 || change.undoIds.length > undoIdsMax) forgetLastChange();
    else sessionStorage.setItem(key, JSON.stringify({ ...change, at: Date.now() }));
  } catch {
    // Only a convenience.
  }
}

export function forgetLastChange(): void {
  try {
    sessionStorage.removeItem(key);
  } catch {
    // As above.
  }
}
