import { expect, test } from "vitest";
import { deliverTo, messageOf } from "../deliver";
import { eventEnvelope, eventually, makeTenant, type Tenant, useStack } from "../harness";

const stack = useStack();

const send = async (tenant: Tenant, ...events: Record<string, unknown>[]) => {
  const messages = events.map((event) => messageOf(tenant, eventEnvelope(event)));
  const { outcome, retryMessages } = await deliverTo(stack, messages);
  expect([outcome, retryMessages]).toEqual(["ok", []]);
};
const failure = (type: string, more: Record<string, unknown> = {}) => ({
  exception: { values: [{ type, value: "it broke" }] },
  fingerprint: [type],
  ...more,
});
/** Types of the issues that a search finds. */
const find = async (tenant: Tenant, query: string) =>
  (
    await tenant.get<{ title: string }[]>(
      `/api/0/organizations/${tenant.slug}/issues/?query=${encodeURIComponent(query)}`,
    )
  )
    .map(({ title }) => title.split(":")[0])
    .toSorted()
    .join(" ");
const rowsOf = async ({ orgId }: Tenant) =>
  (
    await stack.sql.query(
      "select is_fact, cardinality(hashes) as lines, length(text) as chars from issue_texts where org_id = $1 order by 1, 3",
      [orgId],
    )
  ).rows;

test("texts of later events are found, wherever in the event they are, and by any part of them", async () => {
  const tenant = await makeTenant(stack);
  const frame = { function: "chargeCard", filename: "lib/acquirer.rb", module: "Acquirer.Core" };
  await send(tenant, failure("A"), failure("B"));
  await send(tenant, {
    ...failure("A"),
    exception: {
      values: [
        { type: "Inner", value: "first cause" },
        { type: "A", value: "it broke again" },
      ],
    },
    threads: { values: [{ id: 1, stacktrace: { frames: [frame] } }] },
    breadcrumbs: [{ message: "pressed the pay button" }],
    request: { url: "https://shop.example/basket/7?x=1", method: "PATCH" },
    tags: { coupon: "SPRING-25" },
    extra: { order: { number: 4711, note: "gift wrapped" } },
    contexts: {
      cart: { currency: "Dukaten" },
      os: { name: "Haiku", version: "R1" },
      trace: { trace_id: "c".repeat(32), span_id: "d".repeat(16) },
    },
    sdk: { name: "sentry.python", version: "2.9.1" },
    user: { id: "u-77", email: "ada@example.com", ip_address: "192.0.2.9" },
  });
  for (const query of [
    "first cause",
    "broke again",
    "chargeCard",
    "acquirer.rb",
    "QUIRER.CO",
    "pay button",
    "shop.example/basket",
    "SPRING",
    "4711",
    "wrapped",
    "dukat",
    "c".repeat(32),
    "u-77",
    "error.type:inner",
    "error.value:first*",
    "stack.function:chargecard",
    "trace:cccc*",
    "stack.filename:*acquirer.rb",
    "stack.module:Acquirer.Core",
    "http.method:PATCH",
    "sdk:sentry.python",
    "sdk.version:2.9*",
    "os:haiku",
    "os.version:R1",
    "user.ip:192.0.2.9",
    "user:ada@example.com",
    "user.email:ada@*",
    "has:trace",
    'message:"broke again"',
    "wrapped chargeCard",
    "wra*ped",
    "has:[stack.package, url]",
  ]) {
    expect([query, await find(tenant, query)]).toEqual([query, "A"]);
    expect([`!${query}`, await find(tenant, `!(${query})`)]).toEqual([`!${query}`, "B"]);
  }
  for (const query of [
    // What stands around a star is in one text, and a name asks for its field alone.
    "wrapped*chargeCard",
    "stack.filename:chargeCard",
    "error.type:acquirer",
    "sdk:2.9.1",
    // Facts are found by name alone, names of fields are no texts.
    "sentry.python",
    "PATCH",
    "coupon",
    "stack.filename",
  ]) {
    expect([query, await find(tenant, query)]).toEqual([query, ""]);
  }
  expect(await find(await makeTenant(stack), "chargeCard OR it")).toBe("");
});

test("what an issue has said already makes no row, from whichever consumer it comes", async () => {
  const tenant = await makeTenant(stack);
  const event = failure("A", { tags: { color: "green" }, message: "with words" });
  await send(tenant, event, event);
  const rows = await rowsOf(tenant);
  expect(rows.map(({ is_fact }) => is_fact)).toEqual([false, true]);
  await send(tenant, event);
  // Through the queue, to another isolate.
  const [first] = await tenant.issues();
  await tenant.send(eventEnvelope(event));
  await eventually(async () => expect(await tenant.countEvents()).toBe(4));
  expect(await rowsOf(tenant)).toEqual(rows);
  await send(tenant, failure("A", { tags: { color: "blue" }, message: "with words" }));
  expect((await rowsOf(tenant)).map(({ lines }) => lines)).toEqual([
    1,
    ...rows.map(({ lines }) => lines),
  ]);
  expect(await tenant.issues()).toMatchObject([{ id: first?.id, count: "5" }]);
});

test("an issue keeps texts up to a bound, facts beside them, and goes on counting", async () => {
  const tenant = await makeTenant(stack);
  const long = (n: number) => `${"x".repeat(900)} number ${n}`;
  for (let n = 0; n < 5; n++) {
    const events = Array.from({ length: 8 }, (_, k) =>
      failure("A", { tags: {}, extra: { text: long(n * 8 + k) } }),
    );
    await send(tenant, ...events);
  }
  await send(tenant, failure("A", { request: { method: "LAST" } }));
  const chars = (await rowsOf(tenant)).reduce((sum, row) => sum + (row.is_fact ? 0 : row.chars), 0);
  expect(chars).toBeGreaterThan(15_000);
  expect(chars).toBeLessThanOrEqual(16_384);
  expect(await find(tenant, '"number 0"')).toBe("A");
  expect(await find(tenant, '"number 39"')).toBe("");
  expect(await find(tenant, "http.method:LAST")).toBe("A");
  expect(await tenant.issues()).toMatchObject([{ count: "41" }]);
});

test("texts go with their issue, and come again with the next event", async () => {
  const tenant = await makeTenant(stack);
  const event = failure("A", { extra: { note: "kept in mind" } });
  await send(tenant, event);
  const [issue] = await tenant.issues();
  expect((await tenant.call("DELETE", `/api/0/issues/${issue?.id}/`)).status).toBe(204);
  expect(await find(tenant, "mind")).toBe("");
  await send(tenant, event);
  expect(await find(tenant, "mind")).toBe("A");
  await send(tenant, event);
  expect(await rowsOf(tenant)).toHaveLength(4);
});

test("no text passes for another field, and no line for two", async () => {
  const tenant = await makeTenant(stack);
  await send(
    tenant,
    failure("A", { extra: { a: "one\n\u0007two", b: '50%_off \\ "quoted"', c: "cafe\u0301" } }),
    failure("B", { extra: { a: "b".repeat(5000) } }),
  );
  expect(await find(tenant, "stack.filename:two")).toBe("");
  expect(await find(tenant, '"one  two"')).toBe("A");
  expect(await find(tenant, '"50%_off \\\\"')).toBe("A");
  expect(await find(tenant, "50__off")).toBe("");
  expect(await find(tenant, "caf\u00e9")).toBe("A");
  expect(await find(tenant, "b".repeat(1500))).toBe("B");
});
