import { sql } from "drizzle-orm";
import type { Db, Statement } from "../platform/database";
import type { Range } from "../protocol/cursor";

export type ApiTokenRow = {
  id: string;
  label: string;
  hint: string;
  scopes: string[];
  createdAt: string;
  lastUsedAt: string | null;
  expiresAt: string | null;
};
export type TokenOwner = { userId: number } | { orgId: number };

const ownedBy = (owner: TokenOwner) =>
  "userId" in owner
    ? sql`user_id = ${owner.userId} and org_id is null`
    : sql`org_id = ${owner.orgId} and user_id is null`;

const columns = sql`id, label, hint, scopes, created_at as "createdAt", last_used_at as "lastUsedAt",
  expires_at as "expiresAt"`;

/** Newest first. Served by api_tokens_user and api_tokens_org. */
export function selectTokens(db: Db, owner: TokenOwner, { cursor, limit }: Range) {
  const backward = cursor?.backward ?? false;
  const after = cursor ? sql`and id ${sql.raw(backward ? ">" : "<")} ${cursor.id}::bigint` : sql``;
  return db.execute<ApiTokenRow>(sql`
    select ${columns} from api_tokens where ${ownedBy(owner)} ${after}
     order by id ${sql.raw(backward ? "asc" : "desc")} limit ${limit + 1}`);
}

/** Served by the primary key. */
export const selectToken = (db: Db, owner: TokenOwner, id: number) =>
  db.execute<ApiTokenRow>(sql`
    select ${columns} from api_tokens where id = ${id} and ${ownedBy(owner)}`);

export const insertToken = (
  db: Db,
  owner: TokenOwner,
  token: { hash: string; hint: string; label: string; scopes: string[]; expiresAt: Date | null },
) =>
  db.execute<ApiTokenRow>(sql`
    insert into api_tokens (token_hash, hint, label, scopes, expires_at, user_id, org_id)
    values (${token.hash}, ${token.hint}, ${token.label}, ${`{${token.scopes.join(",")}}`}::text[],
            ${token.expiresAt?.toISOString() ?? null}::timestamptz,
            ${"userId" in owner ? owner.userId : null}::bigint, ${"orgId" in owner ? owner.orgId : null}::bigint)
    returning ${columns}`);

export const updateTokenLabel = (db: Db, owner: TokenOwner, id: number, label: string) =>
  db.execute<ApiTokenRow>(sql`
    update api_tokens set label = ${label} where id = ${id} and ${ownedBy(owner)} returning ${columns}`);

export const deleteToken = (db: Db, owner: TokenOwner, id: number) =>
  db.execute<{ label: string }>(sql`
    delete from api_tokens where id = ${id} and ${ownedBy(owner)} returning label`);

/** Served by api_tokens_user. */
export const deleteTokensOf = (tx: Db, userId: number): Statement =>
  tx.execute(sql`delete from api_tokens where user_id = ${userId}`);
