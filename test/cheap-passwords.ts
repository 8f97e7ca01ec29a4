import { randomBytes, scryptSync } from "node:crypto";

/**
 * Stands in for the sign-in library's password hashing in the bundle of the tests: the same form, a sixteenth of the
 * work. Hashes made elsewhere (by scripts/create-user.ts) are verified at their full cost.
 */
const mark = "cheap-";

const keyOf = (password: string, salt: string) =>
  scryptSync(password.normalize("NFKC"), salt, 64, {
    N: salt.startsWith(mark) ? 1024 : 16_384,
    r: 16,
    p: 1,
    maxmem: 64 * 1024 * 1024,
  }).toString("hex");

export async function hashPassword(password: string): Promise<string> {
  const salt = mark + randomBytes(16).toString("hex");
  return `${salt}:${keyOf(password, salt)}`;
}

export async function verifyPassword(hash: string, password: string): Promise<boolean> {
  const [salt = "", key] = hash.split(":");
  return key === keyOf(password, salt);
}
