import { beforeAll, describe, expect, test } from "vitest";
import { deliverTo, messageOf } from "../deliver";
import { eventEnvelope, makeTenant, randomId, type Tenant, useStack } from "../harness";

const stack = useStack({ fresh: true });
const hourMs = 3_600_000;
const anHourLater = { attempts: 14, sentAt: new Date(Date.now() - 2 * hourMs) };

/** A database that refuses the events of some projects, in the words of its choice. */
beforeAll(async () => {
  await stack.sql.query(`
    create table refusals (project_id bigint primary key, state text not null);
    create function refuse() returns trigger language plpgsql as $$
    declare refusal text;
    begin
      select state into refusal from refusals where project_id = new.project_id;
      if found then raise exception 'refused' using errcode = refusal; end if;
      return new;
    end $$;
    create trigger refuse before insert on events for each row execute function refuse();`);
});
const refuse = (tenant: Tenant, state: string) =>
  stack.sql.query("insert into refusals values ($1, $2)", [tenant.projectId, state]);

const letters = async () => (await stack.control.bucket.list("dead-letters/")).length;

describe("a message that the database refuses", () => {
  test.each(["22003", "23514", "23505", "XX000", "P0001"])(
    "with %s is tried for an hour before it is given up, and its neighbours do not wait",
    async (state) => {
      const [bad, good] = [await makeTenant(stack), await makeTenant(stack)];
      await refuse(bad, state);
      const before = await letters();
      const [poison, fine] = [messageOf(bad, eventEnvelope()), messageOf(good, eventEnvelope())];
      const first = await deliverTo(stack, [poison, fine]);
      expect([first.explicitAcks, first.retryMessages.map(({ msgId }) => msgId)]).toEqual([
        ["m1"],
        ["m0"],
      ]);
      // Often but not long, long but not often.
      for (const times of [
        { attempts: 30 },
        { attempts: 5, sentAt: new Date(Date.now() - 10 * hourMs) },
      ]) {
        expect((await deliverTo(stack, [poison], times)).retryMessages).toHaveLength(1);
      }
      expect(await letters()).toBe(before);
      expect((await deliverTo(stack, [poison], anHourLater)).explicitAcks).toEqual(["m0"]);
      expect([await letters(), await bad.countEvents(), await good.countEvents()]).toEqual([
        before + 1,
        0,
        1,
      ]);
    },
  );

  test.each(["42P01", "42703", "42883", "42501"])(
    "with %s, for a schema of another version, lets all wait for an hour; then it alone is given up",
    async (state) => {
      const [bad, good] = [await makeTenant(stack), await makeTenant(stack)];
      await refuse(bad, state);
      const before = await letters();
      const batch = [messageOf(bad, eventEnvelope()), messageOf(good, eventEnvelope())];
      const first = await deliverTo(stack, batch, { attempts: 5 });
      expect(first.retryMessages.map(({ msgId }) => msgId)).toEqual(["m0", "m1"]);
      expect([await letters(), await good.countEvents()]).toEqual([before, 0]);
      const later = await deliverTo(stack, batch, anHourLater);
      expect([later.explicitAcks.toSorted(), await letters()]).toEqual([["m0", "m1"], before + 1]);
      expect([await bad.countEvents(), await good.countEvents()]).toEqual([0, 1]);
    },
  );

  test.each(["57014", "55P03", "40P01", "40001", "25P04", "53300", "53200", "57P01"])(
    "with %s, because it is stuck or full, waits with all others and is never given up",
    async (state) => {
      const [stuck, other] = [await makeTenant(stack), await makeTenant(stack)];
      await refuse(stuck, state);
      const before = await letters();
      const batch = [messageOf(stuck, eventEnvelope()), messageOf(other, eventEnvelope())];
      const result = await deliverTo(stack, batch, anHourLater);
      expect(result.retryMessages.map(({ msgId }) => msgId)).toEqual(["m0", "m1"]);
      expect([await letters(), await other.countEvents()]).toEqual([before, 0]);
      await stack.sql.query("delete from refusals where project_id = $1", [stuck.projectId]);
      expect((await deliverTo(stack, batch, anHourLater)).explicitAcks).toHaveLength(2);
    },
  );
});

test("the parked body of a message that fails stays until it is stored", async () => {
  const tenant = await makeTenant(stack);
  await refuse(tenant, "22003");
  const { bucket } = stack.control;
  const blob = `inbox/2026-01-01/${randomId()}`;
  await bucket.put(blob, eventEnvelope());
  const message = messageOf(tenant, "", { blob });
  expect((await deliverTo(stack, [message])).retryMessages).toHaveLength(1);
  expect(await bucket.get(blob)).toBeDefined();
  await stack.sql.query("delete from refusals where project_id = $1", [tenant.projectId]);
  expect((await deliverTo(stack, [message])).explicitAcks).toEqual(["m0"]);
  expect([await tenant.countEvents(), await bucket.get(blob)]).toEqual([1, undefined]);
});

describe("a project that somebody else is writing", () => {
  test("is left for later without a connection; whoever was sent away often stands in line", async () => {
    const tenant = await makeTenant(stack);
    const before = await letters();
    const holder = await stack.sql.connect();
    try {
      await holder.query("select pg_advisory_lock($1)", [tenant.projectId]);
      const message = messageOf(tenant, eventEnvelope());
      const turnedAway = await deliverTo(stack, [message]);
      expect(turnedAway.retryMessages).toHaveLength(1);
      expect([1, 2, 3]).toContain(turnedAway.retryMessages[0]?.delaySeconds);
      expect(await tenant.countEvents()).toBe(0);

      const inLine = deliverTo(stack, [message], { attempts: 5 });
      await expect
        .poll(async () => {
          const { rows } = await holder.query(
            "select count(*)::int as n from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())",
          );
          return rows[0].n;
        })
        .toBe(1);
      await holder.query("select pg_advisory_unlock($1)", [tenant.projectId]);
      expect((await inLine).explicitAcks).toEqual(["m0"]);
      expect([await tenant.countEvents(), await letters()]).toEqual([1, before]);
    } finally {
      holder.release();
    }
  });
});
