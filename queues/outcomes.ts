import { recordOutcomes } from "../src/stats/outcomes";
import type { OutcomeCounts } from "./catalog";
import { consumer } from "./consume";

/** Counts made at the edge are added to the hours they belong to. */
export const outcomes = consumer("outcomes", {
  prepare: async (_, message) => message,
  bytesOf: () => 0,
  commit: (deps, messages: OutcomeCounts[]) => recordOutcomes(deps, messages),
});
