import type { Deps } from "../deps";
import { touchAuthentication } from "./account-queries";
import {
  deleteSessions,
  type FactorRow,
  renamePasskey,
  type SessionRow,
  selectAccountId,
  selectFactors,
  selectSessions,
} from "./factor-queries";

/** What a person may be asked for besides the password; of one type if asked. */
export async function listFactors(
  deps: Deps,
  userId: number,
  type?: FactorRow["type"],
): Promise<FactorRow[]> {
  const factors = await selectFactors(deps.db, userId);
  return factors.filter((each) => type === undefined || each.type === type);
}

/** Whether the person has such a passkey. */
export async function nameFactor(
  deps: Deps,
  userId: number,
  passkeyId: number,
  name: string,
): Promise<boolean> {
  const renamed = await renamePasskey(deps.db, userId, passkeyId, name);
  return renamed.length > 0;
}

/** Every browser in which a person is signed in. */
export async function listSessions(deps: Deps, userId: number): Promise<SessionRow[]> {
  return selectSessions(deps.db, userId, deps.now());
}

/** How many of them there were to end. */
export async function endSessions(deps: Deps, userId: number, ids: number[]): Promise<number> {
  return (await deleteSessions(deps.db, userId, ids)).length;
}

/** The person proved just now in this session who they are. */
export async function noteAuthentication(deps: Deps, sessionId: number): Promise<void> {
  await touchAuthentication(deps.db, sessionId, deps.now());
}

/** Which of a person's services an account at another service is. */
export async function findIdentity(
  deps: Deps,
  userId: number,
  provider: string,
  account: string,
): Promise<number | undefined> {
  const [identity] = await selectAccountId(deps.db, userId, provider, account);
  return identity?.id;
}
