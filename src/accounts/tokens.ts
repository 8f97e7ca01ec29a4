import { type Actor, type Caller, powersIn } from "../access/caller";
import type { Dialect } from "../access/dialect";
import type { CallerOrg } from "../access/reach";
import { mintOrgToken, mintUserToken } from "../access/token";
import {
  type ApiTokenRow,
  auditedToken,
  findToken,
  keepToken,
  renameToken,
  revokeToken,
} from "../access/tokens";
import { auditOfChange, auditStatement } from "../audit/audit";
import type { Deps } from "../deps";
import { Fault, notFound } from "../fault";
import { commitUnder } from "../platform/database";
import { idIn } from "../protocol/row-id";

type Wanted = { label: string; scopes: string[]; expiresAt?: string | null | undefined };

/** The value is answered this once; what is kept can tell it, but not say it. */
export type MadeToken = { row: ApiTokenRow; value: string };

export async function createOwnToken(
  deps: Deps,
  userId: number,
  { dialect, ...wanted }: Wanted & { dialect: Dialect },
): Promise<MadeToken> {
  const value = mintUserToken(dialect, deps.config.authSecret);
  const made = await keepToken(deps.db, { userId }, value, wanted);
  return { row: only(made), value };
}

/** Faults: not_found. */
export async function removeOwnToken(deps: Deps, userId: number, id: string): Promise<void> {
  const revoked = await revokeToken(deps.db, { userId }, idOf(id));
  if (revoked.length === 0) throw notFound();
}

/** Faults: forbidden, for a token that could do more, or for longer, than the credential that makes it. */
export async function createOrgToken(
  deps: Deps,
  caller: Caller,
  org: CallerOrg,
  actor: Actor,
  wanted: Wanted,
): Promise<MadeToken> {
  assertNoStronger(caller, org, wanted);
  const { publicUrl, authSecret } = deps.config;
  const value = mintOrgToken(publicUrl, org.slug, deps.now(), authSecret);
  const note = { scopes: wanted.scopes };
  const [made] = await commitUnder(deps.db, { orgId: org.id }, [
    keepToken(deps.db, { orgId: org.id }, value, wanted),
    auditStatement(deps.db, org.id, actor, "org-token.create", wanted.label, note),
  ]);
  return { row: only(made), value };
}

/** Faults: not_found. */
export async function renameOrgToken(
  deps: Deps,
  orgId: number,
  actor: Actor,
  id: string,
  label: string,
): Promise<void> {
  const token = await findToken(deps, { orgId }, id);
  const note = { row: auditedToken({ orgId }, token.id), changes: { label } };
  await commitUnder(deps.db, { orgId, tokenId: token.id }, [
    auditOfChange(deps.db, orgId, actor, "org-token.edit", token.label, note),
    renameToken(deps.db, { orgId }, token.id, label),
  ]);
}

/** Faults: not_found. */
export async function removeOrgToken(
  deps: Deps,
  orgId: number,
  actor: Actor,
  id: string,
): Promise<void> {
  const token = await findToken(deps, { orgId }, id);
  await commitUnder(deps.db, { orgId, tokenId: token.id }, [
    revokeToken(deps.db, { orgId }, token.id),
    auditStatement(deps.db, orgId, actor, "org-token.delete", token.label),
  ]);
}

/** Neither what it may do nor how long is beyond the credential that makes a token. Faults: forbidden. */
function assertNoStronger(caller: Caller, org: CallerOrg, wanted: Wanted): void {
  const powers = powersIn(caller, org);
  if (wanted.scopes.some((scope) => !powers.includes(scope))) {
    throw new Fault("forbidden", "A token cannot do more than its maker");
  }
  if (!caller.expiresAt) return;
  if (!wanted.expiresAt || +new Date(wanted.expiresAt) > +caller.expiresAt) {
    throw new Fault("forbidden", "A token cannot outlive its maker: expiresAt must not be later");
  }
}

function only(rows: ApiTokenRow[]): ApiTokenRow {
  const [row] = rows;
  if (!row) throw new Error("a token was not stored");
  return row;
}

/** Faults: not_found. */
function idOf(text: string): number {
  const id = idIn(text);
  if (id === undefined) throw notFound();
  return id;
}
