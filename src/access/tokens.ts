import { notFound } from "../fault";
import type { Db, Statement } from "../platform/database";
import type { Range } from "../protocol/cursor";
import { hashToken, hintOf } from "./token";
import {
  type ApiTokenRow,
  deleteToken,
  deleteTokensOf,
  insertToken,
  selectToken,
  selectTokens,
  type TokenOwner,
  updateTokenLabel,
} from "./token-queries";

export type { ApiTokenRow } from "./token-queries";

/*
 * What is kept of tokens, for the routes that manage them. What changes something is un-awaited on purpose: it is
 * committed together with its entry in the audit log.
 */

/** Tokens of a person or an organization, newest first; one more than the range has when there are more. */
export async function listTokens(db: Db, owner: TokenOwner, range: Range): Promise<ApiTokenRow[]> {
  return (await selectTokens(db, owner, range)).rows;
}

/** Faults: not_found. */
export async function findToken(db: Db, owner: TokenOwner, id: number): Promise<ApiTokenRow> {
  const { rows } = await selectToken(db, owner, id);
  const [row] = rows;
  if (!row) throw notFound();
  return row;
}

type Wanted = { label: string; scopes: string[]; expiresAt?: string | null | undefined };

/** Keeps a token that was minted: its hash and a hint, never its value. */
export const keepToken = (
  tx: Db,
  owner: TokenOwner,
  value: string,
  { label, scopes, expiresAt }: Wanted,
) =>
  insertToken(tx, owner, {
    hash: hashToken(value),
    hint: hintOf(value),
    label,
    scopes,
    expiresAt: expiresAt ? new Date(expiresAt) : null,
  });

/** Answers with the row, or with none when there is no such token. */
export const renameToken = (tx: Db, owner: TokenOwner, id: number, label: string) =>
  updateTokenLabel(tx, owner, id, label);

/** Likewise. */
export const revokeToken = (tx: Db, owner: TokenOwner, id: number) => deleteToken(tx, owner, id);

/** Every token of a person. */
export const revokeTokensOf = (tx: Db, userId: number): Statement => deleteTokensOf(tx, userId);
