import type { Deps } from "../deps";
import { notFound } from "../fault";
import {
  deleteSubscription,
  selectSubscriptions,
  upsertSubscription,
} from "./subscription-queries";

/** Of which projects of some organizations a person wants the alerts (1) or not (0); others follow the default. */
export async function listSubscriptions(
  deps: Deps,
  userId: number,
  orgIds: number[],
): Promise<{ projectId: number; status: number }[]> {
  return selectSubscriptions(deps.db, userId, orgIds);
}

/** `status` -1: back to the default. Faults: not_found, for a project of other organizations. */
export async function setSubscription(
  deps: Deps,
  userId: number,
  orgIds: number[],
  projectId: number,
  status: number,
): Promise<void> {
  if (status === -1) {
    await deleteSubscription(deps.db, userId, projectId);
    return;
  }
  const { rows } = await upsertSubscription(deps.db, userId, orgIds, projectId, status);
  if (rows.length === 0) throw notFound();
}
