import { minuteMs } from "../../protocol/durations";
import type { ListedIssue } from "../api/undo";
import { spanWords } from "../parts/time-words";
import { formatNumber, plural, t } from "../words";

type Stated = Pick<ListedIssue, "status" | "substatus" | "statusDetails">;
type Details = Stated["statusDetails"];

/**
 * What a status means, as a sentence: what ends it and whose doing it was. undefined: its word says all. A moment is left
 * out, for pages show it in the reader's own way.
 */
export function statusWords({
  status,
  substatus,
  statusDetails: details,
}: Stated): string | undefined {
  if (status === "unresolved") {
    if (substatus === "regressed") return t("Came back after it was resolved");
    return substatus === "escalating" ? t("Has become much more than it was") : undefined;
  }
  const { actor } = details;
  if (status === "resolved") {
    const what = resolution(details);
    return actor ? t("{what} by {who}", { what, who: actor.name }) : what;
  }
  const what = muting(details);
  return actor ? t("{what} (by {who})", { what, who: actor.name }) : what;
}

function resolution({ inRelease, inNextRelease, currentRelease, inCommit }: Details): string {
  if (inRelease !== undefined) return t("Resolved in {version}", { version: inRelease });
  if (inNextRelease)
    return t("Resolved in the release after {version}", { version: currentRelease ?? "?" });
  if (inCommit) return t("Resolved in the commit {commit}", { commit: inCommit.commit });
  return t("Resolved");
}

function muting(details: Details): string {
  const { ignoreCount, eventsSince, ignoreUserCount, ignoreUntil } = details;
  if (ignoreCount !== undefined && eventsSince !== undefined) {
    return t("Muted until {n}, {so} so far", {
      n: plural(ignoreCount, "more event", "more events"),
      so: formatNumber(eventsSince),
    });
  }
  if (ignoreCount !== undefined) {
    return t("Muted until {n} within {span}", {
      n: plural(ignoreCount, "event", "events"),
      span: spanOf(details.ignoreWindow),
    });
  }
  if (ignoreUserCount !== undefined) {
    const n = plural(ignoreUserCount, "person has it", "people have it");
    return details.ignoreUserWindow === undefined
      ? t("Muted until {n}", { n })
      : t("Muted until {n} within {span}", { n, span: spanOf(details.ignoreUserWindow) });
  }
  if (ignoreUntil !== undefined) return t("Muted for a time");
  if (details.ignoreUntilNext) return t("Muted until it happens again");
  return details.ignoreUntilEscalating ? t("Muted until it escalates") : t("Muted for good");
}

const spanOf = (minutes = 0) => spanWords(minutes * minuteMs);
