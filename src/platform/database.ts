import { NeonDbError, neon, neonConfig } from "@neondatabase/serverless";
import { DrizzleQueryError, sql } from "drizzle-orm";
import type { BatchItem, BatchResponse } from "drizzle-orm/batch";
import { drizzle, type NeonHttpDatabase } from "drizzle-orm/neon-http";
import { within } from "./deadline";

export type Db = Pick<
  NeonHttpDatabase,
  | "select"
  | "selectDistinct"
  | "insert"
  | "update"
  | "delete"
  | "execute"
  | "batch"
  | "$with"
  | "with"
>;

/** A query that was built but not sent, to be committed together with its neighbours. */
export type Statement = BatchItem<"pg">;

/**
 * No statement is waited for longer than the deadline. `endpoint` replaces Neon's own HTTP address; set when the
 * database is not at Neon.
 */
export function openDatabase(url: string, deadlineMs: number, endpoint?: string): Db {
  if (endpoint) neonConfig.fetchEndpoint = () => endpoint;
  return drizzle({ client: neon(url, { fetchOptions: { deadlineMs } }) });
}

/**
 * How the driver asks. The whole answer is read here: one that breaks off or drips is then a failure to reach the
 * database, like one that never begins.
 */
neonConfig.fetchFunction = (
  url: string,
  { deadlineMs, ...init }: RequestInit & { deadlineMs: number },
): Promise<Response> =>
  within(deadlineMs, "The database", async (signal) => {
    const response = await fetch(url, { ...init, signal });
    return new Response(await response.arrayBuffer(), response);
  });

/** Sends several statements as one transaction in one round trip; answers in the same order. */
export async function commit(db: Db, statements: Statement[]): Promise<unknown[]> {
  const [first, ...rest] = statements;
  if (!first) return [];
  return db.batch([first, ...rest]);
}

/** What a write hangs on; all of the organization, keys and rules of the project. */
export type Parents = {
  orgId: number;
  projectId?: number;
  teamId?: number | undefined;
  memberId?: number;
  keyId?: string;
  ruleId?: number;
  tokenId?: number;
};

/**
 * Commits what hangs on something that people can delete. It is looked at again and held until the end: what is deleted
 * meanwhile waits for this, or this writes nothing and fails (isGone). Locks that others take before they touch the same
 * rows come first, so that nobody waits for each other. Answers in the order of the statements.
 */
export async function commitUnder<const T extends readonly [Statement, ...Statement[]]>(
  db: Db,
  { orgId, projectId, teamId, memberId, keyId, ruleId, tokenId }: Parents,
  statements: T,
  locks: Statement[] = [],
): Promise<BatchResponse<T>> {
  const live = db.execute(sql`
    select assert_live(${orgId}::bigint, ${projectId ?? null}::bigint, ${teamId ?? null}::bigint,
      ${memberId ?? null}::bigint, ${keyId ?? null}::uuid, ${ruleId ?? null}::bigint, ${tokenId ?? null}::bigint)`);
  const answers = await commit(db, [...locks, live, ...statements]);
  return answers.slice(locks.length + 1) as BatchResponse<T>;
}

/** Whoever takes the same lock in a transaction waits for the one before; it ends with the transaction. */
export const takeTurns = (tx: Db, what: string) =>
  tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${what}, 0))`);

/** Whether a transaction stands in line for a lock, keeping its connection, or fails at once as busy. */
export type Turn = "try" | "wait";

const neonErrorOf = (error: unknown): NeonDbError | undefined => {
  const cause = error instanceof DrizzleQueryError ? error.cause : error;
  return cause instanceof NeonDbError ? cause : undefined;
};

/** SQLSTATE of a refused statement. */
export const sqlStateOf = (error: unknown): string | undefined => neonErrorOf(error)?.code;

/** Somebody else changed what we had read: read again, decide anew. */
export function isConflict(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === "40001" || state === "40P01" || state === "23505";
}

/** SQLSTATE of our own (try_lock_projects): somebody else is writing there, and waiting would keep a connection. */
const busyState = "FL001";
export const isBusy = (error: unknown): boolean => sqlStateOf(error) === busyState;

/** SQLSTATE of our own (assert_room): an owner has as many of something as it may have. Says so in words. */
const fullState = "FL002";
export const fullnessOf = (error: unknown): string | undefined =>
  sqlStateOf(error) === fullState ? neonErrorOf(error)?.message : undefined;

/** SQLSTATE of our own (assert_live): what was to be changed is deleted. */
const goneState = "FL003";
export const isGone = (error: unknown): boolean => sqlStateOf(error) === goneState;

/** A table, column or function is not there, or not as this release knows it: the schema is of another version. */
export const isSchemaMismatch = (error: unknown): boolean =>
  /^(42|0A)/.test(sqlStateOf(error) ?? "");

/** The database is there and did not take what it was given. */
export const isRefused = (error: unknown): boolean => sqlStateOf(error) !== undefined;

/**
 * Connection, resources, operator, system; no such database or user; a transaction that was ended for its age, a
 * statement or lock that took too long, who lost to others time and again; a schema that is not migrated yet.
 */
const outageStates = /^(08|53|57|58|3D|28|25P0[34]|55P03|40P01|40001|42P01|42703|42883)/;

/** The database is away, starting, stopping, full, stuck or not ready for this version: trying later makes sense. */
export function isUnavailable(error: unknown): boolean {
  const cause = neonErrorOf(error);
  if (!cause) return false;
  return !cause.code || outageStates.test(cause.code);
}
