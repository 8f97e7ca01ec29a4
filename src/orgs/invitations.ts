import type { Actor, Caller, CallerUser } from "../access/caller";
import type { Role } from "../access/scopes";
import { hashToken } from "../access/token";
import type { Deps } from "../deps";
import { Fault } from "../fault";
import { commitUnder } from "../platform/database";
import { randomHex } from "../platform/ids";
import { limiter } from "../platform/limiter";
import { reasonOf } from "../platform/logger";
import type { WaitUntil } from "../platform/wait-until";
import { dayMs } from "../protocol/durations";
import { pathPartCharsMax } from "../protocol/path-part";
import { idIn } from "../protocol/row-id";
import { invitationMail } from "./invitation-mail";
import {
  acceptInvitation,
  type InvitationRow,
  type MemberRow,
  removePendingInvitation,
  selectInvitation,
  selectInvitee,
  upsertInvitation,
} from "./member-queries";
import { assertMayGive, findMember } from "./members";
import { findOrganization } from "./organizations";
import { type OrganizationRow, selectOrganization } from "./queries";

const daysValid = 15;
const mailsPerWindow = 50;
const mailWindowSeconds = 300;

export type NewInvitation = {
  email: string;
  orgRole: Role;
  teams: string[];
  sendInvite: boolean;
  reinvite: boolean;
};

/**
 * Invites an address. Answers with the member's id and the link, which is shown this once. Faults: forbidden,
 * conflict, limited.
 */
export async function invite(
  deps: Deps,
  waitUntil: WaitUntil,
  org: Caller["orgs"][number],
  actor: Actor,
  wanted: NewInvitation,
): Promise<{ memberId: number; link: string }> {
  assertMayGive(org, wanted.orgRole);
  const { rows } = await selectInvitee(deps.db, org.id, wanted.email);
  const known = rows[0];
  if (known?.memberId) throw new Fault("conflict", "This address is a member already");
  if (known?.pendingRole) {
    if (!wanted.reinvite) throw new Fault("conflict", "This address is invited already");
    assertMayGive(org, known.pendingRole);
  }
  if (wanted.sendInvite) await assertMayMail(deps, waitUntil, actor);

  const token = randomHex(32);
  const invitation = {
    email: wanted.email,
    role: wanted.orgRole,
    tokenHash: hashToken(token),
    expiresAt: new Date(+deps.now() + daysValid * dayMs),
    teams: wanted.teams,
  };
  const [{ rows: made }] = await commitUnder(deps.db, { orgId: org.id }, [
    upsertInvitation(deps.db, org.id, invitation, actor),
  ]);
  const memberId = Number(made[0]?.id);
  const link = `${deps.config.publicUrl}/accept/${memberId}/${token}`;
  if (wanted.sendInvite && deps.mailer.isConfigured) {
    waitUntil(mailInvitation(deps, org.id, wanted.email, link));
  }
  return { memberId, link };
}

async function mailInvitation(deps: Deps, orgId: number, email: string, link: string) {
  try {
    const [org] = await selectOrganization(deps.db, orgId);
    await deps.mailer.send(invitationMail(email, org?.name ?? "", link, daysValid));
  } catch (error) {
    deps.log("error", "an invitation could not be mailed", { reason: reasonOf(error) });
  }
}

/** Invitations must not be a way to mail strangers in bulk. Faults: limited. */
async function assertMayMail(deps: Deps, waitUntil: WaitUntil, actor: Actor): Promise<void> {
  const limit = {
    key: `invitation:${actor.userId ?? actor.name}`,
    count: mailsPerWindow,
    windowSeconds: mailWindowSeconds,
  };
  const seconds = await limiter.secondsToWait(deps, waitUntil, limit);
  if (seconds !== undefined) throw new Fault("limited", "Too many invitations; try again later");
}

const invalidToken = () => new Fault("forbidden", "Invalid invite token");

/** Faults: forbidden, when the link is wrong, used, withdrawn or too old. */
export async function findInvitation(
  deps: Deps,
  memberId: string,
  token: string,
): Promise<InvitationRow> {
  const id = idIn(memberId);
  if (id === undefined || token.length > pathPartCharsMax) throw invalidToken();
  const { rows } = await selectInvitation(deps.db, id, hashToken(token), deps.now());
  const [row] = rows;
  if (!row) throw invalidToken();
  return row;
}

/** What an invitation is for, or the membership that it has become. Faults: not_found. */
export async function readInvitation(
  deps: Deps,
  invitation: InvitationRow,
  isAccepted: boolean,
): Promise<{ org: OrganizationRow; member: MemberRow }> {
  const orgId = Number(invitation.orgId);
  const [org, member] = await Promise.all([
    findOrganization(deps, orgId),
    isAccepted ? findMember(deps, orgId, String(invitation.id)) : invitation,
  ]);
  return { org, member };
}

/**
 * Makes the person a member, or withdraws the invitation. Only the invited address may answer, and accept no more
 * than `most`, the highest role that the person's credential covers. Faults: forbidden, conflict.
 */
export async function answerInvitation(
  deps: Deps,
  person: Pick<CallerUser, "id" | "email"> & { most: Role },
  actor: Actor,
  memberId: string,
  token: string,
  isAccepted: boolean,
): Promise<InvitationRow> {
  const invitation = await findInvitation(deps, memberId, token);
  if (invitation.inviteeEmail.toLowerCase() !== person.email.toLowerCase()) {
    throw new Fault("forbidden", "This invitation is for another address");
  }
  if (isAccepted) assertMayGive({ role: "owner", gives: person.most }, invitation.role);
  const [orgId, id] = [Number(invitation.orgId), Number(invitation.id)];
  const hash = hashToken(token);
  const event = isAccepted ? "member.accept" : "member.remove";
  const note = { actor, event, target: person.email };
  const [{ rows }] = await commitUnder(deps.db, { orgId }, [
    isAccepted
      ? acceptInvitation(deps.db, orgId, id, hash, person.id, note)
      : removePendingInvitation(deps.db, orgId, id, hash, note),
  ]);
  if (rows.length === 0) throw new Fault("conflict", "You are a member already");
  return invitation;
}
