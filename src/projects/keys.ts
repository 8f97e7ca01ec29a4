import type { Actor } from "../access/caller";
import { auditOfChange, auditStatement } from "../audit/audit";
import type { Deps } from "../deps";
import { notFound } from "../fault";
import { commitUnder } from "../platform/database";
import { dashed, uuidv7 } from "../platform/ids";
import { unshare } from "../platform/share";
import { type Page, type Range, toPage } from "../protocol/cursor";
import {
  auditedKey,
  deleteKey,
  insertKey,
  type KeyRow,
  type KeyValues,
  selectKey,
  selectKeys,
  updateKey,
} from "./key-queries";
import type { ProjectRow } from "./queries";
import type { KeyUpdate } from "./schemas";

/** Keys of a project, oldest first; the active or the inactive ones if asked. */
export async function listKeys(
  deps: Deps,
  projectId: number,
  range: Range,
  isActive?: boolean,
): Promise<Page<KeyRow>> {
  return toPage(await selectKeys(deps.db, projectId, range, isActive), range);
}

/** A key of a project by its id or public key, with or without dashes. Faults: not_found. */
export async function findKeyOf(deps: Deps, projectId: number, id: string): Promise<KeyRow> {
  const hex = id.replaceAll("-", "").toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(hex)) throw notFound();
  const [row] = await selectKey(deps.db, projectId, dashed(hex));
  if (!row) throw notFound();
  return row;
}

function valuesOf({ name, label, isActive, rateLimit }: KeyUpdate): Partial<KeyValues> {
  const title = name || label || name;
  return {
    ...(title !== undefined && title !== null && { label: title }),
    ...(isActive !== undefined && { isActive }),
    ...(rateLimit !== undefined && {
      rateLimitCount: rateLimit?.count ?? null,
      rateLimitWindowSeconds: rateLimit?.window ?? null,
    }),
  };
}

/** Answers with the new key's id. */
export async function createKey(
  deps: Deps,
  actor: Actor,
  { project }: ProjectRow,
  wanted: KeyUpdate,
): Promise<string> {
  const id = uuidv7(+deps.now());
  const values = valuesOf(wanted);
  await commitUnder(deps.db, { orgId: project.orgId, projectId: project.id }, [
    insertKey(deps.db, project.id, { id, ...values }),
    auditStatement(deps.db, project.orgId, actor, "key.create", project.slug, { id, ...values }),
  ]);
  return id;
}

const underOf = ({ orgId, id }: ProjectRow["project"], key: KeyRow) => ({
  orgId,
  projectId: id,
  keyId: key.id,
});

/** Only what is given changes; the edge knows within a minute. */
export async function editKey(
  deps: Deps,
  actor: Actor,
  { project }: ProjectRow,
  key: KeyRow,
  wanted: KeyUpdate,
): Promise<void> {
  const values = valuesOf(wanted);
  if (Object.keys(values).length === 0) return;
  const note = { row: auditedKey(project.id, key.id), changes: values, data: { id: key.id } };
  await commitUnder(deps.db, underOf(project, key), [
    auditOfChange(deps.db, project.orgId, actor, "key.edit", project.slug, note),
    updateKey(deps.db, project.id, key.id, values),
  ]);
  await forgetShared(deps, key);
}

export async function removeKey(
  deps: Deps,
  actor: Actor,
  { project }: ProjectRow,
  key: KeyRow,
): Promise<void> {
  await commitUnder(deps.db, underOf(project, key), [
    deleteKey(deps.db, project.id, key.id),
    auditStatement(deps.db, project.orgId, actor, "key.delete", project.slug, { id: key.id }),
  ]);
  await forgetShared(deps, key);
}

/** A key was changed: what is shared of it is read anew, so that the edges follow within their own memory. */
const forgetShared = (deps: Deps, { publicKey }: KeyRow) =>
  unshare(deps, "key", publicKey.replaceAll("-", ""));
