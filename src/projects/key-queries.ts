import { and, eq, getTableColumns, or, sql } from "drizzle-orm";
import { projectKeys } from "../../drizzle/schema/projects";
import type { AuditedRow } from "../audit/entry-queries";
import type { Db, Statement } from "../platform/database";
import { keyset } from "../platform/keyset";
import type { Range } from "../protocol/cursor";

export type KeyRow = typeof projectKeys.$inferSelect;

/** Keys of a project, oldest first. Served by project_keys_project. */
export function selectKeys(db: Db, projectId: number, range: Range, isActive?: boolean) {
  // As precise as the cursor is: a key must not come again because of its microseconds.
  const created = {
    by: sql`date_trunc('milliseconds', ${projectKeys.createdAt})`,
    type: "timestamptz",
  };
  const { condition, order, limit } = keyset(created, projectKeys.id, range);
  return db
    .select()
    .from(projectKeys)
    .where(
      and(
        eq(projectKeys.projectId, projectId),
        isActive === undefined ? undefined : eq(projectKeys.isActive, isActive),
        condition,
      ),
    )
    .orderBy(order)
    .limit(limit);
}

/** By the key's own id or by its public key. Served by the primary key and project_keys_public_key. */
export const selectKey = (db: Db, projectId: number, id: string) =>
  db
    .select()
    .from(projectKeys)
    .where(
      and(
        eq(projectKeys.projectId, projectId),
        or(eq(projectKeys.id, id), eq(projectKeys.publicKey, id)),
      ),
    )
    .limit(1);

export type KeyValues = Pick<
  KeyRow,
  "label" | "isActive" | "rateLimitCount" | "rateLimitWindowSeconds"
>;

/** The id is chosen by the caller, so that the note of it can be committed beside it. */
export const insertKey = (
  tx: Db,
  projectId: number,
  key: Partial<KeyValues> & { id: string },
): Statement => tx.insert(projectKeys).values({ projectId, ...key });

/** What is to be read of a key for an entry of its change. Served by the primary key. */
export const auditedKey = (projectId: number, id: string): AuditedRow => ({
  fields: getTableColumns(projectKeys),
  from: sql`from ${projectKeys} where ${projectKeys.id} = ${id} and ${projectKeys.projectId} = ${projectId}`,
});

export const updateKey = (
  tx: Db,
  projectId: number,
  id: string,
  changes: Partial<KeyValues>,
): Statement =>
  tx
    .update(projectKeys)
    .set(changes)
    .where(and(eq(projectKeys.id, id), eq(projectKeys.projectId, projectId)));

export const deleteKey = (tx: Db, projectId: number, id: string): Statement =>
  tx.delete(projectKeys).where(and(eq(projectKeys.id, id), eq(projectKeys.projectId, projectId)));
