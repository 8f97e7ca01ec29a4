import { createServer } from "node:http";
import { closeServer, listen, portOf, readAll } from "../scripts/local/neon-bridge";
import { type LaunchedStack, type LaunchOptions, launchStack, type StackAddress } from "./stack";

export type Keeper = { url: string; close(): Promise<void> };

/**
 * Keeps one stack for each test worker and set of bindings, launched when first asked for and used by one file after
 * another: starting workerd for every file would take longer than the tests.
 */
export async function startKeeper(base: LaunchOptions): Promise<Keeper> {
  const stacks = new Map<string, Promise<LaunchedStack>>();
  const server = createServer((request, response) => {
    void readAll(request)
      .then(async (body) => {
        const key = body.toString("utf8");
        const { bindings } = JSON.parse(key) as { pool: string; bindings: Record<string, string> };
        let launching = stacks.get(key);
        if (!launching) {
          launching = launchStack({ ...base, bindings });
          stacks.set(key, launching);
        }
        const { closeRedis: _, dispose: __, ...address } = await launching;
        response.end(JSON.stringify(address satisfies StackAddress));
      })
      .catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await listen(server);
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    close: async () => {
      await closeServer(server);
      for (const stack of await Promise.allSettled(stacks.values())) {
        if (stack.status === "fulfilled") await stack.value.dispose();
      }
    },
  };
}

/** The stack of this test worker with these bindings. */
export async function askKeeper(
  keeperUrl: string,
  bindings: Record<string, string>,
): Promise<StackAddress> {
  const pool = process.env.VITEST_POOL_ID ?? "1";
  const body = JSON.stringify({ pool, bindings });
  const response = await fetch(keeperUrl, { method: "POST", body });
  if (response.status !== 200) throw new Error(await response.text());
  return (await response.json()) as StackAddress;
}
