import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import type { Deps } from "../../src/deps";
import { noteRefusal } from "../../src/ingest/refusals";
import { sampleEvent } from "../../src/ingest/sample-event";
import {
  eventEnvelope,
  eventually,
  makeMember,
  makeTenant,
  randomId,
  startStack,
  type Tenant,
  useStack,
} from "../harness";
import { changingNothing } from "../state";

// Outcomes of refusals are counted in the background: not where other files look at everything.
const stack = useStack({
  bindings: { MAX_REQUEST_BYTES: "3000000", MAX_INFLATED_BYTES: "6000000" },
});
type Row = {
  reason: string;
  remedy: string;
  keyPrefix: string | null;
  origin: string | null;
  count: number;
};

const refusalsOf = async (tenant: Tenant) =>
  (await tenant.get<{ refusals: Row[] }>(`/api/0/projects/${tenant.slug}/shop/refusals/`)).refusals;

const send = (tenant: Tenant, key: string | undefined, init: RequestInit = {}, project?: number) =>
  fetch(
    `${stack.url}/api/${project ?? tenant.projectId}/store/${key ? `?sentry_key=${key}` : ""}`,
    { method: "POST", body: "{}", ...init },
  );

const shows = (tenant: Tenant, rows: Partial<Row>[]) =>
  eventually(async () => expect(await refusalsOf(tenant)).toMatchObject(rows));

describe("why nothing arrives is shown in a moment", () => {
  test("a key that nobody has, by its first digits, and no key at all", async () => {
    const tenant = await makeTenant(stack);
    const key = randomId();
    expect((await send(tenant, key)).status).toBe(403);
    await shows(tenant, [
      {
        reason: "unknown_key",
        remedy: "check_dsn",
        keyPrefix: key.slice(0, 8),
        origin: null,
        count: 1,
      },
    ]);
    expect((await send(tenant, undefined)).status).toBe(401);
    await eventually(async () =>
      expect((await refusalsOf(tenant)).map(({ reason }) => reason)).toContain("missing_key"),
    );
  });

  test("an origin that is not allowed, which the remedy allows", async () => {
    const tenant = await makeTenant(stack);
    const path = `/api/0/projects/${tenant.slug}/shop/`;
    await tenant.call("PUT", path, { allowedDomains: ["https://shop.example"] });
    const headers = { origin: "http://localhost:3000" };
    expect((await send(tenant, tenant.publicKey, { headers })).status).toBe(403);
    expect((await send(tenant, tenant.publicKey, { headers })).status).toBe(403);
    await shows(tenant, [
      { reason: "origin", remedy: "allow_origin", origin: "http://localhost:3000", count: 2 },
    ]);
  });

  test("a key that was switched off", async () => {
    const tenant = await makeTenant(stack);
    await stack.sql.query("update project_keys set is_active = false where project_id = $1", [
      tenant.projectId,
    ]);
    expect((await send(tenant, tenant.publicKey)).status).toBe(403);
    await shows(tenant, [
      {
        reason: "project_disabled",
        remedy: "enable_key",
        keyPrefix: tenant.publicKey.slice(0, 8),
      },
    ]);
  });

  test("a limit", async () => {
    const tenant = await makeTenant(stack);
    await stack.sql.query(
      "update project_keys set rate_limit_count = 0, rate_limit_window_seconds = 3600 where project_id = $1",
      [tenant.projectId],
    );
    expect((await tenant.send(eventEnvelope())).status).toBe(429);
    await shows(tenant, [{ reason: "quota_exceeded", remedy: "raise_limit", count: 1 }]);
  });

  test("a throttle, and a body that nobody can read", async () => {
    const tenant = await makeTenant(stack);
    expect((await tenant.send("no envelope")).status).toBe(400);
    await shows(tenant, [{ reason: "malformed", remedy: "check_body", count: 1 }]);
    const other = await makeTenant(stack);
    await stack.sql.query("update projects set throttle_rate = 100 where id = $1", [
      other.projectId,
    ]);
    expect((await other.send(eventEnvelope())).status).toBe(429);
    await shows(other, [{ reason: "throttled", remedy: "lower_throttle_rate" }]);
  });
});

test("a key of somebody else looks like one that nobody has, and its owner hears nothing of it", async () => {
  const [tenant, other] = [await makeTenant(stack), await makeTenant(stack)];
  expect((await send(tenant, other.publicKey)).status).toBe(403);
  await shows(tenant, [{ reason: "unknown_key", keyPrefix: other.publicKey.slice(0, 8) }]);
  expect(await refusalsOf(other)).toEqual([]);
});

test("what is accepted leaves no trace here", async () => {
  const tenant = await makeTenant(stack);
  expect((await tenant.send(eventEnvelope())).status).toBe(200);
  await eventually(async () => expect(await tenant.countEvents()).toBe(1));
  // Sent later, shown: so the event before it would be.
  expect((await send(tenant, randomId())).status).toBe(403);
  await eventually(async () => expect(await refusalsOf(tenant)).toHaveLength(1));
});

test("keys and origins that are made up become one row when there are too many", async () => {
  const tenant = await makeTenant(stack);
  for (let n = 0; n < 70; n++) {
    const headers = { origin: `https://a${n}.example` };
    expect((await send(tenant, randomId(), { headers })).status).toBe(403);
  }
  await eventually(async () => {
    const rows = await refusalsOf(tenant);
    expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(70);
    expect(rows.length).toBeLessThan(70);
    expect(
      rows.find(({ keyPrefix, origin }) => keyPrefix === null && origin === null),
    ).toBeTruthy();
  });
});

test("memory stays bounded while strangers make up projects, and none of theirs is written", async () => {
  vi.stubGlobal("scheduler", { wait: async () => undefined });
  const written: unknown[] = [];
  let asked: number[] = [];
  let leftOut = 0;
  const pipeline = () => ({
    hlen: () => undefined,
    hincrby: (...row: unknown[]) => void written.push(row),
    expire: () => undefined,
    exec: async () => [],
  });
  const deps = {
    now: () => new Date("2026-01-01T10:20:00Z"),
    log: (_: string, __: string, { count = 0 }: { count?: number }) => {
      leftOut += count;
    },
    redis: { pipeline },
    db: {
      select: () => ({
        from: () => ({
          where: async (condition: unknown) => {
            asked = [...asked, 1];
            expect(condition).toBeDefined();
            return [];
          },
        }),
      }),
    },
  } as unknown as Deps;
  const later: Promise<unknown>[] = [];
  const waitUntil = (work: Promise<unknown>) => void later.push(work);
  try {
    const publicKey = randomId();
    for (let id = 1; id <= 5000; id++) {
      noteRefusal(deps, waitUntil, id, "unknown_key", { publicKey, origin: null });
    }
    await Promise.all(later);
    expect([later.length, asked.length, written, leftOut]).toEqual([1, 1, [], 3000]);
  } finally {
    vi.unstubAllGlobals();
  }
});

test("without Redis the page hears so in words, and events are refused as before", async () => {
  const own = await startStack();
  try {
    const tenant = await makeTenant(own);
    await own.closeRedis();
    const refused = await fetch(
      `${own.url}/api/${tenant.projectId}/store/?sentry_key=${randomId()}`,
      {
        method: "POST",
        body: "{}",
      },
    );
    expect(refused.status).toBe(403);
    const path = `/api/0/projects/${tenant.slug}/shop/refusals/`;
    const answer = await tenant.call("GET", path);
    expect([answer.status, await answer.json()]).toEqual([
      503,
      { detail: "Refusals cannot be read right now." },
    ]);
  } finally {
    await own.dispose();
  }
});

describe("a sample event", () => {
  const path = ({ slug }: Tenant) => `/api/0/projects/${slug}/shop/test-event/`;

  test("takes the way of all events, in the language of the project or of the request", async () => {
    const tenant = await makeTenant(stack);
    const member = await makeMember(stack, tenant, "member");
    const first = await tenant.call("POST", path(tenant), {}, member.token);
    expect(first.status).toBe(201);
    const { eventID } = (await first.json()) as { eventID: string };
    await eventually(async () => expect(await tenant.issues()).toHaveLength(1));
    const event = await tenant.get(`/api/0/projects/${tenant.slug}/shop/events/${eventID}/`);
    expect(event).toMatchObject({
      eventID,
      platform: "node",
      title: expect.stringContaining("TypeError"),
    });
    await tenant.call("POST", path(tenant), { platform: "python-django" });
    await eventually(async () =>
      expect((await tenant.issues()).map(({ title }) => title)).toContain("KeyError: 'total'"),
    );
  });

  test("is turned away like any other, with the reason, and then stored nowhere", async () => {
    const tenant = await makeTenant(stack);
    await stack.sql.query("update organizations set is_accepting_events = false where id = $1", [
      tenant.orgId,
    ]);
    const refused = await tenant.call("POST", path(tenant), {});
    expect([refused.status, await refused.json()]).toEqual([
      409,
      { detail: "The sample was turned away: this key is disabled" },
    ]);
    await stack.sql.query("update project_keys set is_active = false where project_id = $1", [
      tenant.projectId,
    ]);
    const keyless = await changingNothing(stack.sql, "no key", () =>
      tenant.call("POST", path(tenant), {}),
    );
    expect([keyless.status, await keyless.json()]).toEqual([
      409,
      { detail: "The project has no active key" },
    ]);
  });

  test("is made for any platform that somebody may write", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.constantFrom("__proto__", "node-koa", "other")),
        (name) => {
          const event = sampleEvent(name, randomId(), new Date(0));
          expect(event).toMatchObject({
            platform: expect.stringMatching(/^(other|[a-z]+)$/),
            exception: { values: [{ type: expect.any(String) }] },
          });
        },
      ),
    );
    expect(sampleEvent("python-flask", "x", new Date(0))).toMatchObject({ platform: "python" });
    expect(sampleEvent("dotnet-maui", "x", new Date(0))).toMatchObject({ platform: "csharp" });
  });
});
