import { existsSync } from "node:fs";
import { expect, inject, test } from "vitest";
import { askForHome } from "./keeper";
import { makeLocalServer } from "./local-server";

// Its deadline is far below that of a server that is waited for.
test("a server that ends before it is ready is not waited for: what it printed is the error", async () => {
  const server = await makeLocalServer({ PORT: "no number" });
  try {
    await expect(server.start()).rejects.toThrow(/^it ended:\nBrinkwatch could not start\. .*PORT/);
  } finally {
    await server.remove();
  }
}, 60_000);

test("a copy of a home that was started once has its database, and is removed as a whole", async () => {
  const template = await askForHome(inject("keeperUrl"));
  const server = await makeLocalServer({}, template);
  try {
    expect(existsSync(`${server.home}/postgres/PG_VERSION`)).toBe(true);
  } finally {
    await server.remove();
  }
  expect([existsSync(server.home), existsSync(template)]).toEqual([false, true]);
});
