import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { uuidv7 } from "../../src/platform/ids";
import { deliverTo, messageOf } from "../deliver";
import { eventEnvelope, eventually, makeTenant, randomId, type Tenant, useStack } from "../harness";

const stack = useStack();

const deliver = (messages: Uint8Array[], attempts = 1) => deliverTo(stack, messages, { attempts });

describe("redelivery and concurrency", () => {
  test("the same message five times is one event, one issue and one count", async () => {
    const tenant = await makeTenant(stack);
    const body = `${eventEnvelope({ user: { id: "u1" } })}\n{"type":"session"}\n{}\n{"type":"client_report"}\n${JSON.stringify(
      { discarded_events: [{ reason: "sample_rate", category: "transaction", quantity: 3 }] },
    )}`;
    const message = messageOf(tenant, body);
    for (let time = 0; time < 4; time++) await deliver([message]);
    await deliver([message, message]);

    expect(await tenant.countEvents()).toBe(1);
    expect(await tenant.issues()).toMatchObject([{ count: "1", userCount: 1 }]);
    expect(await tenant.outcomes()).toEqual({
      "error accepted": 1,
      "session filtered not_supported": 1,
      "transaction client_discard sample_rate": 3,
    });
  });

  test("a parked body that is gone was digested before: its message is let go", async () => {
    const tenant = await makeTenant(stack);
    const { bucket } = stack.control;
    const blob = `inbox/2026-01-01/${randomId()}`;
    await bucket.put(blob, eventEnvelope());
    const message = messageOf(tenant, "", { blob });
    expect((await deliver([message])).explicitAcks).toEqual(["m0"]);
    expect(await bucket.get(blob)).toBeUndefined();
    expect((await deliver([message])).explicitAcks).toEqual(["m0"]);
    expect(await tenant.countEvents()).toBe(1);
  });

  test("the same event in two requests is stored once and counted as a duplicate", async () => {
    const tenant = await makeTenant(stack);
    const body = eventEnvelope();
    await deliver([messageOf(tenant, body)]);
    await deliver([messageOf(tenant, body, { receivedAt: Date.now() + 5 })]);
    await deliver([
      messageOf(tenant, eventEnvelope()),
      messageOf(tenant, body, { receivedAt: Date.now() + 9 }),
    ]);

    expect(await tenant.countEvents()).toBe(2);
    expect(await tenant.issues()).toMatchObject([{ count: "2" }]);
    expect(await tenant.outcomes()).toEqual({ "error accepted": 2, "error filtered duplicate": 2 });
  });

  test("many consumers on the same new issues make each issue once and lose no count", async () => {
    const tenant = await makeTenant(stack);
    const batches = Array.from({ length: 12 }, () =>
      Array.from({ length: 10 }, (_, index) =>
        messageOf(
          tenant,
          eventEnvelope({
            exception: { values: [{ type: `Error${index % 5}`, value: "x" }] },
            user: { id: `u${index % 3}` },
            release: "shop@1",
            environment: "production",
          }),
        ),
      ),
    );
    const results = await Promise.all(batches.map((batch) => deliver(batch)));
    expect(results.flatMap(({ retryMessages }) => retryMessages)).toEqual([]);

    const issues = await tenant.issues();
    expect(issues.map(({ count }) => count)).toEqual(["24", "24", "24", "24", "24"]);
    expect(new Set(issues.map(({ shortId }) => shortId)).size).toBe(5);
    expect(await tenant.countEvents()).toBe(120);
    expect(await tenant.outcomes()).toEqual({ "error accepted": 120 });
    const { rows } = await stack.sql.query("select version from releases where org_id = $1", [
      tenant.orgId,
    ]);
    expect(rows).toEqual([{ version: "shop@1" }]);
  });

  test("the same event in many consumers at once is stored once", async () => {
    const tenant = await makeTenant(stack);
    const body = eventEnvelope();
    await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        deliver([messageOf(tenant, body, { receivedAt: Date.now() + index })]),
      ),
    );
    expect(await tenant.countEvents()).toBe(1);
    expect(await tenant.issues()).toMatchObject([{ count: "1" }]);
  });

  test("out of order messages leave the right first and last times", async () => {
    const tenant = await makeTenant(stack);
    const now = Date.now();
    for (const offset of [0, -60_000, -30_000]) {
      await deliver([messageOf(tenant, eventEnvelope(), { receivedAt: now + offset })]);
    }
    const [issue] = await tenant.issues();
    expect(+new Date(String(issue?.firstSeen))).toBe(now - 60_000);
    expect(+new Date(String(issue?.lastSeen))).toBe(now);
  });
});

describe("what an event leaves behind", () => {
  test("issue, hash, tags, hours, people, release, environment and an outbox row", async () => {
    const tenant = await makeTenant(stack);
    const event = {
      tags: { plan: "pro" },
      user: { id: "7" },
      release: "shop@2",
      environment: "staging",
    };
    await deliver([
      messageOf(tenant, eventEnvelope(event)),
      messageOf(tenant, eventEnvelope({ ...event, user: { id: "8" } })),
    ]);

    const [issue] = await tenant.issues();
    expect(issue).toMatchObject({
      count: "2",
      userCount: 2,
      culprit: "pay(/app/shop.js)",
      level: "error",
      shortId: "SHOP-1",
    });
    const stats = issue?.stats as { "24h": [number, number][] };
    expect(stats["24h"]).toHaveLength(24);
    expect(stats["24h"].reduce((sum, [, count]) => sum + count, 0)).toBe(2);
    const tags = await tenant.get<{ key: string; topValues: { value: string; count: number }[] }[]>(
      `/api/0/issues/${issue?.id}/tags/`,
    );
    const valuesOf = (key: string) =>
      tags.find((tag) => tag.key === key)?.topValues.map(({ value, count }) => [value, count]);
    expect(valuesOf("plan")).toEqual([["pro", 2]]);
    expect(valuesOf("release")).toEqual([["shop@2", 2]]);
    expect(valuesOf("user.id")).toEqual([
      ["7", 1],
      ["8", 1],
    ]);

    const { rows } = await stack.sql.query(
      `select c.change, c.handled_at is not null as handled from issue_changes c where c.issue_id = $1`,
      [issue?.id],
    );
    expect(rows).toEqual([{ change: "created", handled: expect.any(Boolean) }]);
    await eventually(async () => {
      const settled = await stack.sql.query(
        "select handled_at from issue_changes where issue_id = $1",
        [issue?.id],
      );
      expect(settled.rows[0].handled_at).not.toBeNull();
    });
    const linked = await stack.sql.query(
      `select e.name from environments e join environment_projects p on p.environment_id = e.id where p.project_id = $1`,
      [tenant.projectId],
    );
    expect(linked.rows).toEqual([{ name: "staging" }]);
  });

  test("a resolved issue comes back, an ignored one stays ignored", async () => {
    const tenant = await makeTenant(stack);
    await deliver([messageOf(tenant, eventEnvelope())]);
    const [issue] = await tenant.issues();
    const setStatus = (status: string) =>
      tenant.call("PUT", `/api/0/issues/${issue?.id}/`, { status });

    expect(await (await setStatus("resolved")).json()).toMatchObject({ status: "resolved" });
    await deliver([messageOf(tenant, eventEnvelope())]);
    expect(await tenant.issues()).toMatchObject([{ status: "unresolved", count: "2" }]);
    await setStatus("ignored");
    await deliver([messageOf(tenant, eventEnvelope())]);
    expect(await tenant.issues()).toMatchObject([{ status: "ignored", count: "3" }]);
    const { rows } = await stack.sql.query(
      "select change from issue_changes where issue_id = $1 order by id",
      [issue?.id],
    );
    expect(rows.map(({ change }) => change)).toEqual(["created", "regressed"]);
  });

  test("events of one batch that share any hash are one issue, and all hashes lead there", async () => {
    const tenant = await makeTenant(stack);
    const frames = (inApp: boolean) => [
      { filename: "/app/a.js", function: "a", in_app: true },
      { filename: "/app/b.js", function: "b", in_app: inApp },
    ];
    const event = (inApp: boolean) =>
      eventEnvelope({
        exception: { values: [{ type: "E", value: "x", stacktrace: { frames: frames(inApp) } }] },
      });
    await deliver([messageOf(tenant, event(true)), messageOf(tenant, event(false))]);
    // A changed in_app rule still finds the group through the hash over all frames.
    expect(await tenant.issues()).toMatchObject([{ count: "2" }]);
    await deliver([messageOf(tenant, event(false))]);
    expect(await tenant.issues()).toMatchObject([{ count: "3" }]);
  });

  test("two projects with the same error do not meet", async () => {
    const [one, two] = [await makeTenant(stack), await makeTenant(stack)];
    await deliver([messageOf(one, eventEnvelope()), messageOf(two, eventEnvelope())]);
    expect(await one.issues()).toMatchObject([{ count: "1" }]);
    expect(await two.issues()).toMatchObject([{ count: "1" }]);
  });

  test("events of a project that was deleted meanwhile are let go and disturb nobody", async () => {
    const [gone, stays] = [await makeTenant(stack), await makeTenant(stack)];
    await stack.sql.query("delete from projects where id = $1", [gone.projectId]);
    const result = await deliver([
      messageOf(gone, eventEnvelope()),
      messageOf(stays, eventEnvelope()),
    ]);
    expect(result.retryMessages).toEqual([]);
    expect(await stays.countEvents()).toBe(1);
  });
});

describe("items", () => {
  test("one bad item costs only itself, and everything is counted", async () => {
    const tenant = await makeTenant(stack);
    const good = JSON.stringify({ message: "fine" });
    const body = [
      JSON.stringify({ event_id: randomId() }),
      '{"type":"event"}',
      "{not json",
      '{"type":"mystery"}',
      "{}",
      '{"type":"event"}',
      good,
      '{"type":"event"}',
      JSON.stringify({ message: "x".repeat(17_000_000) }),
      '{"type":"transaction"}',
      "{}",
    ].join("\n");
    await deliver([messageOf(tenant, body)]);
    expect(await tenant.issues()).toMatchObject([{ title: "fine", count: "1" }]);
    expect(await tenant.outcomes()).toEqual({
      "default accepted": 1,
      "error invalid not_json": 1,
      "error invalid too_large": 1,
      "unknown invalid unknown_item_type": 1,
      "transaction filtered not_supported": 1,
    });
  });

  test("several events in one envelope: the first takes the header's id, the others their own", async () => {
    const tenant = await makeTenant(stack);
    const [header, own] = [randomId(), randomId()];
    const body = `{"event_id":"${header}"}\n{"type":"event"}\n{"message":"a"}\n{"type":"event"}\n{"message":"b","event_id":"${own}"}\n{"type":"event"}\n{"message":"c"}`;
    const message = messageOf(tenant, body);
    await deliver([message]);
    await deliver([message]);
    const { rows } = await stack.sql.query("select event_id from events where project_id = $1", [
      tenant.projectId,
    ]);
    const ids = rows.map(({ event_id }) => event_id.replaceAll("-", ""));
    expect(ids).toHaveLength(3);
    expect(ids).toEqual(expect.arrayContaining([header, own]));
  });

  test("what the edge counted as limited is not digested again", async () => {
    const tenant = await makeTenant(stack);
    await deliver([
      messageOf(tenant, `${eventEnvelope()}\n{"type":"session"}\n{}`, { limited: ["error"] }),
    ]);
    expect(await tenant.countEvents()).toBe(0);
    expect(await tenant.outcomes()).toEqual({ "session filtered not_supported": 1 });
  });

  test("release and environment missing in the payload come from the trace header", async () => {
    const tenant = await makeTenant(stack);
    const body = eventEnvelope(
      {},
      { trace: { release: "from-trace@1", environment: "qa", sample_rate: 1.0 } },
    );
    await deliver([messageOf(tenant, body)]);
    const [event] = await tenant.get<{ tags: { key: string; value: string }[] }[]>(
      `/api/0/projects/${tenant.slug}/shop/events/`,
    );
    expect(event?.tags).toEqual(
      expect.arrayContaining([
        { key: "release", value: "from-trace@1" },
        { key: "environment", value: "qa" },
      ]),
    );
  });

  test("a clock that is an hour off is corrected, one minute is not", async () => {
    const tenant = await makeTenant(stack);
    const now = Date.now();
    const sent = (offsetMs: number) => new Date(now - offsetMs).toISOString();
    const at = (offsetMs: number) => ({
      timestamp: (now - offsetMs - 2_000) / 1000,
      message: `off ${offsetMs}`,
    });
    for (const offset of [3_600_000, 60_000]) {
      const body = `{"event_id":"${randomId()}","sent_at":"${sent(offset)}"}\n{"type":"event"}\n${JSON.stringify(at(offset))}`;
      await deliver([messageOf(tenant, body, { receivedAt: now })]);
    }
    const events = await tenant.get<
      { dateCreated: string; title: string; errors: { type: string }[] | null }[]
    >(`/api/0/projects/${tenant.slug}/shop/events/`);
    const delay = (title: string) =>
      now - +new Date(events.find((event) => event.title === title)?.dateCreated ?? 0);
    expect(delay("off 3600000")).toBeCloseTo(2_000, -2);
    expect(delay("off 60000")).toBeCloseTo(62_000, -2);
  });
});

describe("messages that cannot be handled", () => {
  const corrupt = (tenant: Tenant) => messageOf(tenant, "no envelope at all");

  test("a poison message does not drag its neighbours along", async () => {
    const tenant = await makeTenant(stack);
    const result = await deliver([
      messageOf(tenant, eventEnvelope()),
      corrupt(tenant),
      new Uint8Array(randomBytes(64)),
      messageOf(tenant, eventEnvelope()),
    ]);
    expect(await tenant.countEvents()).toBe(2);
    expect(result.retryMessages.map(({ msgId }) => msgId)).toEqual(["m1"]);
    // What is no message at all can never succeed and is let go at once.
    expect(result.explicitAcks.toSorted()).toEqual(["m0", "m2", "m3"]);
  });

  test("what is no message is kept, whatever its reason quotes", async () => {
    const tenant = await makeTenant(stack, { superuser: true });
    const before = await lettersOf(tenant);
    // The parser's complaint holds the first half of the face.
    const result = await deliver([new TextEncoder().encode("\u{1f600}\n{}")]);
    expect([result.explicitAcks, result.retryMessages]).toEqual([["m0"], []]);
    const letters = (await lettersOf(tenant)).filter(
      ({ id }) => !before.some((letter) => letter.id === id),
    );
    expect(letters).toMatchObject([
      { queue: "envelopes", reason: expect.stringContaining("SyntaxError: Unexpected token") },
    ]);
  });

  test("after its retries it is kept with the reason, listed, and can be replayed", async () => {
    const tenant = await makeTenant(stack, { superuser: true });
    const before = await lettersOf(tenant);
    const result = await deliver([corrupt(tenant)], 5);
    expect(result.retryMessages).toEqual([]);

    const letters = (await lettersOf(tenant)).filter(
      ({ id }) => !before.some((letter) => letter.id === id),
    );
    expect(letters).toMatchObject([
      { queue: "envelopes", attempts: 5, reason: "Fault: a header is not JSON" },
    ]);
    const replay = await tenant.call("POST", "/api/0/internal/dead-letters/replay/", letters[0]);
    expect(replay.status).toBe(200);
    expect((await lettersOf(tenant)).map(({ id }) => id)).not.toContain(letters[0]?.id);
  });

  test("dead letters are for operators of the installation only", async () => {
    const tenant = await makeTenant(stack);
    expect((await tenant.call("GET", "/api/0/internal/dead-letters/")).status).toBe(403);
    expect((await fetch(`${stack.url}/api/0/internal/dead-letters/`)).status).toBe(401);
  });

  const lettersOf = async (tenant: Tenant) =>
    (
      await tenant.get<{ letters: { id: string; queue: string }[] }>(
        "/api/0/internal/dead-letters/",
      )
    ).letters;
});

describe("time", () => {
  test("partitions are made ahead, old ones dropped with their payloads, and late rows never fail", async () => {
    const tenant = await makeTenant(stack);
    const old = Date.now() - 120 * 86_400_000;
    await deliver([messageOf(tenant, eventEnvelope(), { receivedAt: old })]);
    expect(await tenant.countEvents()).toBe(1);
    await stack.sql.query("select ensure_partitions('events', $1, 1)", [new Date(old)]);
    expect(await tenant.countEvents()).toBe(1);
    const { bucket } = stack.control;
    await bucket.put("segments/2020-01-01/old", "x");
    await bucket.put(`dead-letters/${uuidv7(old)}`, "x");
    await bucket.put(`segments/${new Date().toISOString().slice(0, 10)}/new`, "x");

    await stack.control.runCron("17 * * * *");
    expect(await tenant.countEvents()).toBe(0);
    expect(await tenant.issues()).toEqual([]);
    expect(await bucket.get("segments/2020-01-01/old")).toBeUndefined();
    expect(await bucket.list(`dead-letters/${uuidv7(old).slice(0, 13)}`)).toEqual([]);
    expect(await bucket.get(`segments/${new Date().toISOString().slice(0, 10)}/new`)).toBeDefined();
    const { rows } = await stack.sql.query(
      "select count(*)::int as n from pg_inherits where inhparent = 'events'::regclass",
    );
    expect(rows[0].n).toBeGreaterThanOrEqual(6);
  });

  test("a change that nobody handled is sent again", async () => {
    const tenant = await makeTenant(stack);
    await deliver([messageOf(tenant, eventEnvelope())]);
    const forget = `update issue_changes set handled_at = null, created_at = now() - interval '5 minutes'
      where issue_id in (select id from issues where project_id = $1)`;
    const handled = async () =>
      (
        await stack.sql.query(
          "select handled_at from issue_changes where issue_id in (select id from issues where project_id = $1)",
          [tenant.projectId],
        )
      ).rows[0].handled_at;
    await eventually(async () => expect(await handled()).not.toBeNull());
    await stack.sql.query(forget, [tenant.projectId]);
    await stack.control.runCron("* * * * *");
    await eventually(async () => expect(await handled()).not.toBeNull());
  });
});
