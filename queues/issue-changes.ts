import { handOutChanges } from "../src/issues/outbox";
import { changeReaders } from "./change-readers";
import { consumer } from "./consume";

/** Something happened to an issue: all readers are handed what the outbox says of it. */
export const issueChanges = consumer("issue-changes", {
  prepare: async (_, { changeId }): Promise<number> => changeId,
  bytesOf: () => 0,
  commit: (deps, changeIds) => handOutChanges(deps, changeReaders, changeIds),
});
