import type { Caller, CallerUser } from "../access/caller";
import { hashToken } from "../access/token";
import type { Deps } from "../deps";
import { Fault, notFound } from "../fault";
import { commit } from "../platform/database";
import { randomHex } from "../platform/ids";
import { reasonOf } from "../platform/logger";
import type { Mail } from "../platform/mailer";
import type { WaitUntil } from "../platform/wait-until";
import { dayMs } from "../protocol/durations";
import { insertProof, verifyMainEmail } from "./account-queries";
import { selectProof } from "./factor-queries";
import { countGuess } from "./guessing";
import { addressChangedMail, verificationMail } from "./mails";
import { storedIdentifier } from "./proofs";
import {
  deleteEmail,
  type EmailRow,
  makePrimary,
  selectEmails,
  selectTaken,
  upsertEmail,
  verifyEmail,
} from "./user-queries";

const daysValid = 3;

/** Addresses of a person, the main one first. */
export async function listOwnEmails(deps: Deps, userId: number): Promise<EmailRow[]> {
  return selectEmails(deps.db, userId);
}

/** What a link from a mail is about, while it works; `kind` says for what it was mailed. */
export async function readProof(deps: Deps, kind: "verify-email" | "reset-password", key: string) {
  const link = {
    identifier: storedIdentifier(`${kind}:${key}`),
    tokenHash: kind === "verify-email" ? hashToken(key) : "",
  };
  const [proof] = await selectProof(deps.db, link, deps.now());
  return proof;
}

/** A further address, unproven until its mail is answered. Faults: invalid, limited. */
export async function addEmail(
  deps: Deps,
  waitUntil: WaitUntil,
  userId: number,
  email: string,
): Promise<void> {
  const taken = await selectTaken(deps.db, email);
  if (taken.length > 0) throw new Fault("invalid", "Email already exists");
  await mailProof(deps, waitUntil, userId, email);
}

/** Sends the mail again. Faults: not_found, limited. */
export async function resendProof(
  deps: Deps,
  waitUntil: WaitUntil,
  userId: number,
  email: string,
): Promise<void> {
  const own = await selectEmails(deps.db, userId);
  const known = own.find(
    (row) => !row.isPrimary && !row.isVerified && row.email.toLowerCase() === email.toLowerCase(),
  );
  if (!known) throw notFound();
  await mailProof(deps, waitUntil, userId, known.email);
}

async function mailProof(deps: Deps, waitUntil: WaitUntil, userId: number, email: string) {
  if ((await countGuess(deps, "mail", { session: `user ${userId}` })) !== undefined) {
    throw new Fault("limited", "Too many mails; try again in a few minutes.");
  }
  const token = randomHex(32);
  const expiresAt = new Date(+deps.now() + daysValid * dayMs);
  const { rows } = await upsertEmail(deps.db, userId, email, hashToken(token), expiresAt);
  if (rows.length === 0) throw new Fault("invalid", "Email already exists");
  send(deps, waitUntil, verificationMail(email, linkOf(deps, token)));
}

const send = (deps: Deps, waitUntil: WaitUntil, mail: Mail) =>
  waitUntil(
    deps.mailer.send(mail).catch((error) => {
      deps.log("error", "a mail could not be sent", { reason: reasonOf(error) });
    }),
  );

/** A link that proves a person's main address; it is to be mailed there and nowhere else. */
export async function linkOfProof(deps: Deps, userId: number): Promise<string> {
  const token = randomHex(32);
  const now = deps.now();
  const expiresAt = new Date(+now + daysValid * dayMs);
  await insertProof(deps.db, { identifier: identifierOf(token), userId, expiresAt, now });
  return linkOf(deps, token);
}

const identifierOf = (token: string) => storedIdentifier(`verify-email:${token}`);
const linkOf = (deps: Deps, token: string) =>
  `${deps.config.publicUrl}/profile/confirm-email/${token}/`;

/** Faults: invalid, when the link was used, is too old, or somebody else has the address by now. */
export async function confirmEmail(deps: Deps, token: string): Promise<void> {
  const further = await verifyEmail(deps.db, hashToken(token), deps.now());
  if (further.length > 0) return;
  const main = await verifyMainEmail(deps.db, identifierOf(token), deps.now());
  if (main.length === 0) throw new Fault("invalid", "The link does not work any more");
}

/**
 * A proven address becomes the main one, which ends what the old one may have opened: other sessions, trusted devices,
 * links. The old address gets a mail about it. Faults: not_found, for an address that is not a proven one of the person.
 */
export async function choosePrimary(
  deps: Deps,
  waitUntil: WaitUntil,
  caller: Pick<Caller, "id">,
  person: Pick<CallerUser, "id" | "email">,
  email: string,
): Promise<void> {
  if (person.email.toLowerCase() === email.toLowerCase()) return;
  const results = await commit(deps.db, makePrimary(deps.db, person.id, email, caller.id));
  const moved = results.at(-1) as unknown[];
  if (moved.length === 0) throw notFound();
  send(deps, waitUntil, addressChangedMail(person.email, email));
}

/** Faults: not_found. The main address stays. */
export async function removeEmail(deps: Deps, userId: number, email: string): Promise<void> {
  const removed = await deleteEmail(deps.db, userId, email);
  if (removed.length === 0) throw notFound();
}
