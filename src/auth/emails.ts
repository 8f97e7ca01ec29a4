import type { Deps, WaitUntil } from "../deps";
import { Fault } from "../fault";
import { randomHex } from "../platform/ids";
import { reasonOf } from "../platform/logger";
import { countGuess } from "./guessing";
import { verificationMail } from "./mails";
import { hashToken } from "./token";
import {
  deleteEmail,
  makePrimary,
  selectEmails,
  selectIsTaken,
  upsertEmail,
  verifyEmail,
} from "./user-queries";

const daysValid = 3;
const dayMs = 86_400_000;

/** A further address, unproven until its mail is answered. Faults: invalid, limited. */
export async function addEmail(
  deps: Deps,
  waitUntil: WaitUntil,
  userId: number,
  email: string,
): Promise<void> {
  const { rows } = await selectIsTaken(deps.db, email);
  if (rows[0]?.taken) throw new Fault("invalid", "Email already exists");
  await mailProof(deps, waitUntil, userId, email);
}

/** Sends the mail again. Faults: not_found, limited. */
export async function resendProof(
  deps: Deps,
  waitUntil: WaitUntil,
  userId: number,
  email: string,
): Promise<void> {
  const { rows } = await selectEmails(deps.db, userId);
  const known = rows.find(
    (row) => !row.isPrimary && !row.isVerified && row.email.toLowerCase() === email.toLowerCase(),
  );
  if (!known) throw new Fault("not_found", "Not Found");
  await mailProof(deps, waitUntil, userId, known.email);
}

async function mailProof(deps: Deps, waitUntil: WaitUntil, userId: number, email: string) {
  const guess = { address: `${userId}`, ip: undefined };
  if ((await countGuess(deps, "mail", guess)) !== undefined) {
    throw new Fault("limited", "Too many mails; try again in a few minutes.");
  }
  const token = randomHex(32);
  const expiresAt = new Date(+deps.now() + daysValid * dayMs);
  const { rows } = await upsertEmail(deps.db, userId, email, hashToken(token), expiresAt);
  if (rows.length === 0) throw new Fault("invalid", "Email already exists");
  const link = `${deps.config.publicUrl}/profile/confirm-email/${token}/`;
  waitUntil(
    deps.mailer.send(verificationMail(email, link)).catch((error) => {
      deps.log("error", "a mail could not be sent", { reason: reasonOf(error) });
    }),
  );
}

/** Faults: invalid, when the link was used, is too old, or somebody else has the address by now. */
export async function confirmEmail(deps: Deps, token: string): Promise<void> {
  const { rows } = await verifyEmail(deps.db, hashToken(token), deps.now());
  if (rows.length === 0) throw new Fault("invalid", "The link does not work any more");
}

/** Faults: not_found, for an address that is not a proven one of the person. */
export async function choosePrimary(deps: Deps, userId: number, email: string): Promise<void> {
  const { rows } = await makePrimary(deps.db, userId, email);
  if (rows.length > 0) return;
  const { rows: known } = await selectEmails(deps.db, userId);
  if (known[0]?.email.toLowerCase() !== email.toLowerCase()) {
    throw new Fault("not_found", "Not Found");
  }
}

/** Faults: not_found. The main address stays. */
export async function removeEmail(deps: Deps, userId: number, email: string): Promise<void> {
  const { rows } = await deleteEmail(deps.db, userId, email);
  if (rows.length === 0) throw new Fault("not_found", "Not Found");
}
