import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import type { CloudflareApi } from "./cloudflare-api";

export const wranglerPath = (folder: string) =>
  join(folder, "node_modules/wrangler/bin/wrangler.js");

const Token = z.object({ token: z.string().min(1) });

/** The token of CLOUDFLARE_API_TOKEN, or the one of `wrangler login`. Throws in words when there is neither. */
export async function readToken(folder: string, environment: NodeJS.ProcessEnv): Promise<string> {
  if (environment.CLOUDFLARE_API_TOKEN) return environment.CLOUDFLARE_API_TOKEN;
  const asked = promisify(execFile)(
    process.execPath,
    [wranglerPath(folder), "auth", "token", "--json"],
    { cwd: folder, env: { ...environment, WRANGLER_SEND_METRICS: "false" } },
  );
  asked.child.stdin?.end();
  try {
    return Token.parse(JSON.parse((await asked).stdout)).token;
  } catch {
    throw new Error("Run `npx wrangler login` first, or set CLOUDFLARE_API_TOKEN.");
  }
}

const Account = z.object({ id: z.string(), name: z.string() });

/** The account to set up: the one that was named, or the only one that the token sees. */
export async function chooseAccount(
  api: CloudflareApi,
  named: string | undefined,
): Promise<string> {
  if (named) {
    if (!/^[0-9a-f]{32}$/.test(named)) {
      throw new Error("CLOUDFLARE_ACCOUNT_ID is not the id of an account: 32 hex digits.");
    }
    return named;
  }
  const accounts = (await api.list("/accounts", Account)) ?? [];
  const [only] = accounts;
  if (only && accounts.length === 1) return only.id;
  if (!only) throw new Error("The token sees no account: set CLOUDFLARE_ACCOUNT_ID.");
  const list = accounts.map(({ id, name }) => `  ${id}  ${name}`).join("\n");
  throw new Error(`Set CLOUDFLARE_ACCOUNT_ID to one of these accounts:\n${list}`);
}
