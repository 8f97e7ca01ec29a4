import { createHash } from "node:crypto";
import type { Deps, WaitUntil } from "../deps";
import { selectToken, touchToken } from "./queries";
import type { Role } from "./scopes";

export type Caller = {
  tokenId: number;
  label: string;
  scopes: string[];
  user: {
    id: number;
    email: string;
    name: string;
    isSuperuser: boolean;
    createdAt: Date;
    lastLoginAt: Date | null;
  } | null;
  orgs: { id: number; slug: string; role: Role | null }[];
};

/** Last use is written at most this often. */
const touchAfterMs = 3_600_000;

/** Only this is stored of a token. Tokens are 256 random bits, so a plain hash is enough. */
export const hashToken = (token: string) => createHash("sha256").update(token).digest("hex");

/** Who a bearer token stands for; undefined when it is unknown, expired, or its user is deactivated. */
export async function findCaller(
  deps: Deps,
  token: string,
  waitUntil: WaitUntil,
): Promise<Caller | undefined> {
  const now = deps.now();
  const { rows } = await selectToken(deps.db, hashToken(token), now);
  const [row] = rows;
  if (!row) return undefined;
  const tokenId = Number(row.id);
  if (!row.lastUsedAt || +now - +new Date(row.lastUsedAt) > touchAfterMs) {
    waitUntil(touchToken(deps.db, tokenId, now).then(() => undefined));
  }
  return {
    tokenId,
    label: row.label,
    scopes: row.scopes,
    user:
      row.userId === null
        ? null
        : {
            id: Number(row.userId),
            email: row.email ?? "",
            name: row.name ?? "",
            isSuperuser: row.isSuperuser ?? false,
            createdAt: new Date(row.userCreatedAt ?? 0),
            lastLoginAt: row.lastLoginAt ? new Date(row.lastLoginAt) : null,
          },
    orgs: row.orgs,
  };
}
