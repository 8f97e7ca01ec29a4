import type { Deps } from "../deps";
import { Fault } from "../fault";
import type { WaitUntil } from "../platform/wait-until";
import { hourMs } from "../protocol/durations";
import { type Dialect, dialectOf } from "./dialect";
import { type CallerRow, selectSessionCaller, selectTokenCaller, touchToken } from "./queries";
import { scopes } from "./schemas";
import { type Role, roleOfScopes, roleWithin, withinRole } from "./scopes";
import { sessionTokenOf } from "./session-cookie";
import { hashToken, isTokenForm } from "./token";
import { isTooManyUnknown, noteLookup } from "./unknown-tokens";

export type CallerUser = {
  id: number;
  email: string;
  emailVerified: boolean;
  name: string;
  isSuperuser: boolean;
  createdAt: Date;
  lastLoginAt: Date | null;
  hasPassword: boolean;
  options: unknown;
};

/** Who is calling, by which credential, and which organizations that reaches. */
export type Caller = {
  /** `token`: an Authorization header. `session`: a browser's cookie. */
  by: "token" | "session";
  /** Id of the token or session. */
  id: number;
  label: string;
  /** When the person last proved who they are in this session; null for tokens, which prove nothing about that. */
  authenticatedAt: Date | null;
  scopes: string[];
  /** When the token ends; null for one that does not, and for sessions. */
  expiresAt: Date | null;
  dialect: Dialect;
  user: CallerUser | null;
  orgs: {
    id: number;
    slug: string;
    role: Role;
    /** The highest role that this credential may give or take: neither its scopes nor its role reach further. */
    gives: Role;
    memberId: number | null;
    /** Deleted projects whose rows are still being removed. */
    goneProjectIds: number[];
  }[];
};

/** Last use is written at most this often. */
const touchAfterMs = hourMs;

/**
 * Who a bearer token stands for; undefined when it is unknown, expired, or its user is deactivated. Faults: limited,
 * when the network of `ip` has tried many that nobody has.
 */
export async function findTokenCaller(
  deps: Deps,
  token: string,
  ip: string | undefined,
  waitUntil: WaitUntil,
): Promise<Caller | undefined> {
  if (!isTokenForm(token)) return undefined;
  const now = deps.now();
  const hash = hashToken(token);
  if (isTooManyUnknown(deps, token, hash, ip)) {
    throw new Fault("limited", "Too many unknown tokens; try again in a minute.");
  }
  const { rows } = await selectTokenCaller(deps.db, hash, now);
  const [row] = rows;
  noteLookup(deps, hash, ip, row !== undefined);
  if (!row) return undefined;
  if (!row.lastUsedAt || +now - +new Date(row.lastUsedAt) > touchAfterMs) {
    waitUntil(touchToken(deps.db, Number(row.id), now).then(() => undefined));
  }
  return {
    ...toCaller(row, row.scopes),
    by: "token",
    authenticatedAt: null,
    expiresAt: row.expiresAt === null ? null : new Date(row.expiresAt),
    dialect: dialectOf(token),
  };
}

/** Who is signed in with a cookie; undefined when the signature is wrong, the session over, or the user deactivated. */
export async function findSessionCaller(deps: Deps, cookies: string): Promise<Caller | undefined> {
  const token = await sessionTokenOf(cookies, deps.config.authSecret);
  if (!token) return undefined;
  const { rows } = await selectSessionCaller(deps.db, token, deps.now());
  const [row] = rows;
  // What a person may do is said by the role in each organization, not by scopes.
  if (!row) return undefined;
  return {
    ...toCaller(row, [...scopes]),
    by: "session",
    authenticatedAt: row.authenticatedAt === null ? null : new Date(row.authenticatedAt),
    expiresAt: null,
    dialect: "glitchtip",
  };
}

const toCaller = (row: CallerRow, allowed: string[]) => ({
  id: Number(row.id),
  label: row.label,
  scopes: allowed,
  user:
    row.userId === null
      ? null
      : {
          id: Number(row.userId),
          email: row.email ?? "",
          emailVerified: row.emailVerified ?? false,
          name: row.name ?? "",
          isSuperuser: row.isSuperuser ?? false,
          createdAt: new Date(row.userCreatedAt ?? 0),
          lastLoginAt: row.lastLoginAt ? new Date(row.lastLoginAt) : null,
          hasPassword: row.hasPassword ?? false,
          options: row.options,
        },
  orgs: row.orgs.map(({ role: own, ...org }) => {
    const role = own ?? roleOfScopes(allowed);
    return { ...org, role, gives: roleWithin(role, allowed) };
  }),
});

/** What a credential may do in an organization: its scopes, as far as its person's role has them. */
export const powersIn = ({ user, scopes: allowed }: Caller, { role }: Pick<Org, "role">) =>
  user ? withinRole(role, allowed) : allowed;

/** The same by its id; nothing, where the caller is not in it. */
export function powersAt(caller: Caller, orgId: number): string[] {
  const org = caller.orgs.find(({ id }) => id === orgId);
  return org ? powersIn(caller, org) : [];
}

type Org = Caller["orgs"][number];

/** Who did something: a person, or a token that belongs to an organization alone. */
export type Actor = { userId: number | null; name: string; ip: string | null };
