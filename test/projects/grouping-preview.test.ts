import { expect, test } from "vitest";
import { deliverTo, messageOf } from "../deliver";
import { eventEnvelope, eventually, makeTenant, type Tenant, useStack } from "../harness";
import { changingNothing } from "../state";

const stack = useStack();

type Issue = { id: string; shortId: string; title: string };
type Group = { title: string; events: number; eventId: string; issue: Issue | null; rule: unknown };
type Preview = {
  events: number;
  eventsMoved: number;
  eventsLeft: number;
  overruns: number;
  issuesNow: number;
  issuesThen: number;
  splits: { issue: Issue; events: number; into: Group[] }[];
  merges: (Group & { from: { issue: Issue; events: number }[] })[];
  rules: { kind: string; line: number; text: string; events: number }[];
};

const path = ({ slug }: Tenant) => `/api/0/projects/${slug}/shop/grouping/preview/`;
const failure = (type: string, region: string) =>
  eventEnvelope({
    exception: { values: [{ type, value: "it broke" }] },
    tags: { region },
  });

async function tenantWith(sent: [type: string, region: string, count: number][]) {
  const tenant = await makeTenant(stack, { groupingVersion: "g2" });
  const messages = sent.flatMap(([type, region, count]) =>
    Array.from({ length: count }, () =>
      messageOf(tenant, failure(type, region), { isOnG2Alone: true }),
    ),
  );
  // A batch whose time ran out on a busy machine comes again, as from the queue.
  await eventually(async () => {
    expect((await deliverTo(stack, messages)).retryMessages).toEqual([]);
  });
  return tenant;
}

async function preview(tenant: Tenant, asked: object): Promise<Preview> {
  const answer = await changingNothing(stack.sql, "a preview", () =>
    tenant.call("POST", path(tenant), asked),
  );
  expect(answer.status).toBe(200);
  return (await answer.json()) as Preview;
}

const fingerprintingRules = [
  "# What the database says",
  "type:Db* -> db",
  "type:Cart tags.region:eu -> cart, {{ tags.region }}",
  "type:Nobody -> nobody",
].join("\n");

test("rules are tried on stored events: what they would merge and split, by which lines, and nothing is stored", async () => {
  const tenant = await tenantWith([
    ["DbDown", "us", 2],
    ["DbGone", "us", 3],
    ["Cart", "eu", 1],
    ["Cart", "us", 4],
    ["Other", "us", 1],
  ]);
  const found = await preview(tenant, { fingerprintingRules });
  expect(found).toMatchObject({
    events: 11,
    eventsMoved: 3,
    eventsLeft: 0,
    overruns: 0,
    issuesNow: 4,
    issuesThen: 4,
  });
  const db = { line: 2, text: "type:Db* -> db" };
  expect(found.merges).toMatchObject([
    {
      events: 5,
      issue: { title: "DbGone: it broke" },
      rule: db,
    },
  ]);
  expect(
    found.merges[0]?.from.map(({ issue, events }) => `${issue.title} ${events}`).toSorted(),
  ).toEqual(["DbDown: it broke 2", "DbGone: it broke 3"]);
  const cart = "type:Cart tags.region:eu -> cart, {{ tags.region }}";
  expect(found.splits).toMatchObject([
    {
      issue: { title: "Cart: it broke" },
      events: 5,
      into: [
        { events: 4, issue: { title: "Cart: it broke" }, rule: null },
        { events: 1, issue: null, rule: { line: 3, text: cart } },
      ],
    },
  ]);
  expect(found.rules).toEqual([
    { kind: "fingerprint", ...db, events: 5 },
    { kind: "fingerprint", line: 3, text: cart, events: 1 },
    { kind: "fingerprint", line: 4, text: "type:Nobody -> nobody", events: 0 },
  ]);
  const eventId = found.splits[0]?.into[1]?.eventId;
  expect(await tenant.get(`/api/0/projects/${tenant.slug}/shop/events/${eventId}/`)).toMatchObject({
    title: "Cart: it broke",
  });
});

test("the rules of the project, and fewer events, are tried where nothing else is said", async () => {
  const tenant = await tenantWith([
    ["DbDown", "us", 1],
    ["DbGone", "us", 1],
  ]);
  await tenant.call("PUT", `/api/0/projects/${tenant.slug}/shop/`, { fingerprintingRules });
  expect((await preview(tenant, {})).merges).toMatchObject([{ events: 2 }]);
  expect(await preview(tenant, { fingerprintingRules: "" })).toMatchObject({
    events: 2,
    eventsMoved: 0,
    merges: [],
    splits: [],
    rules: [],
  });
  expect(await preview(tenant, { events: 1 })).toMatchObject({ events: 1, merges: [] });
});

test("issues that people merged are not taken apart by a preview", async () => {
  const tenant = await tenantWith([
    ["One", "us", 1],
    ["Two", "us", 2],
  ]);
  const issues = await tenant.get<Issue[]>(`/api/0/organizations/${tenant.slug}/issues/?query=`);
  const ids = issues.map(({ id }) => `id=${id}`).join("&");
  await tenant.call("PUT", `/api/0/organizations/${tenant.slug}/issues/?${ids}`, { merge: 1 });
  expect(await preview(tenant, {})).toMatchObject({ eventsMoved: 0, splits: [], issuesThen: 1 });
});

test("a rule that cannot be read is refused with its place", async () => {
  const tenant = await tenantWith([]);
  for (const asked of [
    { fingerprintingRules: "type:A -> a\ntyp:B -> b" },
    { events: 1001 },
    { groupingConfig: "g3" },
  ]) {
    const answer = await tenant.call("POST", path(tenant), asked);
    expect(answer.status).toBe(422);
  }
});
