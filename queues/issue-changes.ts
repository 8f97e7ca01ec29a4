import { settleChanges } from "../src/issues/changes";
import { consumer } from "./consume";

/** An issue was born or came back. Alert rules will be asked here; until then the change is only checked off. */
export const issueChanges = consumer("issue-changes", {
  prepare: async (_, { changeId }): Promise<number> => changeId,
  bytesOf: () => 0,
  commit: (deps, changeIds) => settleChanges(deps, changeIds),
});
