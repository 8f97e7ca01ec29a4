import type { Deps } from "../deps";
import { commit } from "../platform/database";
import { deleteExpired } from "./account-queries";

/** Removes sessions and verifications whose time is over. */
export async function forgetExpired(deps: Deps): Promise<void> {
  await commit(deps.db, deleteExpired(deps.db, deps.now()));
}
