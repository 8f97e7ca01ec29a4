import { Time } from "../parts/time";
import { t } from "../words";
import type { Issue } from "./issue-queries";
import { statusWords } from "./status-words";

/** What the status of an issue means, where that is more than a word. */
export function StatusLine({ issue }: { issue: Issue }) {
  const words = statusWords(issue);
  const { ignoreUntil } = issue.statusDetails;
  if (words === undefined) return null;
  return (
    <p className="break-words">
      <bdi>{words}</bdi>
      {ignoreUntil !== undefined && (
        <>
          {t(", until")} <Time at={ignoreUntil} />
        </>
      )}
    </p>
  );
}
