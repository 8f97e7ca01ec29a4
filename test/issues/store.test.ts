import { randomBytes, randomUUID } from "node:crypto";
import { expect, inject, test } from "vitest";
import type { DigestedEvent } from "../../src/issues/digested-event";
import { planIssues } from "../../src/issues/plan";
import { plainCells } from "../../src/issues/state-cells";
import { storeStatements } from "../../src/issues/store";
import { changeStatus } from "../../src/issues/undo-queries";
import { commit, isConflict, openDatabase } from "../../src/platform/database";
import { uuidv7 } from "../../src/platform/ids";
import { newSegment } from "../../src/platform/segment";
import { countRows } from "../../src/stats/outcomes";
import { makeTenant, randomId, type Tenant, useStack } from "../harness";
import { changingNothing } from "../state";

const stack = useStack();
const bounds = {
  newIssuesPerHour: 1000,
  newInHour: new Map(),
  projectsOnG1: new Set<number>(),
  count: countRows,
};
const nothingKnown = { knownHashes: new Map<string, never>(), projectsOnG1: new Set<number>() };

const eventOf = (
  { orgId, projectId }: Tenant,
  primary: string,
  secondary: string[] = [],
): DigestedEvent => ({
  orgId,
  projectId,
  eventId: randomId(),
  receivedAt: Date.now(),
  happenedAt: Date.now(),
  groupings: { g2: { primary, secondary, explanation: { algo: "g2", variant: "test" } as never } },
  summary: {
    type: "error",
    title: "Error: it broke",
    culprit: "",
    metadata: {},
    level: "error",
    platform: "node",
    tags: [["plan", "free"]],
    searchText: "it broke",
  },
  lines: [],
  payload: new Uint8Array(1),
});

// An issue may go between the read that finds its hash and the commit that relies on it.
test("a group that was not described, because its issue was known, is refused when the issue is gone", async () => {
  const tenant = await makeTenant(stack);
  const db = openDatabase(stack.databaseUrl, 10_000, inject("neonUrl"));
  const hash = randomBytes(16).toString("hex");
  const store = (issueId?: string) => {
    const events = [eventOf(tenant, hash)];
    const segment = newSegment(uuidv7(Date.now()));
    const knownHashes = new Map(
      issueId
        ? [
            [
              `${tenant.projectId}:${hash}`,
              { issueId, label: null, isOpen: true, texts: undefined },
            ],
          ]
        : [],
    );
    const plan = planIssues(events, segment, { ...nothingKnown, knownHashes });
    return commit(db, storeStatements(db, plan, events, { ...bounds, now: new Date() }));
  };
  const tooEarly = await store("1").catch((error) => error);
  expect([isConflict(tooEarly), await tenant.countEvents()]).toEqual([true, 0]);
  await store();
  const [issue] = await tenant.issues();
  await store(issue?.id);
  expect(await tenant.issues()).toMatchObject([{ title: "Error: it broke", count: "2" }]);
  // Its texts are those of another issue.
  expect(isConflict(await store(`${Number(issue?.id) + 1}`).catch((error) => error))).toBe(true);
  await stack.sql.query("delete from issues where project_id = $1", [tenant.projectId]);
  expect(isConflict(await store(issue?.id).catch((error) => error))).toBe(true);
});

// A changed rule finds the old issue by a secondary hash, but never leaves the one that is its own.
test("an event goes to the issue of its primary hash, also when a newer one owns its secondary", async () => {
  const tenant = await makeTenant(stack);
  const db = openDatabase(stack.databaseUrl, 10_000, inject("neonUrl"));
  const [own, other] = [randomBytes(16).toString("hex"), randomBytes(16).toString("hex")];
  const store = async (primary: string, ...secondary: string[]) => {
    const events = [eventOf(tenant, primary, secondary)];
    const plan = planIssues(events, newSegment(uuidv7(Date.now())), nothingKnown);
    await commit(db, storeStatements(db, plan, events, { ...bounds, now: new Date() }));
  };
  await store(own);
  await store(other);
  await store(own, other);
  const counts = await stack.sql.query(
    `select h.hash, i.event_count::int as count from issue_hashes h join issues i on i.id = h.issue_id
      where h.project_id = $1 order by i.id`,
    [tenant.projectId],
  );
  expect(counts.rows).toEqual([
    { hash: own, count: 2 },
    { hash: other, count: 1 },
  ]);
});

// People took an issue apart, and what is left shares a hash that is no event's first.
test("events of one batch that share a secondary hash stay apart where their own lead to different issues", async () => {
  const tenant = await makeTenant(stack);
  const db = openDatabase(stack.databaseUrl, 10_000, inject("neonUrl"));
  const [one, other, shared] = [1, 2, 3].map(() => randomBytes(16).toString("hex")) as [
    string,
    string,
    string,
  ];
  const store = async (events: DigestedEvent[]) => {
    const { rows } = await stack.sql.query(
      "select hash, issue_id from issue_hashes where project_id = $1",
      [tenant.projectId],
    );
    const known = { label: null, texts: undefined, isOpen: true };
    const knownHashes = new Map(
      rows.map(({ hash, issue_id }) => [
        `${tenant.projectId}:${hash}`,
        { issueId: issue_id as string, ...known },
      ]),
    );
    const segment = newSegment(uuidv7(Date.now()));
    const plan = planIssues(events, segment, { ...nothingKnown, knownHashes });
    await commit(db, storeStatements(db, plan, events, { ...bounds, now: new Date() }));
  };
  await store([eventOf(tenant, one)]);
  await store([eventOf(tenant, other)]);
  await store([eventOf(tenant, one, [shared]), eventOf(tenant, other, [shared])]);
  expect((await tenant.issues()).map(({ count }) => count)).toEqual(["2", "2"]);
});

test("a status is set on issues of the caller's organizations only, whoever asks for which id", async () => {
  const [mine, theirs] = [await makeTenant(stack), await makeTenant(stack)];
  for (const tenant of [mine, theirs]) {
    const db = openDatabase(stack.databaseUrl, 10_000, inject("neonUrl"));
    const events = [eventOf(tenant, randomBytes(16).toString("hex"))];
    const plan = planIssues(events, newSegment(uuidv7(Date.now())), nothingKnown);
    await commit(db, storeStatements(db, plan, events, { ...bounds, now: new Date() }));
  }
  const ids = [...(await mine.issues()), ...(await theirs.issues())].map(({ id }) => Number(id));
  const db = openDatabase(stack.databaseUrl, 10_000, inject("neonUrl"));
  const change = {
    id: randomUUID(),
    cells: plainCells("resolved"),
    happening: { kind: "set_resolved" as const },
    userId: null,
    now: new Date(),
  };
  const { rows } = await changeStatus(db, [mine.orgId], ids, change);
  expect(rows).toMatchObject([{ orgId: String(mine.orgId), projectId: String(mine.projectId) }]);
  expect(await mine.issues()).toMatchObject([{ status: "resolved" }]);
  expect(await theirs.issues()).toMatchObject([{ status: "unresolved" }]);
});

test("what was read before its project was deleted is not stored: the batch is read again", async () => {
  const tenant = await makeTenant(stack);
  const db = openDatabase(stack.databaseUrl, 10_000, inject("neonUrl"));
  const events = [eventOf(tenant, randomBytes(16).toString("hex"))];
  const plan = planIssues(events, newSegment(uuidv7(Date.now())), nothingKnown);
  await stack.sql.query("update projects set deleted_at = now() where id = $1", [tenant.projectId]);
  const late = changingNothing(stack.sql, "a late batch", () =>
    commit(db, storeStatements(db, plan, events, { ...bounds, now: new Date() })).catch(
      (error) => error,
    ),
  );
  expect(isConflict(await late)).toBe(true);
});

test("what was planned while there was room is not stored once others have filled it: the batch is read again", async () => {
  const tenant = await makeTenant(stack);
  const db = openDatabase(stack.databaseUrl, 10_000, inject("neonUrl"));
  const storing = (limit: number) => {
    const events = [eventOf(tenant, randomBytes(16).toString("hex"))];
    const plan = planIssues(events, newSegment(uuidv7(Date.now())), nothingKnown);
    const about = { ...bounds, newIssuesPerHour: limit, now: new Date() };
    return commit(db, storeStatements(db, plan, events, about));
  };
  await storing(1);
  const late = changingNothing(stack.sql, "one issue too many", () => storing(1).catch((e) => e));
  expect(isConflict(await late)).toBe(true);
  await storing(2);
  expect(await tenant.issues()).toHaveLength(2);
});
