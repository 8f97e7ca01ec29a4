/** What a door that changes how one signs in demands, and what ends when it was passed. */
export type SensitiveDoor = {
  /** Where the request carries the password that the guard checks; the library checks `own` ones by itself. */
  password: "password" | "own";
  /** Whether other sessions, trusted devices and links in mails end with it. */
  endsOthers: boolean;
};

const asks: SensitiveDoor = { password: "password", endsOthers: false };
const asksAndEnds: SensitiveDoor = { password: "password", endsOthers: true };

/** Doors of the sign-in library, by its own paths. Signed-in people only: to others it says what it always does. */
const doors = new Map<string, SensitiveDoor>([
  ["POST /change-password", { password: "own", endsOthers: true }],
  ["POST /two-factor/enable", asks],
  // Somebody who is in already finishes setting up with it.
  ["POST /two-factor/verify-totp", asks],
  ["POST /two-factor/disable", asksAndEnds],
  ["POST /two-factor/generate-backup-codes", asks],
  ["GET /passkey/generate-register-options", asks],
  ["POST /passkey/verify-registration", asks],
  ["POST /passkey/delete-passkey", asksAndEnds],
  ["POST /link-social", asks],
  ["POST /unlink-account", asksAndEnds],
]);

export const sensitiveDoorOf = (method: string, path: string): SensitiveDoor | undefined =>
  doors.get(`${method} ${path.split("?", 1)[0]}`);

/** The password in a request to such a door; undefined when there is none, or the library is to check it. */
export function passwordIn(
  door: SensitiveDoor,
  body: Record<string, unknown>,
): { given: string | undefined; isChecked: boolean } {
  if (door.password === "own")
    return { given: undefined, isChecked: typeof body.currentPassword === "string" };
  return { given: typeof body.password === "string" ? body.password : undefined, isChecked: false };
}
