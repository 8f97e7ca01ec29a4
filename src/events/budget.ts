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
  /** Of what more was asked for than was left. */
  lacking: Quantity[];
};

type Quantity = "bytes" | "nodes" | "chars" | "matched" | "notes";

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
  lacking: [],
});

const shared = ["bytes", "nodes", "chars", "matched"] as const;

/** For one event; of an envelope's, at most what that has left. What was used of it is settled afterwards. */
export function newBudget(whole?: Budget): Budget {
  const budget: Budget = { ...ofEvent, notes: eventNotesMax, lacking: [] };
  if (!whole) return budget;
  spend(whole, "nodes", emptyEventNodes);
  for (const what of shared) budget[what] = Math.min(budget[what], whole[what]);
  return budget;
}

/** Takes from an envelope's budget what its newest event has used. */
export function settle(whole: Budget, budget: Budget): void {
  for (const what of shared) {
    if (budget.lacking.includes(what) && whole[what] < ofEvent[what]) lack(whole, what);
    whole[what] -= Math.min(ofEvent[what], whole[what]) - budget[what];
  }
}

/**
 * Takes `count` where as much is left. False: nothing was taken, and the caller leaves its work out in the safe way:
 * what cannot be kept is cut, what cannot be scrubbed is removed, and a loop ends.
 */
export function spend(budget: Budget, what: Quantity, count: number): boolean {
  if (budget[what] < count) return lack(budget, what);
  budget[what] -= count;
  return true;
}

/** The same of what is asked for with every text and member, and so has to be fast: the engine knows the place of it. */
export function spendMatched(budget: Budget, count: number): boolean {
  if (budget.matched < count) return lack(budget, "matched");
  budget.matched -= count;
  return true;
}

export const isExceeded = (budget: Budget): boolean => budget.lacking.length > 0;

function lack(budget: Budget, what: Quantity): false {
  if (!budget.lacking.includes(what)) budget.lacking.push(what);
  return false;
}
