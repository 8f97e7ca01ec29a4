import type { MiniflareOptions } from "miniflare";
import type { SingleWorkerOptions } from "../simulator/start-worker";
import { batchesOf } from "./batches";
import { eventIdOf } from "./corpus";
import { type Cpu, cpuBetween, cpuOf, cpuSum } from "./machine";
import { drained, prepareLoad, type Servers, startServers } from "./servers";

export type Row = Record<string, string | number>;
export type Scenario = {
  name: string;
  title: string;
  run(say: (text: string) => void): Promise<Row[]>;
};

const round = (value: number, digits = 2) => Math.round(value * 10 ** digits) / 10 ** digits;
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
export const perEvent = (cpu: Cpu, events: number): Row => ({
  "workerd ms": round((cpu.workerd * 1000) / events, 3),
  "bridges ms": round((cpu.bridges * 1000) / events, 3),
  "postgres ms": round((cpu.postgres * 1000) / events, 3),
  "all ms": round((cpuSum(cpu) * 1000) / events, 3),
});

/** Without its consumers the worker only accepts: what is measured is the door. */
const doorsOnly = ({ queueConsumers: _, ...options }: SingleWorkerOptions): MiniflareOptions =>
  options;

export const accept: Scenario = {
  name: "accept",
  title: "Requests accepted: mix corpus, gzip, closed loop",
  run: async (say) => {
    const rows: Row[] = [];
    for (const connections of [1, 8, 32, 64]) {
      // A server each: without consumers the queue keeps everything in memory.
      const servers = await startServers({ adjust: doorsOnly });
      try {
        const warm = await prepareLoad({
          url: servers.door,
          run: "warm",
          connections: 8,
          bodies: 200,
          amount: 1500,
        });
        await warm.go();
        const load = await prepareLoad({
          url: servers.door,
          run: "accept",
          connections,
          bodies: 1000,
          seconds: 10,
        });
        const before = cpuOf(servers.processes);
        const result = await load.go();
        const cpu = cpuBetween(before, cpuOf(servers.processes));
        rows.push({
          connections,
          "requests/s": result.perSecond,
          "p50 ms": result.p50,
          "p95 ms": result.p95,
          "p99 ms": result.p99,
          "not 200": result.requests - (result.statuses[200] ?? 0),
          ...perEvent(cpu, result.requests),
        });
        say(`c=${connections}: ${result.perSecond}/s`);
      } finally {
        await servers.dispose();
      }
    }
    return rows;
  },
};

export const digest: Scenario = {
  name: "digest",
  title: "The consumer alone: batches of 100 handed to it, one or two at a time",
  run: async (say) => {
    const rows: Row[] = [];
    for (const consumers of [1, 2]) rows.push(await digestBy(consumers, say));
    return rows;
  },
};

async function digestBy(consumers: number, say: (text: string) => void): Promise<Row> {
  const servers = await startServers();
  try {
    const worker = await servers.worker.getWorker();
    const batches = await batchesOf(servers, "digest", { batches: 120, size: 100 });
    const deliver = async (from: number, to: number) => {
      const left = batches.slice(from, to);
      // As the platform does it when a queue grows: several consumers, each with a batch of its own.
      const consume = async () => {
        for (let batch = left.shift(); batch; batch = left.shift()) {
          await worker.queue("envelopes", batch as never);
        }
      };
      await Promise.all(Array.from({ length: consumers }, consume));
    };
    await deliver(0, 40);
    const before = cpuOf(servers.processes);
    const started = performance.now();
    await deliver(40, 120);
    const seconds = (performance.now() - started) / 1000;
    const cpu = cpuBetween(before, cpuOf(servers.processes));
    say(`${consumers} at a time: ${Math.round(8000 / seconds)} events/s`);
    return { consumers, "events/s": Math.round(8000 / seconds), ...perEvent(cpu, 8000) };
  } finally {
    await servers.dispose();
  }
}

/** How long after its 200 an event shows in the API: marked events, asked for every 50 ms. */
async function watchVisibility(servers: Servers, until: { done: boolean }): Promise<number[]> {
  const delays: number[] = [];
  const pending: Promise<void>[] = [];
  const { pathname } = new URL(servers.door);
  const project = pathname.split("/")[2];
  for (let number = 0; !until.done; number++) {
    const eventId = eventIdOf("marked", number);
    const response = await fetch(servers.door, {
      method: "POST",
      body: `{"event_id":"${eventId}"}\n{"type":"event"}\n{"message":"marked","platform":"other"}`,
    });
    await response.arrayBuffer();
    if (response.status === 200) {
      const accepted = performance.now();
      pending.push(
        (async () => {
          while (performance.now() - accepted < 60_000) {
            const found = await fetch(
              `${servers.url}/api/0/projects/acme/${project}/events/${eventId}/`,
              {
                headers: { authorization: `Bearer ${servers.token}` },
              },
            );
            await found.arrayBuffer();
            if (found.status === 200) {
              delays.push(performance.now() - accepted);
              return;
            }
            await wait(50);
          }
          delays.push(60_000);
        })(),
      );
    }
    await wait(250);
  }
  await Promise.all(pending);
  return delays.toSorted((a, b) => a - b);
}

async function bytesStored(
  servers: Servers,
): Promise<{ database: number; wal: number; blobs: number }> {
  await servers.sql.query("vacuum analyze");
  const { rows } = await servers.sql.query(
    `select sum(pg_total_relation_size(c.oid))::float8 as database, pg_current_wal_lsn() - '0/0'::pg_lsn as wal
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and c.relkind = 'r'`,
  );
  const bucket = await servers.worker.getR2Bucket("BLOBS");
  let blobs = 0;
  let cursor: string | undefined;
  do {
    const page = await bucket.list({ prefix: "segments/", ...(cursor && { cursor }) });
    blobs += page.objects.reduce((sum, { size }) => sum + size, 0);
    cursor = page.truncated ? page.cursor : undefined;
  } while (cursor);
  return { database: rows[0].database, wal: Number(rows[0].wal), blobs };
}

export const endToEnd: Scenario = {
  name: "end-to-end",
  title: "From the door to the API: mix corpus at fixed rates",
  run: async (say) => {
    const rows: Row[] = [];
    for (const rate of [300, 600, 900, 1200]) {
      const servers = await startServers();
      try {
        const send = (run: string, seconds: number, perSecond = rate) =>
          prepareLoad({
            url: servers.door,
            run,
            connections: 32,
            bodies: seconds * perSecond,
            amount: seconds * perSecond,
            rate: perSecond,
          });
        // Most kinds of error are known before anything is measured, as in a project that lives.
        const warm = await (await send("warm", 6, 800)).go();
        let stored = warm.statuses[200] ?? 0;
        await drained(servers, stored, 30_000);
        const load = await send(`measured${rate}`, 8);
        const watched = await send(`watched${rate}`, 5);
        const sizes = await bytesStored(servers);
        const before = cpuOf(servers.processes);
        const result = await load.go();
        const accepted = result.statuses[200] ?? 0;
        stored += accepted;
        const drain = await drained(servers, stored, 40_000);
        const cpu = cpuBetween(before, cpuOf(servers.processes));
        const after = await bytesStored(servers);
        // Asking for events costs as much as sending them: delays are measured in a run of their own.
        const until = { done: false };
        const visibility = watchVisibility(servers, until);
        await watched.go();
        until.done = true;
        const delays = await visibility;
        const at = (share: number) =>
          round((delays[Math.floor(delays.length * share)] ?? 0) / 1000);
        // The load starts a second late and ends in whole seconds; what tells is that nothing is left to digest.
        const sustained = result.perSecond >= rate * 0.8 && drain !== undefined && drain < 4000;
        rows.push({
          "rate/s": rate,
          "accepted/s": result.perSecond,
          "drain s": drain === undefined ? "> 40" : round(drain / 1000, 1),
          sustained: sustained ? "yes" : "no",
          "visible p50 s": at(0.5),
          "visible p99 s": at(0.99),
          "CPU s / 10k": round((cpuSum(cpu) / accepted) * 10_000),
          ...perEvent(cpu, accepted),
          "db B/event": Math.round((after.database - sizes.database) / accepted),
          "WAL B/event": Math.round((after.wal - sizes.wal) / accepted),
          "R2 B/event": Math.round((after.blobs - sizes.blobs) / accepted),
        });
        say(
          `${rate}/s: accepted ${result.perSecond}/s, ${sustained ? "sustained" : "not sustained"}`,
        );
        if (!sustained) break;
      } finally {
        await servers.dispose();
      }
    }
    return rows;
  },
};

export const flood: Scenario = {
  name: "flood",
  title: "Project A at ten times its limit, project B at 5/s",
  run: async (say) => {
    const servers = await startServers();
    try {
      await servers.sql.query("update projects set quotas = $1", [
        JSON.stringify([{ category: "error", count: 6000, windowSeconds: 60 }]),
      ]);
      const { rows } = await servers.sql.query(
        "insert into projects (org_id, name, slug) select org_id, 'Quiet', 'quiet' from projects limit 1 returning id",
      );
      const key = await servers.sql.query(
        "insert into project_keys (project_id) values ($1) returning public_key",
        [rows[0].id],
      );
      const quiet = `${servers.url}/api/${rows[0].id}/envelope/?sentry_key=${key.rows[0].public_key.replaceAll("-", "")}`;
      const quietLoad = (run: string) =>
        prepareLoad({
          url: quiet,
          run,
          connections: 1,
          bodies: 75,
          amount: 75,
          rate: 5,
          size: "M",
        });
      const alone = await (await quietLoad("alone")).go();
      say(`B alone: p99 ${alone.p99} ms`);
      const [noisy, calm] = await Promise.all([
        prepareLoad({
          url: servers.door,
          run: "noisy",
          connections: 32,
          bodies: 2000,
          seconds: 15,
          rate: 1000,
        }),
        quietLoad("calm"),
      ]);
      const [a, b] = await Promise.all([noisy.go(), calm.go()]);
      const stored = await drainedOf(servers, rows[0].id, 150);
      // The limit is spent: from here on every request is a refusal.
      const refusals = await prepareLoad({
        url: servers.door,
        run: "refused",
        connections: 16,
        bodies: 1000,
        seconds: 8,
      });
      await servers.sql.query("update projects set quotas = $1 where slug = 'shop'", [
        JSON.stringify([{ category: "error", count: 0, windowSeconds: 60 }]),
      ]);
      const before = cpuOf(servers.processes);
      const refused = await refusals.go();
      const cpu = cpuBetween(before, cpuOf(servers.processes));
      return [
        {
          what: "B alone",
          "requests/s": alone.perSecond,
          "p50 ms": alone.p50,
          "p99 ms": alone.p99,
          refused: alone.statuses[429] ?? 0,
          lost: 0,
        },
        {
          what: "A, flooded",
          "requests/s": a.perSecond,
          "p50 ms": a.p50,
          "p99 ms": a.p99,
          refused: a.statuses[429] ?? 0,
          lost: "",
        },
        {
          what: "B meanwhile",
          "requests/s": b.perSecond,
          "p50 ms": b.p50,
          "p99 ms": b.p99,
          refused: b.statuses[429] ?? 0,
          lost: 150 - stored,
        },
        {
          what: "refusals alone",
          "requests/s": refused.perSecond,
          "p50 ms": refused.p50,
          "p99 ms": refused.p99,
          refused: refused.statuses[429] ?? 0,
          lost: "",
          ...perEvent(cpu, refused.requests),
        },
      ];
    } finally {
      await servers.dispose();
    }
  },
};

async function drainedOf(servers: Servers, projectId: string, events: number): Promise<number> {
  let stored = 0;
  for (let waited = 0; waited < 20_000 && stored < events; waited += 100) {
    const { rows } = await servers.sql.query(
      "select count(*)::int as n from events where project_id = $1",
      [projectId],
    );
    stored = rows[0].n;
    await wait(100);
  }
  return stored;
}
