import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Seed } from "../seed-database";
import { stateDirectory } from "./places";

/** The file of what the first start printed. */
export const credentialsFile = join(stateDirectory, "credentials.json");
const secretFile = join(stateDirectory, "auth-secret");
const ownerOnly = { mode: 0o600 };

/** What the first start printed, kept for the owner of this folder alone. */
export const writeCredentials = (seed: Seed): void =>
  writeFileSync(credentialsFile, JSON.stringify(seed, null, 2), ownerOnly);

export const readCredentials = (): Seed | undefined =>
  existsSync(credentialsFile) ? JSON.parse(readFileSync(credentialsFile, "utf8")) : undefined;

/** Files of secrets that belong to the data, by name; those that are there. */
export const secretFiles = (): Record<string, string> =>
  Object.fromEntries(
    [credentialsFile, secretFile]
      .filter((path) => existsSync(path))
      .map((path) => [basename(path), path]),
  );

/** Made once, so that people stay signed in over a restart. */
export function authSecret(): string {
  if (process.env.AUTH_SECRET) return process.env.AUTH_SECRET;
  if (!existsSync(secretFile)) {
    writeFileSync(secretFile, randomBytes(32).toString("hex"), ownerOnly);
  }
  return readFileSync(secretFile, "utf8");
}
