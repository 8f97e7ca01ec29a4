import { statfsSync } from "node:fs";
import { afterAll, expect, inject, test } from "vitest";
import { eventEnvelope, eventually, randomId } from "../harness";
import { askForHome } from "../keeper";
import { type LocalServer, makeLocalServer } from "../local-server";

let server: LocalServer;
afterAll(() => server?.remove());

test("a disk that is nearly full refuses events, counts them, says so once and in its health, and keeps what was there", async () => {
  server = await makeLocalServer({}, await askForHome(inject("keeperUrl")));
  await server.start();
  const send = () =>
    fetch(server.door, { method: "POST", body: eventEnvelope({}, { event_id: randomId() }) });
  const events = async () => (await server.query("select event_id from events")).length;
  expect((await send()).status).toBe(200);
  await eventually(async () => expect(await events()).toBe(1));
  await server.stop();

  // Half of what would have to be free is: outcomes are still taken.
  const { bavail, bsize } = statfsSync(server.home);
  const full = { DISK_RESERVE_MB: String(Math.floor((bavail * bsize * 2) / 1024 / 1024)) };
  await server.start(full);
  const refused = [await send(), await send()];
  expect(refused.map(({ status }) => status)).toEqual([503, 503]);
  await eventually(() => {
    const said = server.output().split("the disk is nearly full: events are refused").length - 1;
    expect(said).toBe(1);
  });
  await eventually(() => {
    const ofEvents = server.output().split("could not be made durable").length - 1;
    expect(ofEvents).toBe(1);
  });
  await eventually(async () => {
    const health: { checks: { disk: { status: string } } } = await (
      await fetch(`${server.url}/_health/ready`)
    ).json();
    expect(health.checks.disk.status).toBe("failing");
  });
  await eventually(async () => {
    const counted = await server.query(
      "select outcome, reason, sum(quantity)::int as events from outcome_hours group by 1, 2 order by 1",
    );
    expect(counted).toEqual([
      { outcome: "accepted", reason: "", events: 1 },
      { outcome: "rate_limited", reason: "unavailable", events: 2 },
    ]);
  });
  expect(await events()).toBe(1);
});
