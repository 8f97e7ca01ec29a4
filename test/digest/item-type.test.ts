import { type SQL, sql } from "drizzle-orm";
import { beforeAll, expect, inject, test } from "vitest";
import { unpackEnvelope } from "../../queues/catalog";
import type { Deps } from "../../src/deps";
import { digest } from "../../src/digest/digest";
import { itemTypes } from "../../src/digest/items";
import { openEnvelope } from "../../src/digest/open";
import { prepare } from "../../src/digest/prepare";
import type { ItemType, Store } from "../../src/item-type";
import { type Db, openDatabase, type Statement } from "../../src/platform/database";
import { append } from "../../src/platform/segment";
import { categoryOf, isKnownType } from "../../src/protocol/categories";
import { hourOf } from "../../src/protocol/durations";
import { isTooLarge } from "../../src/protocol/item-limits";
import { isObject } from "../../src/protocol/json";
import { messageOf } from "../deliver";
import { eventEnvelope, makeTenant, type Tenant, useStack } from "../harness";

/** What a feature would add: a type of item with a table, a read, a write and a message of its own. */
type Ping = { projectId: number; receivedAt: number; name: string; bytes: Uint8Array };

const stack = useStack({ fresh: true });
const published: string[] = [];

const known = (db: Db, pings: Ping[]) => [
  db.execute<{ project_id: string; name: string }>(
    sql`select project_id, name from pings where name in ${pings.map(({ name }) => name)}`,
  ),
];
const pingStore: Store<Ping, ReturnType<typeof known>> = {
  read: known,
  write(pings, [seen], { db, segment }) {
    const names = new Set(seen?.rows.map(({ project_id, name }) => `${project_id}:${name}`));
    const fresh = pings.filter(({ projectId, name }) => !names.has(`${projectId}:${name}`));
    const rows = fresh.map(
      (ping): SQL =>
        sql`(${ping.projectId}, ${ping.name}, ${segment.id}::uuid, ${append(segment, ping.bytes)})`,
    );
    return {
      projectIds: fresh.map(({ projectId }) => projectId),
      statements:
        rows.length > 0
          ? [db.execute(sql`insert into pings values ${sql.join(rows, sql`, `)} returning name`)]
          : [],
      outcomes: fresh.map(({ projectId, receivedAt }) => ({
        projectId,
        receivedAt,
        hour: hourOf(receivedAt),
        category: "monitor",
        outcome: "accepted",
        reason: "",
        quantity: 1,
      })),
      publish: async (_, [inserted]) => {
        for (const { name } of (inserted as { rows: { name: string }[] } | undefined)?.rows ?? [])
          published.push(name);
      },
    };
  },
};
const pingItem: ItemType<Ping> = {
  prepare(item, _, { meta: { projectId, receivedAt }, readJson }) {
    const json = readJson(item);
    if (typeof json === "string") return json;
    if (!isObject(json.payload) || typeof json.payload.ping !== "string") return "malformed";
    return [{ projectId, receivedAt, name: json.payload.ping, bytes: item.payload }];
  },
  store: pingStore,
};
const types = { ...itemTypes, ping: pingItem };

beforeAll(async () => {
  await stack.sql.query(
    "create table pings (project_id bigint, name text, segment uuid, at integer, primary key (project_id, name))",
  );
});

/** What this test sees of the outside, the database and the bucket being real. */
function outside() {
  const trips: number[] = [];
  const keys: string[] = [];
  const db = openDatabase(stack.databaseUrl, 10_000, inject("neonUrl"));
  const deps = {
    db: Object.assign(Object.create(db) as Db, {
      batch: (statements: [Statement, ...Statement[]]) => {
        trips.push(statements.length);
        return db.batch(statements);
      },
    }),
    blobs: {
      put: async (key: string, parts: Uint8Array[]) => {
        keys.push(key);
        await stack.control.bucket.put(key, new Uint8Array(Buffer.concat(parts)));
      },
    },
    config: {
      inflatedBytesMax: 1e6,
      newIssuesPerHour: 10,
      newReleasesPerDay: 10,
      newEnvironmentsPerDay: 10,
    },
    now: () => new Date(),
    log: () => undefined,
    publish: async (queue: string) => void published.push(queue),
  } as unknown as Deps;
  return { deps, trips, keys };
}

async function digestAll(deps: Deps, messages: Uint8Array[], table = types) {
  const batch = [];
  for (const packed of messages) {
    const message = unpackEnvelope(packed);
    const envelope = await openEnvelope(deps, message);
    if (envelope) batch.push(prepare(message.meta, envelope, { types: table }));
  }
  await digest(deps, batch, { parked: [], turn: "wait" });
}

const ping = (name: string) => `{"type":"ping"}\n{"ping":"${name}"}`;
const pingsOf = async ({ projectId }: Tenant) =>
  (
    await stack.sql.query("select name, segment, at from pings where project_id = $1 order by 1", [
      projectId,
    ])
  ).rows;

test("an item type of a feature shares the read, the object and the commit of the events beside it", async () => {
  const tenant = await makeTenant(stack);
  const { deps, trips, keys } = outside();
  const messages = [
    messageOf(tenant, `${eventEnvelope()}\n${ping("a")}\n{"type":"ping"}\n{"pong":1}`),
    messageOf(tenant, `{}\n${ping("b")}\n{"type":"session"}\n{}`),
  ];
  published.length = 0;
  await digestAll(deps, messages);

  // Four reads of events and one of pings; the locks, three of events, what they may open, their project's, the pings
  // and the outcomes.
  expect(trips).toEqual([5, 7]);
  const [a, b] = await pingsOf(tenant);
  expect([a?.name, b?.name, keys.length]).toEqual(["a", "b", 1]);
  const bytes = (await stack.control.bucket.get(keys[0] ?? "")) ?? new Uint8Array();
  const { rows } = await stack.sql.query(
    "select segment_id, segment_length from events where project_id = $1",
    [tenant.projectId],
  );
  expect(rows).toEqual([{ segment_id: a?.segment, segment_length: a?.at }]);
  expect(Buffer.from(bytes.subarray(a?.at)).toString()).toBe('{"ping":"a"}{"ping":"b"}');
  expect(published).toEqual(["issue-changes", "a", "b"]);

  const left = [await pingsOf(tenant), await tenant.countEvents(), await tenant.outcomes()];
  await digestAll(deps, messages);
  expect([await pingsOf(tenant), await tenant.countEvents(), await tenant.outcomes()]).toEqual(
    left,
  );
  expect(await tenant.outcomes()).toEqual({
    "error accepted": 1,
    "monitor accepted": 2,
    "session filtered not_supported": 1,
    "unknown invalid malformed": 1,
  });
});

test("rows that another consumer stores meanwhile are read again, and are stored once", async () => {
  const tenant = await makeTenant(stack);
  const messages = [messageOf(tenant, `{}\n${ping("same")}`)];
  await Promise.all([1, 2, 3, 4].map(() => digestAll(outside().deps, messages)));
  expect(await pingsOf(tenant)).toHaveLength(1);
  expect(await tenant.outcomes()).toEqual({ "monitor accepted": 1 });
});

test("a message that cannot be published costs neither what is stored nor what others publish", async () => {
  const tenant = await makeTenant(stack);
  const { deps } = outside();
  const publish = () => Promise.reject(new Error("the queue is away"));
  published.length = 0;
  await digestAll({ ...deps, publish }, [
    messageOf(tenant, `${eventEnvelope()}\n${ping("alone")}`),
  ]);
  expect([await tenant.countEvents(), published]).toEqual([1, ["alone"]]);
});

test("a type without a row is counted: as unknown, or as not supported where it is a known one", async () => {
  const tenant = await makeTenant(stack);
  const { deps, trips } = outside();
  await digestAll(deps, [messageOf(tenant, `{}\n${ping("x")}\n{"type":"check_in"}\n{}`)], {
    ...itemTypes,
  } as typeof types);
  expect(await tenant.outcomes()).toEqual({
    "unknown invalid unknown_item_type": 1,
    "monitor filtered not_supported": 1,
  });
  expect([await pingsOf(tenant), trips]).toEqual([[], [1]]);
});

test("every item type that is digested is counted in a category, and has a largest size", () => {
  const endless = { length: Number.MAX_SAFE_INTEGER } as Uint8Array;
  for (const type of Object.keys(itemTypes)) {
    expect([type, isKnownType(type), categoryOf(type) !== "unknown"]).toEqual([type, true, true]);
    expect([type, isTooLarge({ type, payload: endless })]).toEqual([type, true]);
  }
});
