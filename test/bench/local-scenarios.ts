import { type LocalServer, makeLocalServer } from "../local-server";
import { eventIdOf } from "./corpus";
import { perEvent, type Row, type Scenario } from "./ingest-scenarios";
import { type Cpu, cpuBetween, cpuOf, cpuSum, memoryOf, type Processes } from "./machine";
import { drained, prepareLoad, startServers, unlimited } from "./servers";

/** What `npm start` is: workerd itself, processes that are kept, queues and bucket on disk. */

const round = (value: number, digits = 2) => Math.round(value * 10 ** digits) / 10 ** digits;
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function startLocal(): Promise<LocalServer> {
  const server = await makeLocalServer({ ...unlimited, LOG_SAMPLE_RATE: "0.1" });
  await server.start();
  return server;
}

const partsOf = (server: LocalServer): Processes & { launcher: number } => ({
  workerd: [server.pidOf("door"), server.pidOf("consumer-0")],
  bridges: server.pidOf("bridges"),
  postgres: server.pidOf("database"),
  launcher: server.launcher().pid ?? 0,
});

/** What all processes together have used, the launcher with the bridges. */
function cpuOfLocal(server: LocalServer): Cpu {
  const { launcher, ...parts } = partsOf(server);
  const { bridges: ofLauncher } = cpuOf({ workerd: [], bridges: launcher, postgres: 0 });
  const cpu = cpuOf(parts);
  return { ...cpu, bridges: cpu.bridges + ofLauncher };
}

const storedIn = async (server: LocalServer): Promise<number> => {
  const [row] = await server
    .query<{ n: number }>("select coalesce(sum(event_count), 0)::int as n from issues")
    .catch(() => []);
  return row?.n ?? 0;
};

async function drainedLocal(server: LocalServer, events: number, timeoutMs: number) {
  const began = performance.now();
  while (performance.now() - began < timeoutMs) {
    if ((await storedIn(server)) >= events) return performance.now() - began;
    await wait(200);
  }
  return undefined;
}

const rates = [150, 300, 600];
const seconds = 8;
const drainMsMax = 60_000;

/** A runtime that is measured. */
type Measured = {
  name: string;
  door: string;
  /** Resolves with the milliseconds until so many events are stored, or undefined. */
  drained(events: number): Promise<number | undefined>;
  cpu(): Cpu;
  end(): Promise<void>;
};

async function measuredLocal(): Promise<Measured> {
  const server = await startLocal();
  return {
    name: "workerd",
    door: server.door,
    drained: (events) => drainedLocal(server, events, drainMsMax),
    cpu: () => cpuOfLocal(server),
    end: () => server.remove(),
  };
}

async function measuredSimulator(): Promise<Measured> {
  const servers = await startServers();
  return {
    name: "simulator",
    door: servers.door,
    drained: (events) => drained(servers, events, drainMsMax),
    cpu: () => cpuOf(servers.processes),
    end: () => servers.dispose(),
  };
}

async function measureAt(
  rate: number,
  { name, door, drained: until, cpu }: Measured,
): Promise<Row> {
  const load = (run: string, perSecond: number) =>
    prepareLoad({
      url: door,
      run,
      connections: 32,
      bodies: perSecond * seconds,
      amount: perSecond * seconds,
      rate: perSecond,
    });
  const warm = (await (await load("warm", 600)).go()).statuses[200] ?? 0;
  await until(warm);
  const measured = await load(`measured${rate}`, rate);
  const before = cpu();
  const result = await measured.go();
  const accepted = result.statuses[200] ?? 0;
  const drainMs = await until(warm + accepted);
  const used = cpuBetween(before, cpu());
  return {
    runtime: name,
    "rate/s": rate,
    ...timesOf(result, drainMs),
    "CPU s / 10k": round((cpuSum(used) / accepted) * 10_000),
    ...perEvent(used, accepted),
  };
}

export const sideBySide: Scenario = {
  name: "local",
  title: "The local runtime and the simulator, end to end at the same rates",
  run: async (say) => {
    const rows: Row[] = [];
    for (const rate of rates) {
      for (const start of [measuredLocal, measuredSimulator]) {
        const runtime = await start();
        try {
          const row = await measureAt(rate, runtime);
          rows.push(row);
          say(`${runtime.name} ${rate}/s: ${row["CPU s / 10k"]} CPU s / 10k`);
        } finally {
          await runtime.end();
        }
      }
    }
    return rows;
  },
};

const timesOf = (
  { p50, p99, perSecond }: { p50: number; p99: number; perSecond: number },
  drainMs: number | undefined,
): Row => ({
  "accepted/s": perSecond,
  "p50 ms": p50,
  "p99 ms": p99,
  "drain s": drainMs === undefined ? "> 60" : round(drainMs / 1000, 1),
});

const floodSeconds = 12;
/** More than the door takes in that time: one that comes twice is digested in no time. */
const floodBodies = 24_000;

export const saturated: Scenario = {
  name: "saturated",
  title: "As many requests as the door takes for 12 s: what the consumers digest meanwhile",
  run: async (say) => {
    const server = await startLocal();
    try {
      const load = await prepareLoad({
        url: server.door,
        run: "flood",
        connections: 64,
        bodies: floodBodies,
        seconds: floodSeconds,
      });
      const rateOver = async (ms: number) => {
        const before = await storedIn(server);
        await wait(ms);
        return ((await storedIn(server)) - before) / (ms / 1000);
      };
      const running = load.go();
      // The consumers start with the first batch.
      await wait(4000);
      const during = await rateOver(7000);
      const result = await running;
      const alone = await rateOver(7000);
      const backlog = (result.statuses[200] ?? 0) - (await storedIn(server));
      say(`${Math.round(during)}/s during, ${Math.round(alone)}/s alone`);
      return [
        {
          "accepted/s": result.perSecond,
          "p99 ms": result.p99,
          "digested/s during": Math.round(during),
          "digested/s alone": Math.round(alone),
          share: round(during / alone),
          "backlog left": backlog,
        },
      ];
    } finally {
      await server.remove();
    }
  },
};

export const memory: Scenario = {
  name: "memory",
  title: "Megabytes (PSS) of all processes of `npm start`, and CPU while idle",
  run: async (say) => {
    const server = await startLocal();
    try {
      const rows: Row[] = [];
      const take = (when: string, more: Row = {}) => {
        const { launcher, ...parts } = partsOf(server);
        const ofParts = memoryOf(parts);
        const own = memoryOf({ workerd: [], bridges: launcher, postgres: 0 });
        const sizes = { ...ofParts, launcher: own.bridges ?? { rss: 0, pss: 0 } };
        const total = Object.values(sizes).reduce((sum, { pss }) => sum + pss, 0);
        const each = Object.entries(sizes).map(([name, { pss }]) => [name, pss]);
        rows.push({ when, ...Object.fromEntries(each), total, ...more });
        say(`${when}: ${total} MB`);
      };
      await wait(10_000);
      const before = cpuOfLocal(server);
      await wait(60_000);
      const used = cpuSum(cpuBetween(before, cpuOfLocal(server)));
      take("idle for a minute", { "% of a core": round((used / 60) * 100) });
      const load = await prepareLoad({
        url: server.door,
        run: "memory",
        connections: 16,
        bodies: 20_000,
        amount: 20_000,
        rate: 400,
      });
      const result = await load.go();
      await drainedLocal(server, result.statuses[200] ?? 0, 120_000);
      take("after 20 000 events");
      await wait(60_000);
      take("a minute later");
      return rows;
    } finally {
      await server.remove();
    }
  },
};

const crashEvents = 20_000;
/** Sent at once; while parts are away some are refused, and more are sent. */
const crashPortion = 5_000;
const crashPortionsMax = 20;

/** Sends until so many events were acknowledged; resolves with their ids, and how the others were answered. */
async function sendUntilAcknowledged(server: LocalServer, events: number) {
  const ids = new Set<string>();
  let [sent, others, unanswered] = [0, 0, 0];
  for (let portion = 0; ids.size < events && portion < crashPortionsMax; portion++) {
    const run = `crash${portion}`;
    const bodies = crashPortion;
    const load = await prepareLoad({
      url: server.door,
      run,
      connections: 16,
      bodies,
      amount: bodies,
      rate: 250,
    });
    const { acknowledged, statuses, errors, requests } = await load.go();
    for (const index of acknowledged) ids.add(eventIdOf(run, index));
    sent += bodies;
    others += requests - (statuses[200] ?? 0);
    unanswered += errors;
  }
  return { ids, sent, others, unanswered };
}

export const crash: Scenario = {
  name: "crash",
  title:
    "kill -9 of each part in turn, then of everything, until 20 000 were acknowledged: each is stored, once",
  run: async (say) => {
    const server = await startLocal();
    try {
      const running = sendUntilAcknowledged(server, crashEvents);
      let isOver = false;
      void running.finally(() => (isOver = true));
      let kills = 0;
      for (let round_ = 0; !isOver; round_++) {
        for (const part of ["consumer-0", "door", "bridges", "database", "launcher", "all"]) {
          await wait(2500);
          if (isOver) break;
          if (part === "launcher") server.launcher().kill("SIGKILL");
          else if (part === "all") await server.crashAll();
          if (part === "launcher" || part === "all") await server.start();
          else await server.crash(part);
          kills++;
          say(`round ${round_ + 1}: ${part} killed`);
        }
      }
      const { ids, sent, others, unanswered } = await running;
      let missing = ids.size;
      let stored = 0;
      for (let waitedMs = 0; waitedMs < 120_000 && missing > 0; waitedMs += 1000) {
        const rows = await server.query<{ id: string }>(
          "select replace(event_id::text, '-', '') as id from events",
        );
        stored = rows.length;
        const found = new Set(rows.map(({ id }) => id));
        missing = [...ids].filter((id) => !found.has(id)).length;
        await wait(1000);
      }
      const counted = await storedIn(server);
      say(`${missing} missing of ${ids.size}`);
      return [
        {
          sent,
          kills,
          acknowledged: ids.size,
          "other answers": others,
          "no answer": unanswered,
          stored,
          missing,
          doubled: counted - stored,
        },
      ];
    } finally {
      await server.remove();
    }
  },
};
