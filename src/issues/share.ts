import type { Deps } from "../deps";
import type { StoredEvent } from "../events/payload";
import { Fault, notFound } from "../fault";
import { limiter } from "../platform/limiter";
import { networkOf } from "../platform/network";
import type { WaitUntil } from "../platform/wait-until";
import { findEventOfIssue } from "./find-event";
import type { IssueRow } from "./queries";
import { readIssueById } from "./read-issue";
import { selectShared } from "./share-queries";

/** What anybody may see of an issue: itself, and its newest event where that is still kept. */
export type SharedIssue = { issue: IssueRow; event: StoredEvent | undefined };

const looksPerMinute = 120;
const shareIdPattern = /^[\da-f]{32}$/;

/**
 * The issue at a public address. Faults: not_found, also where it is not public any more; limited, for a network that asks
 * without end.
 */
export async function readShared(
  deps: Deps,
  waitUntil: WaitUntil,
  ip: string | undefined,
  shareId: string,
): Promise<SharedIssue> {
  await assertNotTooMany(deps, waitUntil, ip);
  const id = shareId.toLowerCase();
  const [shared] = shareIdPattern.test(id) ? (await selectShared(deps.db, id)).rows : [];
  if (!shared) throw notFound();
  const orgIds = [Number(shared.orgId)];
  try {
    const { issue, found } = await findEventOfIssue(deps, orgIds, shared.issueId, "latest");
    return { issue, event: found.event };
  } catch (error) {
    // Its events are no longer kept, or are just being moved.
    if (!(error instanceof Fault && error.kind === "not_found")) throw error;
    return {
      issue: await readIssueById(deps, orgIds, Number(shared.issueId)),
      event: undefined,
    };
  }
}

async function assertNotTooMany(deps: Deps, waitUntil: WaitUntil, ip: string | undefined) {
  if (!ip) return;
  const limit = {
    key: `shared:${networkOf(ip)}`,
    count: looksPerMinute,
    windowSeconds: 60,
    freeShare: 0.05,
  };
  const seconds = await limiter.secondsToWait(deps, waitUntil, limit);
  if (seconds !== undefined)
    throw new Fault("limited", "Too many requests; try again in a minute.");
}
