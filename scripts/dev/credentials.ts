import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Seed } from "../seed";
import { stateDirectory } from "./places";

const file = join(stateDirectory, "credentials.json");

/** What the first start printed, kept for the owner of this folder alone. */
export const writeCredentials = (seed: Seed): void =>
  writeFileSync(file, JSON.stringify(seed, null, 2), { mode: 0o600 });

export const readCredentials = (): Seed | undefined =>
  existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
