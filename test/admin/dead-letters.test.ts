import { expect, test } from "vitest";
import { deliverTo, messageOf } from "../deliver";
import { eventEnvelope, eventually, makeTenant, type Tenant, useStack } from "../harness";
import { changingNothing } from "../state";

const stack = useStack({ fresh: true });
const path = "/api/0/internal/dead-letters/";

type Letter = { id: string; queue: string; reason: string };
const lettersOf = async (boss: Tenant) => (await boss.get<{ letters: Letter[] }>(path)).letters;

/** A message that the consumer gave up. */
async function letterOf(boss: Tenant, message: Uint8Array): Promise<string> {
  const before = new Set((await lettersOf(boss)).map(({ id }) => id));
  await deliverTo(stack, [message], { attempts: 5 });
  const [letter] = (await lettersOf(boss)).filter(({ id }) => !before.has(id));
  return letter?.id ?? "";
}

test("a letter is shown with what is in it, without secrets and cut to what people can read", async () => {
  const boss = await makeTenant(stack, { superuser: true });
  const missing = { blob: "inbox/2026-01-01/gone" };
  const gone = await letterOf(boss, messageOf(boss, "", missing));
  expect(await boss.get(`${path}${gone}/`)).toMatchObject({
    id: gone,
    queue: "envelopes",
    attempts: 5,
    reason: expect.stringContaining("parked body is missing"),
    projectId: String(boss.projectId),
    items: [],
    preview: { text: "Its body is no longer there.", isCut: false },
  });

  // What the bucket has by now can be read, whatever the reason was.
  const event = {
    message: "hello",
    extra: { password: "hunter2-hunter2", long: "y".repeat(20_000) },
  };
  await stack.control.bucket.put(missing.blob, eventEnvelope(event));
  const shown = await boss.get<{ preview: { text: string } }>(`${path}${gone}/`);
  expect(shown).toMatchObject({
    items: [{ type: "event", bytes: expect.any(Number) }],
    preview: { isCut: true, text: expect.stringContaining('"message":"hello"') },
  });
  expect(shown.preview.text).toContain("[Filtered]");
  expect(JSON.stringify(shown)).not.toContain("hunter2");
  expect(shown.preview.text.length).toBeLessThanOrEqual(4000);

  const corrupt = await letterOf(boss, messageOf(boss, "no envelope"));
  expect(await boss.get(`${path}${corrupt}/`)).toMatchObject({
    preview: { text: "It cannot be read: Fault: a header is not JSON" },
  });
});

test("a discarded letter is gone, and what it promised to keep is counted", async () => {
  const boss = await makeTenant(stack, { superuser: true });
  const id = await letterOf(boss, messageOf(boss, "no envelope"));
  expect((await boss.call("DELETE", `${path}${id}/`)).status).toBe(204);
  expect((await lettersOf(boss)).map((letter) => letter.id)).not.toContain(id);
  await eventually(async () =>
    expect(await boss.outcomes()).toEqual({ "error filtered discarded": 1 }),
  );
  for (const [method, status] of [
    ["GET", 404],
    ["DELETE", 404],
  ] as const) {
    expect((await boss.call(method, `${path}${id}/`)).status).toBe(status);
  }
});

test("what is no letter is not looked for, and nobody but operators reads or discards one", async () => {
  const boss = await makeTenant(stack, { superuser: true });
  const id = await letterOf(boss, messageOf(boss, "no envelope"));
  await stack.control.bucket.put("segments/2026-01-01/x", "x");
  for (const name of ["..", "%2e%2e%2fsegments%2f2026-01-01%2fx", "019ab000", "__proto__"]) {
    expect([name, (await boss.call("GET", `${path}${name}/`)).status]).toEqual([name, 404]);
  }
  const tenant = await makeTenant(stack);
  for (const method of ["GET", "DELETE"]) {
    const refused = await changingNothing(stack.sql, method, () =>
      tenant.call(method, `${path}${id}/`),
    );
    expect([method, refused.status]).toEqual([method, 403]);
  }
  expect((await lettersOf(boss)).map((letter) => letter.id)).toContain(id);
});

test("the overview tells version, health, lag, queues, dead letters and sizes; what cannot be asked is null", async () => {
  const boss = await makeTenant(stack, { superuser: true });
  await letterOf(boss, messageOf(boss, "no envelope"));
  await boss.send(eventEnvelope());
  await eventually(async () => expect(await boss.countEvents()).toBe(1));
  await stack.sql.query("analyze");
  const overview = await boss.get<{ deadLetters: number; totals: Record<string, number> }>(
    "/api/0/internal/overview/",
  );
  expect(overview).toMatchObject({
    version: "0.1.0",
    health: { status: "ok", checks: { database: { status: "ok" } } },
    lag: { queueSeconds: expect.any(Number) },
    limitsAreLocal: false,
  });
  expect(overview.deadLetters).toBeGreaterThan(0);
  const { rows } = await stack.sql.query(
    "select (select count(*) from events)::int as events, (select count(*) from organizations)::int as organizations",
  );
  expect(overview.totals).toMatchObject(rows[0]);
  expect(overview.totals.databaseBytes).toBeGreaterThan(1_000_000);
  expect((await (await makeTenant(stack)).call("GET", "/api/0/internal/overview/")).status).toBe(
    403,
  );
});

test("every organization is listed page by page with its sizes, those that are called so if asked", async () => {
  const boss = await makeTenant(stack, { superuser: true });
  const other = await makeTenant(stack);
  const list = "/api/0/internal/organizations/";
  const found = await boss.get<{ slug: string }[]>(`${list}?query=${other.slug.toUpperCase()}`);
  expect(found).toEqual([
    {
      id: String(other.orgId),
      name: "Acme",
      slug: other.slug,
      dateCreated: expect.stringMatching(/Z$/),
      isAcceptingEvents: true,
      memberCount: 1,
      projectCount: 1,
    },
  ]);
  expect(await boss.get(`${list}?query=100%25`)).toEqual([]);
  const first = await boss.call("GET", `${list}?limit=1`);
  const [, next = ""] =
    /<([^>]+)>; rel="next"; results="true"/.exec(first.headers.get("link") ?? "") ?? [];
  const { pathname, search } = new URL(next);
  const [one] = (await first.json()) as { id: string }[];
  const [two] = await boss.get<{ id: string }[]>(pathname + search);
  expect(Number(two?.id)).toBeGreaterThan(Number(one?.id));
});
