/**
 * Work that one event may still cause. Counted, never timed, so that every delivery of a message comes to the same
 * result. Handed along in the report of the event.
 */
export type Budget = {
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
};

/** What one event may cost: several times what the largest event of a real SDK needs. */
const eventNodesMax = 150_000;
const eventCharsMax = 2_000_000;
const eventMatchedCharsMax = 6_000_000;
const eventNotesMax = 500;

export const newBudget = (): Budget => ({
  nodes: eventNodesMax,
  chars: eventCharsMax,
  matched: eventMatchedCharsMax,
  notes: eventNotesMax,
  isExceeded: false,
});

/**
 * Takes `count` where as much is left. False: nothing was taken, and the caller leaves its work out in the safe way:
 * what cannot be kept is cut, what cannot be scrubbed is removed, and a loop ends.
 */
export function spend(
  budget: Budget,
  what: "nodes" | "chars" | "matched" | "notes",
  count = 1,
): boolean {
  if (budget[what] < count) {
    budget.isExceeded = true;
    return false;
  }
  budget[what] -= count;
  return true;
}
