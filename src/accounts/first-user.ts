import { createHash, timingSafeEqual } from "node:crypto";
import type { Deps } from "../deps";
import { Fault } from "../fault";
import { type Statement, takeTurns } from "../platform/database";
import { isLoopback } from "../protocol/loopback";
import { insertFirstUser, selectAnyUser } from "./account-queries";
import { notConfigured } from "./enter";
import { countGuess } from "./guessing";
import { weaknessOf } from "./passwords";
import type { FirstUserDoor } from "./schemas";

/** Where somebody was seen: that does not change any more, so an isolate does not ask again. */
const inhabited = new WeakSet<Deps>();

/** Whether anybody has an account. */
export async function hasUsers(deps: Deps): Promise<boolean> {
  if (inhabited.has(deps)) return true;
  const [anybody] = await selectAnyUser(deps.db);
  if (anybody) inhabited.add(deps);
  return anybody !== undefined;
}

/**
 * How somebody becomes the first user by a request to `url`. On this very machine whoever asks may; elsewhere anybody
 * on the network could, so the operator's token is asked for.
 */
export async function readFirstUserDoor(deps: Deps, url: string): Promise<FirstUserDoor> {
  if (await hasUsers(deps)) return "exists";
  const { publicUrl, setupToken } = deps.config;
  if (isLoopback(publicUrl) && isLoopback(url)) return "open";
  return setupToken === undefined ? "closed" : "token";
}

/** Where and by whom it is asked for. */
export type FirstUserRequest = {
  url: string;
  ip: string | undefined;
  setupToken: string | undefined;
};
export type FirstUser = { name: string; email: string; password: string };

/**
 * Statements that make the first user, a superuser whose address counts as proven; committed with others they all
 * fail when there is somebody already. Faults: conflict, forbidden, invalid, limited, unavailable.
 */
export async function firstUserStatements(
  deps: Deps,
  { url, ip, setupToken }: FirstUserRequest,
  { name, email, password }: FirstUser,
): Promise<[Statement, Statement]> {
  const door = await readFirstUserDoor(deps, url);
  if (door === "exists") throw somebodyExists();
  if (door === "closed")
    throw new Fault("forbidden", "Set SETUP_TOKEN to make the first user here.");
  if (door === "token") await assertToken(deps, ip, setupToken ?? "");
  if (!deps.config.authSecret) throw notConfigured();
  const weakness = weaknessOf(password, email);
  if (weakness) throw new Fault("unprocessable", weakness, { field: "password" });
  // Loaded by the one request in an installation's life that needs it.
  const { hashPassword } = await import("better-auth/crypto");
  const person = { name, email: email.toLowerCase(), passwordHash: await hashPassword(password) };
  return [takeTurns(deps.db, "the first user"), insertFirstUser(deps.db, person)];
}

export const somebodyExists = () => new Fault("conflict", "There is a user already. Sign in.");

async function assertToken(deps: Deps, ip: string | undefined, given: string): Promise<void> {
  const waitSeconds = await countGuess(deps, "setup", { address: undefined, ip });
  if (waitSeconds !== undefined) throw new Fault("limited", "Too many attempts; try again later.");
  const [wanted, known] = [deps.config.setupToken ?? "", given].map((text) =>
    createHash("sha256").update(text).digest(),
  );
  if (wanted && known && timingSafeEqual(wanted, known)) return;
  throw new Fault("forbidden", "The setup token is not the one in SETUP_TOKEN.", {
    code: "WRONG_SETUP_TOKEN",
  });
}
