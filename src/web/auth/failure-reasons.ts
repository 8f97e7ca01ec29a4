import { t } from "../words";

/** Why another service did not let somebody in, by the word in the address it came back with. */
const reasons = new Map([
  ["access_denied", "You said no at the other service."],
  ["account_deactivated", "This account is deactivated."],
  [
    "account_not_linked",
    "There is an account of this address already. Sign in to it, then connect the other service to it under Profile, Security.",
  ],
  ["registration_closed", "Registration is not open. Ask for an invitation."],
  ["signup_disabled", "Registration is not open. Ask for an invitation."],
]);

/** Something is always said: an unknown word is one of a service that we do not know. */
export function failureReason(code: unknown): string {
  const known = typeof code === "string" ? reasons.get(code.toLowerCase()) : undefined;
  return t(known ?? "The other service did not let you in, or the way back took too long.");
}
