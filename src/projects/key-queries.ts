import { and, asc, desc, eq, gt, lt, or, type SQL, sql } from "drizzle-orm";
import { projectKeys } from "../../drizzle/schema/projects";
import type { Db, Statement } from "../platform/database";
import type { Range } from "../protocol/cursor";

export type KeyRow = typeof projectKeys.$inferSelect;

/** Keys of a project, oldest first. Served by project_keys_project. */
export function selectKeys(
  db: Db,
  projectId: number,
  { cursor, limit }: Range,
  isActive?: boolean,
) {
  const edge = cursor && (cursor.backward ? lt : gt);
  // As precise as the cursor is: a key must not come again because of its microseconds.
  const created = sql<Date>`date_trunc('milliseconds', ${projectKeys.createdAt})`;
  const at = sql`${cursor?.value ?? ""}::timestamptz`;
  const after: SQL | undefined =
    cursor && edge
      ? or(edge(created, at), and(eq(created, at), edge(projectKeys.id, cursor.id)))
      : undefined;
  const order = cursor?.backward ? desc : asc;
  return db
    .select()
    .from(projectKeys)
    .where(
      and(
        eq(projectKeys.projectId, projectId),
        isActive === undefined ? undefined : eq(projectKeys.isActive, isActive),
        after,
      ),
    )
    .orderBy(order(created), order(projectKeys.id))
    .limit(limit + 1);
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
