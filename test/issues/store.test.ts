import { randomBytes } from "node:crypto";
import { expect, inject, test } from "vitest";
import { type DigestedEvent, layOut, planIssues } from "../../src/issues/plan";
import { storeStatements } from "../../src/issues/store";
import { commit, isConflict, openDatabase } from "../../src/platform/database";
import { uuidv7 } from "../../src/platform/ids";
import { countRows } from "../../src/stats/outcomes";
import { makeTenant, randomId, useStack } from "../harness";

const stack = useStack();
const bounds = { newIssuesPerHour: 1000, count: countRows };

// An issue may go between the read that finds its hash and the commit that relies on it.
test("a group that was not described, because its issue was known, is refused when the issue is gone", async () => {
  const tenant = await makeTenant(stack);
  const db = openDatabase(stack.databaseUrl, 10_000, inject("neonUrl"));
  const hash = randomBytes(16).toString("hex");
  const event = (): DigestedEvent => ({
    ...{ orgId: tenant.orgId, projectId: tenant.projectId, eventId: randomId() },
    receivedAt: Date.now(),
    grouping: {
      primary: hash,
      secondary: [],
      explanation: { version: "g1", variant: "test" } as never,
    },
    summary: {
      ...{ type: "error", title: "Error: it broke", culprit: "", metadata: {}, level: "error" },
      ...{ platform: "node", tags: [["plan", "free"]], searchText: "it broke" },
    },
    payload: new Uint8Array(1),
  });
  const store = (knownHashes: string[]) => {
    const events = [event()];
    const segment = layOut(uuidv7(Date.now()), events);
    const plan = planIssues(events, segment, new Set(knownHashes));
    return commit(db, storeStatements(db, plan, events, "try", { ...bounds, now: new Date() }));
  };
  const relied = [`${tenant.projectId}:${hash}`];
  const tooEarly = await store(relied).catch((error) => error);
  expect([isConflict(tooEarly), await tenant.countEvents()]).toEqual([true, 0]);
  await store([]);
  await store(relied);
  expect(await tenant.issues()).toMatchObject([{ title: "Error: it broke", count: "2" }]);
  await stack.sql.query("delete from issues where project_id = $1", [tenant.projectId]);
  expect(isConflict(await store(relied).catch((error) => error))).toBe(true);
});
