import type { CallerUser } from "../access/caller";
import { type User, UserOptions } from "./schemas";

export type IdentityRow = { id: number; provider: string; uid: string; createdAt: Date };

/** What a list of people and a single one have in common. */
export type UserFacts = Pick<
  CallerUser,
  "id" | "email" | "name" | "isSuperuser" | "createdAt" | "lastLoginAt" | "hasPassword" | "options"
>;

export const toUser = (user: UserFacts, identities: IdentityRow[] = []): User => ({
  id: String(user.id),
  email: user.email,
  username: user.email,
  name: user.name,
  // A deactivated person reaches nothing, and so is never the one who reads this.
  isActive: true,
  isSuperuser: user.isSuperuser,
  dateJoined: user.createdAt.toISOString(),
  lastLogin: user.lastLoginAt?.toISOString() ?? null,
  hasPasswordAuth: user.hasPassword,
  identities: identities.map(({ id, provider, uid, createdAt }) => ({
    id: String(id),
    provider,
    uid,
    lastLogin: null,
    dateJoined: createdAt.toISOString(),
    email: null,
    username: null,
  })),
  options: UserOptions.safeParse(user.options).data ?? {},
});
