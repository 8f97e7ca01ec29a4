import { expect, test } from "vitest";
import { deliverTo, messageOf } from "../deliver";
import { eventEnvelope, eventually, makeTenant, type Tenant, useStack } from "../harness";
import { changingNothing } from "../state";

const stack = useStack();

const path = ({ slug }: Tenant) => `/api/0/projects/${slug}/shop/`;
const put = (tenant: Tenant, body: object) => tenant.call("PUT", path(tenant), body);
const keptOf = async (tenant: Tenant) => {
  const { fingerprintingRules, groupingEnhancements } = await tenant.get<Record<string, string>>(
    path(tenant),
  );
  return { fingerprintingRules, groupingEnhancements };
};

test("a rule that cannot be read is refused with its place, and changes nothing", async () => {
  const tenant = await makeTenant(stack);
  const good = { fingerprintingRules: "type:A -> a", groupingEnhancements: "path:**/x/** -app" };
  expect((await put(tenant, good)).status).toBe(200);
  for (const [body, words] of [
    [{ name: "Other", fingerprintingRules: "type:A -> a\ntyp:B -> b" }, "line 2, column 1"],
    [{ name: "Other", groupingEnhancements: "function:f" }, "line 1, column 11"],
  ] as const) {
    const answer = await changingNothing(stack.sql, words, () => put(tenant, body));
    expect([answer.status, await answer.text()]).toEqual([422, expect.stringContaining(words)]);
  }
  expect(await keptOf(tenant)).toEqual(good);
});

type Issue = { title: string; count: string };
const issuesOf = (tenant: Tenant) =>
  tenant.get<Issue[]>(`/api/0/organizations/${tenant.slug}/issues/?query=`);

const failure = (type: string, value: string) =>
  eventEnvelope({ exception: { values: [{ type, value }] } });

test("events follow a project's rules as soon as the door knows them, and say which decided", async () => {
  const tenant = await makeTenant(stack, { groupingVersion: "g2" });
  const deliver = (type: string, value: string, rulesVersion: number) =>
    deliverTo(stack, [
      messageOf(tenant, failure(type, value), { rulesVersion, isOnG2Alone: true }),
    ]);
  await deliver("DbDown", "at one", 0);
  await put(tenant, {
    fingerprintingRules: 'type:Db* -> db title="The database: {{ error.type }}"',
  });
  await deliver("DbDown", "at two", 1);
  await deliver("DbGone", "at three", 1);
  await eventually(async () =>
    expect((await issuesOf(tenant)).map(({ title, count }) => [title, count]).toSorted()).toEqual([
      ["DbDown: at one", "1"],
      ["The database: DbGone", "2"],
    ]),
  );
  const [issue] = await tenant.get<{ id: string }[]>(
    `/api/0/organizations/${tenant.slug}/issues/?query=database`,
  );
  const why = await tenant.get<{ components: unknown[]; isExact: boolean }>(
    `/api/0/issues/${issue?.id}/events/latest/grouping/`,
  );
  expect(why.isExact).toBe(true);
  expect(JSON.stringify(why.components)).toContain("fingerprint rule: type:Db* -> db");
});
