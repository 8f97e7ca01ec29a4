import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { openBrowser } from "../browser";
import { type BucketMood, behindBucketDoor } from "../bucket-door";
import { type Mood, startHangingProxy } from "../hanging-proxy";
import {
  eventEnvelope,
  eventually,
  makeTenant,
  randomId,
  type Stack,
  signIn,
  startStack,
  type Tenant,
  useStack,
} from "../harness";

type Proxy = Awaited<ReturnType<typeof startHangingProxy>>;

/** Short, so that the tests are; long enough for a busy machine. */
const deadlines = {
  INGEST_DEADLINE_MS: "1000",
  API_DEADLINE_MS: "1000",
  BACKGROUND_DEADLINE_MS: "1500",
};
const badMoods: Mood[] = ["swallow", "drip", "reset"];

/** A tenant whose key the edge knows, with one event stored. */
async function knownTenant(stack: Stack): Promise<Tenant> {
  const tenant = await makeTenant(stack);
  await eventually(async () => expect((await tenant.send(eventEnvelope())).status).toBe(200));
  await eventually(async () => expect(await tenant.countEvents()).toBeGreaterThan(0));
  return tenant;
}

/** Sends events and remembers those that were acknowledged. */
async function sendSome(tenant: Tenant, count: number): Promise<Set<string>> {
  const acknowledged = new Set<string>();
  for (let sent = 0; sent < count; sent++) {
    const id = randomId();
    const { status } = await tenant.send(eventEnvelope({}, { event_id: id }));
    if (status === 200) acknowledged.add(id);
  }
  return acknowledged;
}

async function expectStoredOnce(stack: Stack, tenant: Tenant, ids: Set<string>): Promise<void> {
  const expected = [...ids].toSorted();
  await eventually(async () => {
    const { rows } = await stack.sql.query(
      "select replace(event_id::text, '-', '') as id from events where project_id = $1",
      [tenant.projectId],
    );
    expect(
      rows
        .map(({ id }) => id)
        .filter((id) => ids.has(id))
        .toSorted(),
    ).toEqual(expected);
  });
  const issues = await tenant.issues();
  const { rows } = await stack.sql.query(
    "select count(*)::int as n from events where project_id = $1",
    [tenant.projectId],
  );
  expect(issues.reduce((sum, { count }) => sum + Number(count), 0)).toBe(rows[0].n);
}

describe("a database that hangs", () => {
  let proxy: Proxy;
  let stack: Stack;
  beforeAll(async () => {
    proxy = await startHangingProxy(() => inject("neonUrl"));
    stack = await startStack({
      bindings: { ...deadlines, NEON_HTTP_ENDPOINT: `${proxy.url}/sql` },
    });
  });
  afterAll(async () => {
    await stack?.dispose();
    await proxy?.close();
  });

  test.each(badMoods)(
    "%s: a known key's events are taken and stored once; the rest is 503",
    async (mood) => {
      const tenant = await knownTenant(stack);
      const stranger = await makeTenant(stack);
      proxy.mood = mood;
      proxy.abandoned = 0;
      const acknowledged = await sendSome(tenant, 5);
      expect(acknowledged.size).toBe(5);

      const [refused, answer, signIn] = await Promise.all([
        stranger.send(eventEnvelope()),
        tenant.call("GET", `/api/0/organizations/${tenant.slug}/issues/`),
        openBrowser(stack).signIn("nobody@example.com", "correct horse battery"),
      ]);
      expect([refused.status, await refused.text()]).toEqual([503, ""]);
      expect([answer.status, await answer.json()]).toEqual([
        503,
        { detail: "The database is not available right now." },
      ]);
      expect(signIn.status).toBe(503);
      // What nobody waits for any longer is ended, not left to itself.
      if (mood !== "reset") await eventually(() => expect(proxy.abandoned).toBeGreaterThan(0));

      proxy.mood = "fine";
      await expectStoredOnce(stack, tenant, acknowledged);
      await eventually(async () => expect((await stranger.send(eventEnvelope())).status).toBe(200));
    },
  );
});

// Each has a stack of its own.
describe("a Redis that hangs", () => {
  test.concurrent.each(badMoods)(
    "%s: events are taken all the same, limits hold per isolate, and soon nobody asks it",
    async (mood) => {
      const bridge: { url?: string } = {};
      const proxy = await startHangingProxy(() => bridge.url ?? "");
      proxy.mood = mood;
      const stack = await startStack({
        bindings: { ...deadlines, UPSTASH_REDIS_REST_URL: proxy.url },
      });
      bridge.url = stack.redisUrl;
      try {
        const tenant = await makeTenant(stack);
        await stack.sql.query("update projects set quotas = $2 where id = $1", [
          tenant.projectId,
          JSON.stringify([{ category: "error", count: 5, windowSeconds: 86_400 }]),
        ]);
        const acknowledged = await sendSome(tenant, 8);
        expect(acknowledged.size).toBe(5);
        const answer = await tenant.call("GET", `/api/0/organizations/${tenant.slug}/issues/`);
        expect(answer.status).toBe(200);
        // Three keys, five counts and what the API asks: without the rest each would be a request of its own.
        expect(proxy.asked).toBeLessThan(8);
        await expectStoredOnce(stack, tenant, acknowledged);
        // What cannot be done without it says so; also when it is not asked because it failed a moment ago.
        const session = await signIn(stack, tenant.userId);
        const send = (method: string, body?: object) =>
          fetch(`${stack.url}/api/0/generate-recovery-codes/`, {
            method,
            headers: { ...session, ...(body && { "content-type": "application/json" }) },
            ...(body && { body: JSON.stringify(body) }),
          });
        const factors = async () => (await stack.sql.query("select * from two_factors")).rows;
        await stack.sql.query(
          "insert into two_factors (user_id, secret, backup_codes) values ($1, 's', 'b')",
          [tenant.userId],
        );
        const before = await factors();
        for (const ask of [() => send("GET"), () => send("POST", { code: "x" })]) {
          const refused = await ask();
          expect([refused.status, await refused.json()]).toEqual([
            503,
            { detail: expect.stringContaining("Redis") },
          ]);
        }
        expect(await factors()).toEqual(before);
      } finally {
        await proxy.close();
        await stack.dispose();
      }
    },
  );
});

describe("a bucket that hangs", () => {
  const bucket: { mood: BucketMood } = { mood: "fine" };
  const stack = useStack({ bindings: deadlines, adjust: behindBucketDoor(() => bucket.mood) });

  test.each(badMoods)(
    "%s: what cannot be parked and what cannot be read is 503; nothing acknowledged is lost",
    async (mood) => {
      bucket.mood = "fine";
      const tenant = await knownTenant(stack);
      const [event] = await tenant.get<{ id: string }[]>(
        `/api/0/projects/${tenant.slug}/shop/events/`,
      );
      const path = `/api/0/projects/${tenant.slug}/shop/events/${event?.id}/`;
      // Random text does not compress below what a message holds.
      const noise = () => Array.from({ length: 160 }, () => crypto.randomUUID()).join("");
      const extra = Object.fromEntries(
        Array.from({ length: 60 }, (_, index) => [`k${index}`, noise()]),
      );
      bucket.mood = mood;
      const refused = await tenant.send(eventEnvelope({ extra }));
      expect([refused.status, await refused.text()]).toEqual([503, ""]);
      const unread = await tenant.call("GET", path);
      expect([unread.status, Object.keys((await unread.json()) as object)]).toEqual([
        503,
        ["detail"],
      ]);
      const acknowledged = await sendSome(tenant, 3);
      expect(acknowledged.size).toBe(3);
      bucket.mood = "fine";
      await expectStoredOnce(stack, tenant, acknowledged);
      await eventually(async () => expect((await tenant.call("GET", path)).status).toBe(200));
    },
  );
});
