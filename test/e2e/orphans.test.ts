import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, inject, test } from "vitest";
import { readHolder } from "../../scripts/local/hold";
import { beganOf, childrenOf, isRunning } from "../../scripts/local/processes";
import { eventually } from "../harness";
import { askForHome } from "../keeper";
import { type LocalServer, makeLocalServer } from "../local-server";

const servers: LocalServer[] = [];
afterAll(async () => {
  for (const server of servers) await server.remove();
});

async function newServer(template?: string): Promise<LocalServer> {
  const server = await makeLocalServer({}, template);
  servers.push(server);
  return server;
}

// Such a part would hold the port, and the files of the objects, for good.
test("a launcher that is killed while it starts a part leaves nothing that the next start does not find", async () => {
  const server = await newServer(await askForHome(inject("keeperUrl")));
  await server.start();
  const launcher = server.launcher().pid ?? 0;
  const before = new Set(childrenOf(launcher).map(({ pid }) => pid));
  // Without the bridges, nobody ends what the launcher leaves behind.
  process.kill(server.pidOf("door"), "SIGKILL");
  const begun = await eventually(() => {
    const found = childrenOf(launcher).find(
      ({ pid, name }) => !before.has(pid) && name === "workerd",
    );
    if (!found) throw new Error("no new door yet");
    return found;
  });
  // It stands still, so it cannot be ready when it is noted.
  process.kill(begun.pid, "SIGSTOP");
  const noted = await eventually(() => {
    const found = readHolder(server.home)?.parts.find(({ pid }) => pid === begun.pid);
    if (!found) throw new Error("nobody knows of it");
    return found;
  });
  process.kill(server.pidOf("bridges"), "SIGKILL");
  process.kill(launcher, "SIGKILL");
  process.kill(begun.pid, "SIGCONT");

  await server.start();
  expect(isRunning(noted)).toBe(false);
  expect((await fetch(`${server.url}/_health/`)).status).toBe(200);
});

test("a first start that is killed at any step leaves nothing in the way of the next", async () => {
  const server = await newServer();
  const isThere = (name: string) => existsSync(join(server.home, name));
  const steps: Record<string, () => boolean> = {
    "the database is being made": () =>
      readdirSync(server.home).some((name) => name.startsWith("postgres-unfinished-")),
    "the database is empty": () => isThere("postgres/PG_VERSION"),
    "there is a user": () => isThere("credentials.json"),
  };
  const left: { pid: number; began: string }[] = [];
  for (const [step, isReached] of Object.entries(steps)) {
    const starting = server.start().catch(() => undefined);
    const launcher = server.launcher().pid ?? 0;
    await eventually(() => expect([step, isReached()]).toEqual([step, true]));
    for (const { pid } of childrenOf(launcher)) left.push({ pid, began: beganOf(pid) ?? "" });
    process.kill(launcher, "SIGKILL");
    await starting;
  }
  expect(left.length).toBeGreaterThanOrEqual(3);

  await server.start();
  expect((await fetch(`${server.url}/_health/`)).status).toBe(200);
  expect(readdirSync(server.home).filter((name) => name.includes("unfinished"))).toEqual([]);
  await eventually(() => expect(left.filter(isRunning)).toEqual([]));
});
