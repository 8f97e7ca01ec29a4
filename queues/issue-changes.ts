import { settleChanges } from "../src/issues/changes";
import { consumer } from "./consume";

/** An issue was born or came back. Alert rules will be asked here; until then the change is only checked off. */
export const issueChanges = consumer("issue-changes", async (deps, messages) => {
  await settleChanges(
    deps,
    messages.map(({ changeId }) => changeId),
  );
  return [];
});
