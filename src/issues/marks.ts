import type { Caller } from "../access/caller";
import type { Deps } from "../deps";
import { Fault } from "../fault";
import {
  type FollowReason,
  type Marking,
  type Marks,
  selectWatchers,
  type WatcherRow,
} from "./mark-queries";

/** What somebody wants an issue to be to them; what is undefined stays. */
export type MarkChange = {
  hasSeen?: boolean | undefined;
  isBookmarked?: boolean | undefined;
  isSubscribed?: boolean | undefined;
};

/**
 * The marks of whoever asks, in an organization; undefined where there is nothing to mark. Faults: invalid, for who is
 * no member and has no marks.
 */
export function markingOf(
  orgId: number,
  { hasSeen, isBookmarked, isSubscribed }: MarkChange,
  { orgs }: Pick<Caller, "orgs">,
  now: Date,
): Marking | undefined {
  const wanted = [hasSeen, isBookmarked, isSubscribed];
  if (wanted.every((each) => each === undefined)) return undefined;
  const memberId = orgs.find(({ id }) => id === orgId)?.memberId;
  if (memberId) return { memberId, hasSeen, isBookmarked, isSubscribed, now };
  // Nobody has no marks, so that is how it is.
  if (!wanted.includes(true)) return undefined;
  throw new Fault(
    "invalid",
    "hasSeen, isBookmarked and isSubscribed are of a member, and nobody is one here",
  );
}

/** `unknown` is what Sentry's clients call a choice. */
export type Subscription = { reason: FollowReason | "unknown" } | { disabled: true } | null;

/** What a row says of whoever asks. */
export function toMarks(marks: Marks | null): {
  hasSeen: boolean;
  isBookmarked: boolean;
  isSubscribed: boolean;
  subscriptionDetails: Subscription;
} {
  const { isSeen = false, isBookmarked = false, isSubscribed = null, reason = null } = marks ?? {};
  return {
    hasSeen: isSeen,
    isBookmarked,
    isSubscribed: isSubscribed ?? reason !== null,
    subscriptionDetails:
      isSubscribed === null ? reason && { reason } : subscriptionOf(isSubscribed, reason),
  };
}

const subscriptionOf = (isSubscribed: boolean, reason: FollowReason | null): Subscription =>
  isSubscribed ? { reason: reason ?? "unknown" } : { disabled: true };

/** Who looked at an issue, whoever looked last first, and who follows it. */
export async function readWatchers(
  { db }: Deps,
  orgId: number,
  issueId: number,
): Promise<WatcherRow[]> {
  return (await selectWatchers(db, orgId, issueId)).rows;
}

/** What of a change is said again. */
export const toMarked = ({ hasSeen, isBookmarked, isSubscribed }: MarkChange) => ({
  ...(hasSeen !== undefined && { hasSeen }),
  ...(isBookmarked !== undefined && { isBookmarked }),
  ...(isSubscribed !== undefined && {
    isSubscribed,
    subscriptionDetails: subscriptionOf(isSubscribed, null),
  }),
});
