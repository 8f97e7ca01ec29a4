import { recordOutcomes } from "../src/stats/outcomes";
import { consumer } from "./consume";

/** Counts made at the edge are added to the hours they belong to. */
export const outcomes = consumer("outcomes", async (deps, messages) => {
  await recordOutcomes(deps, messages);
  return [];
});
