import type { Deps } from "../deps";
import { notFound } from "../fault";
import type { Db, Statement } from "../platform/database";
import { type Page, type Range, toPage } from "../protocol/cursor";
import { idIn } from "../protocol/row-id";
import { hashToken, hintOf } from "./token";
import {
  type ApiTokenRow,
  deleteToken,
  deleteTokensOf,
  insertToken,
  selectToken,
  selectTokens,
  shownToken,
  type TokenOwner,
  updateTokenLabel,
} from "./token-queries";

export type { ApiTokenRow } from "./token-queries";

/*
 * What is kept of tokens, for the routes that manage them. What changes something is un-awaited on purpose: it is
 * committed together with its entry in the audit log.
 */

/** Tokens of a person or an organization, newest first. */
export async function listTokens(
  deps: Deps,
  owner: TokenOwner,
  range: Range,
): Promise<Page<ApiTokenRow>> {
  return toPage(await selectTokens(deps.db, owner, range), range);
}

/** Faults: not_found. */
export async function findToken(deps: Deps, owner: TokenOwner, id: string): Promise<ApiTokenRow> {
  const tokenId = idIn(id);
  const [row] = tokenId === undefined ? [] : await selectToken(deps.db, owner, tokenId);
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

export const renameToken = (tx: Db, owner: TokenOwner, id: number, label: string): Statement =>
  updateTokenLabel(tx, owner, id, label);

/** What is to be read of a token for an entry of its change. */
export const auditedToken = (owner: TokenOwner, id: number) => shownToken(owner, id);

/** Answers with a row, or with none when there is no such token. */
export const revokeToken = (tx: Db, owner: TokenOwner, id: number) => deleteToken(tx, owner, id);

/** Every token of a person. */
export const revokeTokensOf = (tx: Db, userId: number): Statement => deleteTokensOf(tx, userId);
