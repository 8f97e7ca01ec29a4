/**
 * Work that one event, or one envelope, may still cause. Counted, never timed, so that every delivery of a message
 * comes to the same result. Handed along in the report of the event.
 */
export type Budget = {
  /** Bytes of payloads that may still be read. */
  bytes: number;
  /** Members, list entries and frames that may still be kept. */
  nodes: number;
  /** Characters that may still be kept. */
  chars: number;
  /** Characters that patterns may still read: of texts that are scrubbed, opened or grouped by. */
  matched: number;
  /** Notes on what was cut or removed that may still be written. */
  notes: number;
  /** Something was asked for that was not left. */
  isExceeded: boolean;
  /** What the neighbours draw on as well; that of an envelope is part of none. */
  whole?: Omit<Budget, "whole">;
};

const mebibyte = 1024 * 1024;

/** What one event may cost: several times what the largest event of a real SDK needs. */
const ofEvent = { bytes: 16 * mebibyte, nodes: 150_000, chars: 2_000_000, matched: 6_000_000 };
/** SDKs send one event an envelope; whoever sends a thousand gets no more work done than for two large ones. */
const ofEnvelope = { bytes: 24 * mebibyte, nodes: 300_000, chars: 4_000_000, matched: 12_000_000 };
const eventNotesMax = 500;
/** What an event costs that has next to nothing in it. */
const emptyEventNodes = 1000;

export const newEnvelopeBudget = (): Budget => ({
  ...ofEnvelope,
  notes: Number.POSITIVE_INFINITY,
  isExceeded: false,
});

/** For one event, of which an envelope's budget bears the cost too. */
export function newBudget(whole?: Budget): Budget {
  if (whole) spend(whole, "nodes", emptyEventNodes);
  return { ...ofEvent, notes: eventNotesMax, isExceeded: false, ...(whole && { whole }) };
}

/**
 * Takes `count` where as much is left. False: nothing was taken, and the caller leaves its work out in the safe way:
 * what cannot be kept is cut, what cannot be scrubbed is removed, and a loop ends.
 */
export function spend(
  budget: Budget,
  what: "bytes" | "nodes" | "chars" | "matched" | "notes",
  count = 1,
): boolean {
  const { whole } = budget;
  if (budget[what] >= count && (whole === undefined || whole[what] >= count)) {
    budget[what] -= count;
    if (whole) whole[what] -= count;
    return true;
  }
  budget.isExceeded = true;
  if (whole && budget[what] >= count) whole.isExceeded = true;
  return false;
}

/** How much can be taken at once. */
export const leftOf = (budget: Budget, what: "nodes" | "chars"): number =>
  Math.max(0, Math.min(budget[what], budget.whole?.[what] ?? Number.POSITIVE_INFINITY));
