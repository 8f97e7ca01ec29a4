import { rmSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closeServer, listen, portOf } from "../../scripts/local/neon-bridge";
import { type RunningPostgres, startPostgres } from "../../scripts/local/postgres";
import { migrateDatabase } from "../../scripts/migrate-database";
import { openBrowser } from "../browser";
import { type BucketMood, behindBucketDoor } from "../bucket-door";
import {
  eventEnvelope,
  eventually,
  makeTenant,
  randomId,
  type Stack,
  signIn,
  startStack,
  useStack,
} from "../harness";
import { behindQueueDoor, type FullQueues } from "../queue-door";
import { makeScratch } from "../scratch";

describe("a database that dies under load", () => {
  let folder: string;
  let postgres: RunningPostgres;
  let stack: Stack;

  beforeAll(async () => {
    folder = makeScratch("fault");
    postgres = await startPostgres(join(folder, "postgres"), { settings: { fsync: "off" } });
    const bindings = { ENABLE_USER_REGISTRATION: "true" };
    stack = await startStack({ serverUrl: postgres.url, bindings });
    await migrateDatabase(stack.databaseUrl);
  });
  afterAll(async () => {
    await stack?.dispose();
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("kill -9 twice: every acknowledged event is there exactly once", async () => {
    const tenant = await makeTenant(stack);
    const acknowledged = new Set<string>();
    const send = async (count: number) => {
      await Promise.all(
        Array.from({ length: count }, async (_, index) => {
          const id = randomId();
          const body = eventEnvelope(
            { exception: { values: [{ type: `Err${index % 7}`, value: "x" }] } },
            { event_id: id },
          );
          const response = await tenant.send(body);
          await response.arrayBuffer();
          if (response.status === 200) acknowledged.add(id);
        }),
      );
    };
    await send(40);
    for (let round = 0; round < 2; round++) {
      const load = (async () => {
        for (let wave = 0; wave < 6; wave++) await send(25);
      })();
      await postgres.kill();
      await load;
      // The key is known to the edge, so events are accepted while the database is away.
      await send(20);
      await postgres.start();
      await send(20);
    }
    expect(acknowledged.size).toBe(40 + 2 * (150 + 40));
    await eventually(async () => {
      const { rows } = await stack.sql.query("select count(*)::int as n from events");
      expect(rows[0].n).toBe(acknowledged.size);
    });
    const { rows } = await stack.sql.query("select event_id from events");
    expect(new Set(rows.map(({ event_id }) => event_id.replaceAll("-", "")))).toEqual(acknowledged);
    const issues = await tenant.issues();
    expect(issues.reduce((sum, { count }) => sum + Number(count), 0)).toBe(acknowledged.size);
    expect((await tenant.outcomes())["error accepted"]).toBe(acknowledged.size);
  });

  test("while it is away, an unknown key is answered 503 and the API says so in its own shape", async () => {
    const tenant = await makeTenant(stack);
    await postgres.kill();
    try {
      const ingest = await tenant.send(eventEnvelope());
      expect([ingest.status, await ingest.text()]).toEqual([503, ""]);
      expect(ingest.headers.get("x-sentry-error")).toBeTruthy();
      expect(ingest.headers.get("retry-after")).toBeNull();
      const api = await tenant.call("GET", `/api/0/organizations/${tenant.slug}/issues/`);
      expect([api.status, await api.json()]).toEqual([
        503,
        { detail: "The database is not available right now." },
      ]);
    } finally {
      await postgres.start();
    }
  });

  test("while it is away, nobody is taken for signed out, and nothing of a sign-in is logged", async () => {
    const browser = openBrowser(stack);
    const [address, password] = ["first@example.com", "correct horse battery"];
    expect((await browser.signUp(address, password)).status).toBe(200);
    await postgres.kill();
    const before = (await stack.logs()).length;
    try {
      for (const answer of [
        await openBrowser(stack).signIn(address, password),
        await browser.get("/api/auth/get-session"),
        await browser.get("/api/auth/list-sessions"),
        await browser.get("/_allauth/browser/v1/auth/session"),
        await browser.post("/api/auth/sign-out"),
      ]) {
        expect([answer.status, await answer.json()]).toEqual([
          503,
          { detail: "The database is not available right now." },
        ]);
      }
    } finally {
      await postgres.start();
    }
    expect(await browser.isSignedIn()).toBe(true);
    const logged = (await stack.logs()).slice(before).join("\n");
    expect(logged).toContain("request failed");
    expect(logged).not.toMatch(/first@example|correct horse|params/);
  });
});

describe("Redis that is gone", () => {
  test("events are accepted, limits are kept per isolate, and the log says so once", async () => {
    const stack = await startStack();
    try {
      const tenant = await makeTenant(stack);
      await stack.sql.query("update projects set quotas = $2 where id = $1", [
        tenant.projectId,
        JSON.stringify([{ category: "error", count: 3, windowSeconds: 3600 }]),
      ]);
      await stack.closeRedis();
      const statuses: number[] = [];
      for (let count = 0; count < 5; count++)
        statuses.push((await tenant.send(eventEnvelope())).status);
      expect(statuses).toEqual([200, 200, 200, 429, 429]);
      const logged = (await stack.logs()).filter((line) =>
        line.includes("rate limits are kept per isolate"),
      );
      expect(logged).toHaveLength(1);
      const headers = await signIn(stack, tenant.userId);
      const codes = await fetch(`${stack.url}/api/0/generate-recovery-codes/`, { headers });
      expect([codes.status, await codes.json()]).toEqual([
        503,
        { detail: expect.stringMatching(/^Redis /) },
      ]);
      await eventually(async () => expect(await tenant.countEvents()).toBe(3));
    } finally {
      await stack.dispose();
    }
  });
});

describe("Redis that does not answer", () => {
  test("nobody waits for it long, and after the first failure nobody asks it", async () => {
    const waiting: ServerResponse[] = [];
    const silent = createServer((_, response) => void waiting.push(response));
    await listen(silent);
    const stack = await startStack({
      bindings: {
        UPSTASH_REDIS_REST_URL: `http://127.0.0.1:${portOf(silent)}`,
        INGEST_DEADLINE_MS: "1500",
      },
    });
    try {
      const tenant = await makeTenant(stack);
      await stack.sql.query("update projects set quotas = $2 where id = $1", [
        tenant.projectId,
        JSON.stringify([{ category: "error", count: 10, windowSeconds: 3600 }]),
      ]);
      for (let count = 0; count < 6; count++) {
        expect((await tenant.send(eventEnvelope())).status).toBe(200);
      }
      // The key is looked for and shared once, the limit asked once; then Redis is left alone.
      expect(waiting.length).toBeLessThanOrEqual(3);
    } finally {
      for (const response of waiting) response.destroy();
      await stack.dispose();
      await closeServer(silent);
    }
  });
});

describe("a bucket that fails", () => {
  let mood: BucketMood = "fine";
  const stack = useStack({ adjust: behindBucketDoor(() => mood) });

  test("a batch waits until payloads can be stored; nothing is lost or doubled", async () => {
    const tenant = await makeTenant(stack);
    mood = "failing";
    for (let count = 0; count < 5; count++) {
      expect((await tenant.send(eventEnvelope())).status).toBe(200);
    }
    await eventually(async () =>
      expect((await stack.logs()).some((line) => line.includes("error. (10001)"))).toBe(true),
    );
    expect(await tenant.countEvents()).toBe(0);
    mood = "fine";
    await eventually(async () => expect(await tenant.countEvents()).toBe(5));
    const events = await tenant.get<{ title: string }[]>(
      `/api/0/projects/${tenant.slug}/shop/events/`,
    );
    expect(events.map(({ title }) => title)).toEqual(Array(5).fill("Error: it broke"));
  });

  test("a body too large for the queue is refused when it cannot be parked, and parked when it can", async () => {
    const tenant = await makeTenant(stack);
    // Random text does not compress below what a message holds.
    const noise = () => Array.from({ length: 160 }, () => crypto.randomUUID()).join("");
    const extra = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [`k${index}`, noise()]),
    );
    const big = eventEnvelope({ extra });
    mood = "failing";
    const refused = await tenant.send(big);
    expect([refused.status, await refused.text()]).toEqual([503, ""]);
    expect(refused.headers.get("x-sentry-error")).toBeTruthy();
    mood = "fine";
    expect((await tenant.send(big)).status).toBe(200);
    await eventually(async () => expect(await tenant.countEvents()).toBe(1));
    await eventually(async () => expect(await stack.control.bucket.list("inbox/")).toEqual([]));
  });
});

describe("queues that take nothing more", () => {
  let full: FullQueues = "none";
  const stack = useStack({ adjust: behindQueueDoor(() => full) });

  test("events are refused and counted; what cannot be counted yet is counted with the next event", async () => {
    const tenant = await makeTenant(stack);
    const send = async () => {
      const answer = await tenant.send(eventEnvelope());
      await answer.arrayBuffer();
      return answer.status;
    };
    full = "envelopes";
    expect([await send(), await send(), await send()]).toEqual([503, 503, 503]);
    await eventually(async () =>
      expect(await tenant.outcomes()).toEqual({ "error rate_limited unavailable": 3 }),
    );
    full = "envelopes outcomes";
    expect([await send(), await send()]).toEqual([503, 503]);
    await eventually(async () =>
      expect((await stack.logs()).join()).toContain("outcomes could not be sent and are kept"),
    );
    full = "none";
    expect(await send()).toBe(200);
    await eventually(async () =>
      expect(await tenant.outcomes()).toEqual({
        "error accepted": 1,
        "error rate_limited unavailable": 5,
      }),
    );
    expect(await tenant.countEvents()).toBe(1);
  });
});
