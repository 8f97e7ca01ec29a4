import { expect, test } from "vitest";
import type { PreparedEvent } from "../../src/issues/prepared-event";
import { deliverTo, messageOf } from "../deliver";
import { eventEnvelope, makeTenant, type Tenant, useStack } from "../harness";
import { consumerOf, newHashes, preparedEvent } from "./prepared-events";

const stack = useStack();
const startMs = Date.now() - 60_000;

type Said = { title: string; level?: "warning" | "error" | "fatal"; atMs: number };

/** Digests batches of events of one issue, each of which says how it is called and how bad it is. */
function sayer(tenant: Tenant) {
  const consume = consumerOf(stack);
  const hash = newHashes()("A");
  return (...said: Said[]) =>
    consume(
      said.map(({ title, level = "error", atMs }): PreparedEvent => {
        const event = preparedEvent(tenant, { g2: [hash] }, { title, receivedAt: startMs + atMs });
        return { ...event, summary: { ...event.summary, level } };
      }),
    );
}

const rowOf = async (tenant: Tenant) => {
  const { rows } = await stack.sql.query(
    "select d.title, d.metadata ->> 'value' as value, d.xmin::text as version from issue_details d where project_id = $1",
    [tenant.projectId],
  );
  return rows[0] as { title: string; value: string; version: string };
};

test("an issue is called by the event that was received last, whichever was digested last", async () => {
  const tenant = await makeTenant(stack);
  const say = sayer(tenant);
  await say({ title: "first", atMs: 10 });
  await say({ title: "third", atMs: 30 }, { title: "second", atMs: 20 });
  expect(await rowOf(tenant)).toMatchObject({ title: "third", value: "third" });
  await say({ title: "late", atMs: 15 });
  expect(await rowOf(tenant)).toMatchObject({ title: "third" });
  await say({ title: "fourth", atMs: 40 });
  expect(await tenant.issues()).toMatchObject([{ title: "fourth", count: "5" }]);
});

test("a new issue of several events is called by the newest of them", async () => {
  const tenant = await makeTenant(stack);
  await sayer(tenant)({ title: "newest", atMs: 20 }, { title: "oldest", atMs: 10 });
  expect(await rowOf(tenant)).toMatchObject({ title: "newest" });
});

test("what is called as before is not written again", async () => {
  const tenant = await makeTenant(stack);
  const say = sayer(tenant);
  await say({ title: "same", atMs: 10 });
  const before = await rowOf(tenant);
  await say({ title: "same", atMs: 20 }, { title: "same", atMs: 30 });
  await say({ title: "other", atMs: 5 });
  expect(await rowOf(tenant)).toEqual(before);
});

test("an issue is found by all titles that it had, and by their words", async () => {
  const tenant = await makeTenant(stack);
  for (const [index, message] of ["walrus sank", "penguin sank", "walrus sank"].entries()) {
    const body = eventEnvelope({ message, exception: undefined, fingerprint: ["sank"] });
    await deliverTo(stack, [messageOf(tenant, body, { receivedAt: startMs + index })]);
  }
  const found = async (query: string) => (await tenant.issues(`?query=${query}`)).length;
  expect([await found("walrus"), await found("penguin")]).toEqual([1, 1]);
  expect([await found("title:walrus*"), await found("title:penguin*")]).toEqual([1, 1]);
  expect(await tenant.issues()).toMatchObject([{ title: "walrus sank", count: "3" }]);
});

test("the level is the worst since the issue was last resolved", async () => {
  const tenant = await makeTenant(stack);
  const say = sayer(tenant);
  const level = async () => (await tenant.issues())[0]?.level;
  await say({ title: "t", level: "warning", atMs: 10 });
  expect(await level()).toBe("warning");
  await say(
    { title: "t", level: "error", atMs: 20 },
    { title: "t", level: "fatal", atMs: 21 },
    { title: "t", level: "warning", atMs: 22 },
  );
  expect(await level()).toBe("fatal");
  await say({ title: "t", level: "warning", atMs: 30 });
  expect(await level()).toBe("fatal");
  const [issue] = await tenant.issues();
  await tenant.call("PUT", `/api/0/issues/${issue?.id}/`, { status: "resolved" });
  expect(await level()).toBe("fatal");
  await say({ title: "t", level: "warning", atMs: Date.now() - startMs });
  expect(await tenant.issues()).toMatchObject([{ level: "warning", status: "unresolved" }]);
});

test("an issue from before issues had a label is called by its next event", async () => {
  const tenant = await makeTenant(stack);
  const say = sayer(tenant);
  await say({ title: "old", atMs: 10 });
  await stack.sql.query("update issues set label = null where project_id = $1", [tenant.projectId]);
  await say({ title: "old", atMs: 20 });
  const { rows } = await stack.sql.query(
    "select label is not null as is_called from issues where project_id = $1",
    [tenant.projectId],
  );
  expect(rows).toEqual([{ is_called: true }]);
});
