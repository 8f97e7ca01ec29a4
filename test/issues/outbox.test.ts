import { beforeEach, describe, expect, inject, test } from "vitest";
import { changeReaders } from "../../queues/change-readers";
import type { Deps } from "../../src/deps";
import { Fault } from "../../src/fault";
import {
  type Change,
  type ChangeReader,
  type ChangeReaders,
  forgetOldChanges,
  handOutChanges,
  pauseSeconds,
  sweepChanges,
} from "../../src/issues/outbox";
import { type Db, openDatabase, type Statement } from "../../src/platform/database";
import { dayMs, hourMs, minuteMs, secondMs } from "../../src/protocol/durations";
import { makeTenant, useStack } from "../harness";

const stack = useStack({ fresh: true });

/** An issue with so many changes that happened ten minutes ago; their ids. */
async function addChanges(count: number, kind = "created"): Promise<number[]> {
  const tenant = await makeTenant(stack);
  const { rows } = await stack.sql.query(
    `with issue as (
       insert into issues (org_id, project_id, short_number, level, first_seen_at, last_seen_at)
       values ($1, $2, 1, 4, now(), now()) returning id)
     insert into issue_changes (issue_id, change, created_at)
     select id, $4, now() - interval '10 minutes' from issue, generate_series(1, $3::integer) returning id`,
    [tenant.orgId, tenant.projectId, count, kind],
  );
  return rows.map(({ id }) => Number(id));
}

/** A clock that stands still, and a database that counts what is sent. */
function outside() {
  const at = { ms: Date.now() };
  const sent = { statements: 0 };
  const db = openDatabase(stack.databaseUrl, 60_000, inject("neonUrl"));
  const deps = {
    db: Object.assign(Object.create(db) as Db, {
      batch: (statements: [Statement, ...Statement[]]) => {
        sent.statements += statements.length;
        return db.batch(statements);
      },
    }),
    now: () => new Date(at.ms),
    log: () => undefined,
  } as unknown as Deps;
  return { deps, at, sent };
}

const usual = { kinds: ["created", "regressed"], triesMax: 3, firstPauseSeconds: 60 } as const;
const reader = (handle: (changes: Change[]) => void): ChangeReader => ({
  ...usual,
  handle: async (_, changes) => handle(changes),
});
/** Takes everything but what `refuse` finds, and remembers it. */
function recorder(refuse: (change: Change) => unknown = () => undefined) {
  const taken: number[] = [];
  const offers: number[] = [];
  const recording = reader((changes) => {
    offers.push(changes.length);
    const reason = changes.map(refuse).find((each) => each !== undefined);
    if (reason !== undefined) throw reason;
    taken.push(...changes.map(({ id }) => id));
  });
  return { reader: recording, taken, offers };
}

const failures = async () =>
  (
    await stack.sql.query(
      `select change_id::int as change, reader, attempts, last_error as error, parked_at is not null as parked
         from issue_change_failures order by reader, change_id`,
    )
  ).rows;
const countFailures = async () =>
  (await stack.sql.query("select count(*)::int as n from issue_change_failures")).rows[0].n;
const countUnhandled = async () =>
  (await stack.sql.query("select count(*)::int as n from issue_changes where handled_at is null"))
    .rows[0].n;

beforeEach(() => stack.sql.query("truncate issue_changes cascade"));

describe("a change", () => {
  test("goes to all readers that want its kind, once, as the row says it", async () => {
    const [id = 0] = await addChanges(1, "regressed");
    const { deps } = outside();
    const seen: Change[] = [];
    const readers: ChangeReaders = {
      all: reader((changes) => void seen.push(...changes)),
      some: { ...reader((changes) => void seen.push(...changes)), kinds: ["created"] },
    };
    for (let time = 0; time < 2; time++) await handOutChanges(deps, readers, [id, id]);
    expect(seen).toEqual([
      {
        id,
        issueId: expect.any(Number),
        kind: "regressed",
        eventId: null,
        createdAt: expect.any(Date),
      },
    ]);
    expect(await countUnhandled()).toBe(0);
  });

  test("of a kind that only a later release knows waits for that release", async () => {
    const ids = await addChanges(2, "merged");
    const { deps } = outside();
    const { reader: all, taken } = recorder();
    await handOutChanges(deps, { all }, ids);
    await sweepChanges(deps, { all });
    expect([taken, await countUnhandled()]).toEqual([[], 2]);
  });

  test("that no message brought is handed out after two minutes, not before", async () => {
    const [old = 0, young = 0] = await addChanges(2);
    await stack.sql.query("update issue_changes set created_at = now() where id = $1", [young]);
    const { deps, at } = outside();
    const { reader: all, taken } = recorder();
    await sweepChanges(deps, { all });
    expect(taken).toEqual([old]);
    at.ms += 3 * minuteMs;
    await sweepChanges(deps, { all });
    expect(taken).toEqual([old, young]);
  });
});

describe("a reader that fails", () => {
  test("keeps nobody else waiting, gets what it did not take again, and then no more", async () => {
    const ids = await addChanges(3);
    const { deps, at } = outside();
    const good = recorder();
    let isAway = true;
    const moody = recorder(() => (isAway ? new Error("no answer") : undefined));
    const readers = { good: good.reader, moody: moody.reader };
    await handOutChanges(deps, readers, ids);
    expect([good.taken, moody.taken, await countUnhandled()]).toEqual([ids, [], 0]);
    expect(await failures()).toEqual(
      ids.map((change) => ({
        change,
        reader: "moody",
        attempts: 1,
        error: "Error: no answer",
        parked: false,
      })),
    );
    isAway = false;
    await sweepChanges(deps, readers);
    expect(moody.taken).toEqual([]);
    at.ms += minuteMs;
    await sweepChanges(deps, readers);
    expect([good.taken, moody.taken, await failures()]).toEqual([ids, ids, []]);
  });

  test("at one change of many is offered the others without it; that one is parked after its tries", async () => {
    const ids = await addChanges(1000);
    const [poison] = ids.slice(700);
    const { deps, at } = outside();
    const {
      reader: picky,
      taken,
      offers,
    } = recorder(({ id }) => (id === poison ? new Error("cannot be read") : undefined));
    await handOutChanges(deps, { picky }, ids);
    expect(taken.toSorted((a, b) => a - b)).toEqual(ids.filter((id) => id !== poison));
    expect(offers.length).toBeLessThanOrEqual(21);
    for (const attempts of [1, 2, 3, 3, 3]) {
      expect(await failures()).toEqual([
        {
          change: poison,
          reader: "picky",
          attempts,
          error: "Error: cannot be read",
          parked: attempts === 3,
        },
      ]);
      at.ms += hourMs;
      await sweepChanges(deps, { picky });
    }
  });

  test("at every second change takes all others in the end, and gives up those alone", async () => {
    const ids = await addChanges(300);
    const isPoison = (id: number) => id % 2 === 0;
    const { deps, at } = outside();
    const {
      reader: picky,
      taken,
      offers,
    } = recorder(({ id }) => (isPoison(id) ? new Error("cannot be read") : undefined));
    await handOutChanges(deps, { picky }, ids);
    expect(offers.length).toBeLessThanOrEqual(50);
    for (const _ of [2, 3, 4]) {
      at.ms += hourMs;
      await sweepChanges(deps, { picky });
    }
    expect(taken.toSorted((a, b) => a - b)).toEqual(ids.filter((id) => !isPoison(id)));
    const parked = (await failures()).filter((each) => each.parked && each.attempts === 3);
    expect(parked.map(({ change }) => change)).toEqual(ids.filter(isPoison));
    expect(offers.length).toBeLessThan(3 * ids.length);
  });

  test("because something outside is away is asked once, not in halves", async () => {
    const ids = await addChanges(100);
    const { deps } = outside();
    const { reader: stuck, offers } = recorder(() => new Fault("unavailable", "The mail is away."));
    await handOutChanges(deps, { stuck }, ids);
    expect([offers, (await failures()).length]).toEqual([[100], 100]);
  });

  test("with a reason that no text column can hold is noted all the same", async () => {
    const ids = await addChanges(1);
    const { deps } = outside();
    const { reader: odd } = recorder(() => new Error(`half a face \ud83d and \u0000 nothing`));
    await handOutChanges(deps, { odd }, ids);
    expect(await failures()).toMatchObject([
      { error: "Error: half a face \ufffd and \ufffd nothing" },
    ]);
  });
});

test("of 100 000 changes and two readers, one of them failing, the other gets all, and nothing starves", async () => {
  const count = 100_000;
  await addChanges(count);
  // What the database does by itself after a while; else it sorts all for each thousand.
  await stack.sql.query("analyze issue_changes");
  const { deps, at, sent } = outside();
  const good = recorder();
  const bad = reader(() => {
    throw new Fault("unavailable", "The mailbox is full.");
  });
  const readers = { bad: { ...bad, triesMax: 2 }, good: good.reader };
  let runs = 0;
  while ((await countUnhandled()) > 0 && runs < 50) {
    runs++;
    await sweepChanges(deps, readers);
  }
  expect([runs, good.taken.length, new Set(good.taken).size]).toEqual([10, count, count]);
  // What happens meanwhile is not behind what fails.
  const late = await addChanges(1);
  await handOutChanges(deps, readers, late);
  expect(good.taken.slice(count)).toEqual(late);

  const parked = async () =>
    (
      await stack.sql.query(
        `select attempts, last_error as error, count(*)::int as n from issue_change_failures
          where reader = 'bad' and parked_at is not null group by 1, 2`,
      )
    ).rows;
  at.ms += hourMs;
  for (runs = 0; runs < 11; runs++) await sweepChanges(deps, readers);
  expect(await parked()).toEqual([
    { attempts: 2, error: "Fault: The mailbox is full.", n: count + 1 },
  ]);
  expect(await countFailures()).toBe(count + 1);
  // A mark and a list of failures for each thousand, and another for the second try.
  expect(sent.statements).toBeLessThanOrEqual(3 * (count / 1000 + 1));
});

test("what was handed out a week ago goes, with what readers failed to take of it", async () => {
  const ids = await addChanges(3);
  const { deps, at } = outside();
  const { reader: bad } = recorder(() => new Error("no"));
  await handOutChanges(deps, { bad }, ids.slice(1));
  at.ms += 7 * dayMs - minuteMs;
  await forgetOldChanges(deps);
  expect(await failures()).toHaveLength(2);
  at.ms += 2 * minuteMs;
  await forgetOldChanges(deps);
  const { rows } = await stack.sql.query("select id::int from issue_changes");
  expect([rows, await failures()]).toEqual([[{ id: ids[0] }], []]);
});

test("each reader has used up its tries before its changes go, with pauses that grow up to an hour", () => {
  expect([1, 2, 3, 7, 100].map((tries) => pauseSeconds(usual, tries))).toEqual([
    60, 120, 240, 3600, 3600,
  ]);
  for (const [name, each] of Object.entries(changeReaders)) {
    const pauses = Array.from({ length: each.triesMax }, (_, index) =>
      pauseSeconds(each, index + 1),
    );
    const sumMs = pauses.reduce((sum, seconds) => sum + seconds * secondMs, 0);
    expect([name, sumMs < 6 * dayMs]).toEqual([name, true]);
  }
});
