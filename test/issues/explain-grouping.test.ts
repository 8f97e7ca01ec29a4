import { expect, test } from "vitest";
import type { GroupingExplained } from "../../src/issues/explain-grouping";
import { eventEnvelope, eventually, makeTenant, randomId, type Tenant, useStack } from "../harness";

const stack = useStack();

const broken = (what: string) => ({ exception: { values: [{ type: what, value: "it broke" }] } });

const untilStored = (tenant: Tenant, events: number) =>
  eventually(async () => expect(await tenant.countEvents()).toBe(events));

async function send(tenant: Tenant, what: string): Promise<string> {
  const id = randomId();
  const answer = await tenant.send(eventEnvelope(broken(what), { event_id: id }));
  expect(answer.status).toBe(200);
  return id;
}

async function explained(tenant: Tenant, id: string): Promise<GroupingExplained> {
  const { groupID } = await tenant.get<{ groupID: string }>(
    `/api/0/projects/${tenant.slug}/shop/events/${id}/`,
  );
  return tenant.get(`/api/0/issues/${groupID}/events/${id}/grouping/`);
}

test("the explanation names the version that found the issue, and what the other one says", async () => {
  const tenant = await makeTenant(stack);
  const known = await send(tenant, "KnownError");
  await untilStored(tenant, 1);
  const before = await explained(tenant, known);
  expect(before).toMatchObject({
    version: "g1",
    isExact: true,
    other: { version: "g2", hash: expect.stringMatching(/^[0-9a-f]{32}$/) },
    project: { version: "g1", switchedAt: null },
  });

  const path = `/api/0/projects/${tenant.slug}/shop/`;
  expect((await tenant.call("PUT", path, { groupingConfig: "g2" })).status).toBe(200);
  const [again, fresh] = [await send(tenant, "KnownError"), await send(tenant, "FreshError")];
  await untilStored(tenant, 3);
  const switched = { version: "g2", switchedAt: expect.stringMatching(/^\d{4}-/) };
  expect(await explained(tenant, again)).toEqual({ ...before, project: switched });
  const ofFresh = await explained(tenant, fresh);
  expect(ofFresh).toMatchObject({
    version: "g2",
    isExact: true,
    other: { version: "g1" },
    project: switched,
  });
  // The hash of g1 leads nowhere, so that g1 merges nothing into the new issue.
  const { rows } = await stack.sql.query(
    "select hash from issue_hashes where project_id = $1 and hash = any($2)",
    [tenant.projectId, [ofFresh.hash, ofFresh.other?.hash]],
  );
  expect(rows).toEqual([{ hash: ofFresh.hash }]);
});

test("of a project that was never on g1, an event has hashes of g2 alone", async () => {
  const tenant = await makeTenant(stack, { groupingVersion: "g2" });
  const id = await send(tenant, "FirstError");
  await untilStored(tenant, 1);
  const { hash, secondary, ...rest } = await explained(tenant, id);
  expect(rest).toMatchObject({
    version: "g2",
    isExact: true,
    other: null,
    project: { version: "g2", switchedAt: null },
  });
  const { rows } = await stack.sql.query("select hash from issue_hashes where project_id = $1", [
    tenant.projectId,
  ]);
  expect(rows.map((row) => row.hash).toSorted()).toEqual([hash, ...secondary].toSorted());
});

test("an issue that is deleted and comes back is explained by what found it then", async () => {
  const tenant = await makeTenant(stack);
  const first = await send(tenant, "KnownError");
  await untilStored(tenant, 1);
  const { groupID } = await tenant.get<{ groupID: string }>(
    `/api/0/projects/${tenant.slug}/shop/events/${first}/`,
  );
  expect((await tenant.call("DELETE", `/api/0/issues/${groupID}/`)).status).toBeLessThan(300);
  const path = `/api/0/projects/${tenant.slug}/shop/`;
  expect((await tenant.call("PUT", path, { groupingConfig: "g2" })).status).toBe(200);
  const id = await send(tenant, "KnownError");
  await eventually(async () => expect(await tenant.issues()).toHaveLength(1));
  expect(await explained(tenant, id)).toMatchObject({ version: "g2", isExact: true });
});
