import { afterAll, expect, inject, test } from "vitest";
import { eventEnvelope, eventually, randomId } from "../harness";
import { askForHome } from "../keeper";
import { type LocalServer, makeLocalServer } from "../local-server";

let server: LocalServer;
afterAll(() => server?.remove());

/** Sends events until it is stopped; knows which of them were acknowledged. */
function sendSteadily(door: () => string) {
  const acknowledged: string[] = [];
  let isStopped = false;
  const send = async () => {
    while (!isStopped) {
      const eventId = randomId();
      const answer = await fetch(door(), {
        method: "POST",
        body: eventEnvelope({}, { event_id: eventId }),
      }).catch(() => undefined);
      // Acknowledged is what a client knows of: an answer that breaks off is none.
      const text = await answer?.text().catch(() => undefined);
      if (answer?.status === 200 && text !== undefined) acknowledged.push(eventId);
      else await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const senders = [send(), send(), send(), send()];
  return {
    acknowledged,
    more: (count: number) => {
      const goal = acknowledged.length + count;
      return eventually(() => expect(acknowledged.length).toBeGreaterThan(goal), 60_000);
    },
    stop: async () => {
      isStopped = true;
      await Promise.all(senders);
    },
  };
}

test("whatever is killed, nothing that was acknowledged is lost or counted twice", async () => {
  server = await makeLocalServer({}, await askForHome(inject("keeperUrl")));
  await server.start();
  const load = sendSteadily(() => server.door);
  await load.more(50);
  for (const part of ["consumer-0", "door", "bridges", "database"]) {
    await server.crash(part);
    await load.more(50);
  }
  // The launcher alone: what it started ends with it, and a new start takes the folder over.
  server.launcher().kill("SIGKILL");
  await server.start();
  await load.more(50);
  await server.crashAll();
  await server.start();
  await load.more(50);
  await load.stop();

  const ids = load.acknowledged;
  await eventually(async () => {
    const rows = await server.query<{ id: string }>(
      "select replace(event_id::text, '-', '') as id from events",
    );
    const stored = new Set(rows.map(({ id }) => id));
    expect(ids.filter((id) => !stored.has(id))).toEqual([]);
  }, 60_000);
  // What was not acknowledged may be there as well, but everything once.
  await eventually(async () => {
    const [sums] = await server.query<Record<string, string>>(
      `select (select count(*) from events) as events, (select sum(event_count) from issues) as counted,
              (select sum(quantity) from outcome_hours where outcome = 'accepted') as accepted`,
    );
    expect(sums?.counted).toBe(sums?.events);
    expect(sums?.accepted).toBe(sums?.events);
  }, 60_000);
}, 300_000);
