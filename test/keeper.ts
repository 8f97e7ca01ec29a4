import { createServer } from "node:http";
import { closeServer, listen, portOf, readAll } from "../scripts/local/neon-bridge";
import { makeLocalServer } from "./local-server";
import { type LaunchedStack, type LaunchOptions, launchStack, type StackAddress } from "./stack";

export type Keeper = { url: string; close(): Promise<void> };

/**
 * Keeps one stack for each test worker and set of bindings, launched when first asked for and used by one file after
 * another: starting workerd for every file would take longer than the tests. For tests of `npm start` it keeps a data
 * folder in which it was started once, to be copied.
 */
export async function startKeeper(base: LaunchOptions): Promise<Keeper> {
  const stacks = new Map<string, Promise<LaunchedStack>>();
  let home: Promise<Home> | undefined;
  const answer = async (path: string | undefined, key: string): Promise<string> => {
    if (path === "/home") {
      home ??= makeHome();
      return (await home).folder;
    }
    const { bindings } = JSON.parse(key) as { pool: string; bindings: Record<string, string> };
    let launching = stacks.get(key);
    if (!launching) {
      launching = launchStack({ ...base, bindings });
      stacks.set(key, launching);
    }
    const { closeRedis: _, dispose: __, ...address } = await launching;
    return JSON.stringify(address satisfies StackAddress);
  };
  const server = createServer((request, response) => {
    void readAll(request)
      .then(async (body) => response.end(await answer(request.url, body.toString("utf8"))))
      .catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await listen(server);
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    close: async () => {
      await closeServer(server);
      const [made] = await Promise.allSettled([home]);
      if (made.status === "fulfilled") await made.value?.remove();
      for (const stack of await Promise.allSettled(stacks.values())) {
        if (stack.status === "fulfilled") await stack.value.dispose();
      }
    },
  };
}

type Home = { folder: string; remove(): Promise<void> };

/** The first start makes the database, its tables, the first user and the bundle, and takes twice as long as another. */
async function makeHome(): Promise<Home> {
  const server = await makeLocalServer();
  try {
    await server.start();
    await server.stop();
  } catch (error) {
    await server.remove();
    throw error;
  }
  return { folder: server.home, remove: server.remove };
}

/** The stack of this test worker with these bindings. */
export async function askKeeper(
  keeperUrl: string,
  bindings: Record<string, string>,
): Promise<StackAddress> {
  const pool = process.env.VITEST_POOL_ID ?? "1";
  return JSON.parse(await ask(keeperUrl, JSON.stringify({ pool, bindings }))) as StackAddress;
}

/** A data folder in which `npm start` ran once, for `makeLocalServer` to copy. */
export const askForHome = (keeperUrl: string): Promise<string> => ask(`${keeperUrl}/home`, "");

async function ask(url: string, body: string): Promise<string> {
  const response = await fetch(url, { method: "POST", body });
  const text = await response.text();
  if (response.status !== 200) throw new Error(text);
  return text;
}
