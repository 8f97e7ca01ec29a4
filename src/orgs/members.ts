import type { Actor, Caller } from "../access/caller";
import { roles } from "../access/schemas";
import { isAtLeast, type Role } from "../access/scopes";
import { auditStatement } from "../audit/audit";
import type { Deps } from "../deps";
import { Fault, notFound } from "../fault";
import { commitUnder } from "../platform/database";
import { type Page, type Range, toPage } from "../protocol/cursor";
import { idIn } from "../protocol/row-id";
import {
  auditedMember,
  clearPrimary,
  deleteMember,
  type MemberRow,
  selectMember,
  selectMembers,
  setMemberTeams,
  setPrimary,
  updateMemberRole,
} from "./member-queries";

type Org = Caller["orgs"][number];

/** Members and pending invitations, oldest first; those of a team if asked. */
export async function listMembers(
  deps: Deps,
  orgId: number,
  range: Range,
  words: string[],
  teamId?: number,
): Promise<Page<MemberRow>> {
  const { rows } = await selectMembers(deps.db, orgId, range, words, teamId);
  return toPage(rows, range);
}

/** A member of an organization, pending ones included. Faults: not_found. */
export async function findMember(deps: Deps, orgId: number, id: string): Promise<MemberRow> {
  const memberId = idIn(id);
  const { rows } =
    memberId === undefined ? { rows: [] } : await selectMember(deps.db, orgId, memberId);
  const [row] = rows;
  if (!row) throw notFound();
  return row;
}

/** Nobody gives, takes or removes a role above their own, nor by a token that may do less. Faults: forbidden. */
export function assertMayGive({ role: own, gives }: Pick<Org, "role" | "gives">, role: Role): void {
  if (isAtLeast(gives, role)) return;
  throw new Fault(
    "forbidden",
    isAtLeast(own, role)
      ? `The token lacks scopes that the role ${role} has.`
      : `Only ${role === "owner" ? "an owner" : `a ${role}`} may do this.`,
  );
}

/** Roles that may be taken from a member, who may have got another one since it was read. */
const reachOf = ({ gives }: Org) => roles.filter((role) => isAtLeast(gives, role));

/** The last owner stays one, and so does the primary one. Faults: forbidden, unprocessable. */
export async function editMember(
  deps: Deps,
  org: Org,
  actor: Actor,
  member: MemberRow,
  { orgRole, teams }: { orgRole: Role | undefined; teams: string[] | undefined },
): Promise<void> {
  assertMayGive(org, member.role);
  if (orgRole) assertMayGive(org, orgRole);
  const id = Number(member.id);
  const changes = { row: auditedMember(org.id, id), changes: { role: orgRole, teams } };
  const note = { actor, event: "member.edit", target: member.email, changes };
  const [changed] = await commitUnder(deps.db, { orgId: org.id, memberId: id }, [
    updateMemberRole(deps.db, org.id, id, { role: orgRole, reach: reachOf(org) }, note),
    ...(teams ? setMemberTeams(deps.db, org.id, id, teams) : []),
  ]);
  if (rowsOf(changed) === 0) {
    assertMayGive(org, (await findMember(deps, org.id, member.id)).role);
    throw new Fault("unprocessable", "Organization must have at least one owner");
  }
}

/** Faults: forbidden, invalid when it is the primary or the last owner. */
export async function removeMember(
  deps: Deps,
  org: Org,
  actor: Actor,
  member: MemberRow,
): Promise<void> {
  const isSelf = org.memberId === Number(member.id);
  if (!isSelf) {
    if (!isAtLeast(org.role, "manager")) throw new Fault("forbidden", "forbidden");
    assertMayGive(org, member.role);
  }
  const [removed] = await commitUnder(deps.db, { orgId: org.id, memberId: Number(member.id) }, [
    deleteMember(deps.db, org.id, Number(member.id), isSelf ? [...roles] : reachOf(org), {
      actor,
      event: "member.remove",
      target: member.email,
    }),
  ]);
  if (rowsOf(removed) === 0) {
    if (!isSelf) assertMayGive(org, (await findMember(deps, org.id, member.id)).role);
    throw new Fault("invalid", "The primary owner and the last owner cannot be removed");
  }
}

/** Hands the organization over: the member becomes its primary owner. Faults: forbidden, invalid. */
export async function setOwner(
  deps: Deps,
  org: Org,
  actor: Actor,
  member: MemberRow,
): Promise<void> {
  if (org.role !== "owner") {
    throw new Fault("forbidden", "Only owner may set organization owner.");
  }
  assertMayGive(org, "owner");
  if (!member.user) throw new Fault("invalid", "The invitation has not been accepted yet");
  await commitUnder(deps.db, { orgId: org.id, memberId: Number(member.id) }, [
    clearPrimary(deps.db, org.id, Number(member.id)),
    setPrimary(deps.db, org.id, Number(member.id)),
    auditStatement(deps.db, org.id, actor, "member.set-owner", member.email),
  ]);
}

const rowsOf = (result: unknown) => (result as { rows: unknown[] }).rows.length;
