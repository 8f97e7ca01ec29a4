import { afterAll, expect, inject, test } from "vitest";
import { readHolder } from "../../scripts/local/hold";
import { childrenOf, isRunning } from "../../scripts/local/processes";
import { eventually } from "../harness";
import { askForHome } from "../keeper";
import { type LocalServer, makeLocalServer } from "../local-server";

let server: LocalServer;
afterAll(() => server?.remove());

// Such a part would hold the port, and the files of the objects, for good.
test("a launcher that is killed while it starts a part leaves nothing that the next start does not find", async () => {
  server = await makeLocalServer({}, await askForHome(inject("keeperUrl")));
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
