import { and, eq, isNull, sql } from "drizzle-orm";
import { apiTokens } from "../../drizzle/schema/access";
import type { Db, Statement } from "../platform/database";
import { keyset } from "../platform/keyset";
import type { Range } from "../protocol/cursor";

/** Never the hash: what is read here is shown. */
const columns = {
  id: apiTokens.id,
  label: apiTokens.label,
  hint: apiTokens.hint,
  scopes: apiTokens.scopes,
  createdAt: apiTokens.createdAt,
  lastUsedAt: apiTokens.lastUsedAt,
  expiresAt: apiTokens.expiresAt,
};
export type ApiTokenRow = Pick<typeof apiTokens.$inferSelect, keyof typeof columns>;
export type TokenOwner = { userId: number } | { orgId: number };

const ownedBy = (owner: TokenOwner) =>
  "userId" in owner
    ? and(eq(apiTokens.userId, owner.userId), isNull(apiTokens.orgId))
    : and(eq(apiTokens.orgId, owner.orgId), isNull(apiTokens.userId));

const isOwn = (owner: TokenOwner, id: number) => and(eq(apiTokens.id, id), ownedBy(owner));

/** Newest first. Served by api_tokens_user and api_tokens_org. */
export function selectTokens(db: Db, owner: TokenOwner, range: Range) {
  const { condition, order, limit } = keyset(undefined, apiTokens.id, range, "descending");
  return db
    .select(columns)
    .from(apiTokens)
    .where(and(ownedBy(owner), condition))
    .orderBy(order)
    .limit(limit);
}

/** Served by the primary key. */
export const selectToken = (db: Db, owner: TokenOwner, id: number) =>
  db.select(columns).from(apiTokens).where(isOwn(owner, id));

export const insertToken = (
  db: Db,
  owner: TokenOwner,
  token: { hash: string; hint: string; label: string; scopes: string[]; expiresAt: Date | null },
) => {
  const { hash: tokenHash, ...shown } = token;
  return db
    .insert(apiTokens)
    .values({ tokenHash, ...shown, ...owner })
    .returning(columns);
};

/** A token as far as it is shown, wherever it is to be read. Served by the primary key. */
export const shownToken = (owner: TokenOwner, id: number) => ({
  fields: columns,
  from: sql`from ${apiTokens} where ${isOwn(owner, id)}`,
});

export const updateTokenLabel = (tx: Db, owner: TokenOwner, id: number, label: string): Statement =>
  tx.update(apiTokens).set({ label }).where(isOwn(owner, id));

export const deleteToken = (db: Db, owner: TokenOwner, id: number) =>
  db.delete(apiTokens).where(isOwn(owner, id)).returning({ label: apiTokens.label });

/** Served by api_tokens_user. */
export const deleteTokensOf = (tx: Db, userId: number): Statement =>
  tx.delete(apiTokens).where(eq(apiTokens.userId, userId));
