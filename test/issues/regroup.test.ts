import fc from "fast-check";
import { expect, test } from "vitest";
import { deliverTo, messageOf } from "../deliver";
import { eventEnvelope, eventually, makeTenant, randomId, type Tenant, useStack } from "../harness";
import { changingNothing } from "../state";
import { finishJobs } from "./finish-jobs";
import { numbersIn } from "./recount";

const stack = useStack();

type Sent = {
  id: string;
  type: string;
  frames: readonly string[];
  user: string;
  plan: string;
  hoursAgo: number;
};
const began = Date.now();
const momentOf = (hoursAgo: number, place: number) => began - hoursAgo * 3_600_000 + place * 1000;

const bodyOf = ({ id, type, frames, user, plan }: Sent) =>
  eventEnvelope(
    {
      platform: "python",
      exception: {
        values: [
          {
            type,
            value: "it broke",
            ...(frames.length > 0 && {
              stacktrace: {
                frames: frames.map((name) => ({
                  function: name,
                  filename: `${name}.py`,
                  in_app: name !== "lib",
                })),
              },
            }),
          },
        ],
      },
      user: { id: user },
      tags: { plan },
    },
    { event_id: id },
  );

/** In the order in which they were received, one after another. */
async function deliver(tenant: Tenant, sent: Sent[], rulesVersion = 0): Promise<void> {
  const messages = sent
    .map((each, place) => ({ each, receivedAt: momentOf(each.hoursAgo, place) }))
    .toSorted((a, b) => a.receivedAt - b.receivedAt)
    .map(({ each, receivedAt }) =>
      messageOf(tenant, bodyOf(each), { receivedAt, rulesVersion, isOnG2Alone: true }),
    );
  for (const message of messages) {
    await eventually(async () => {
      expect((await deliverTo(stack, [message])).retryMessages).toEqual([]);
    });
  }
}

const project = ({ slug }: Tenant) => `/api/0/projects/${slug}/shop/`;
type Rules = { fingerprintingRules?: string; groupingEnhancements?: string };
const setRules = async (tenant: Tenant, rules: Rules) =>
  expect((await tenant.call("PUT", project(tenant), rules)).status).toBe(200);

type Job = { id: string; state: string; kind: string; error: string | null };
async function ended(tenant: Tenant, door: "apply" | "undo", body?: object): Promise<Job> {
  const answer = await tenant.call("POST", `${project(tenant)}grouping/${door}/`, body);
  const { id } = (await answer.json()) as Job;
  expect(answer.status).toBe(202);
  // In the worker, for it reads payloads: what the request did not end, the cron does.
  return eventually(async () => {
    const job = await tenant.get<Job>(`/api/0/organizations/${tenant.slug}/issue-jobs/${id}/`);
    if (job.state === "running") await stack.control.runCron("* * * * *");
    expect(job.state).not.toBe("running");
    return job;
  });
}
const done = { state: "done", error: null };

/** Which events are together, and what the tables say of each issue that has any. */
async function seenIn(tenant: Tenant) {
  const { rows } = await stack.sql.query(
    `select issue_id::text as id, array_agg(replace(event_id::text, '-', '') order by event_id) as ids
       from events where project_id = $1 group by 1`,
    [tenant.projectId],
  );
  const numbers = await numbersIn(stack, tenant);
  const people = await stack.sql.query(
    `select i.id::text as id, (select count(*)::int from issue_users u where u.issue_id = i.id) as people
       from issues i where i.project_id = $1`,
    [tenant.projectId],
  );
  const peopleOf = new Map(people.rows.map(({ id, people: count }) => [id, count]));
  return rows
    .map(({ id, ids }) => ({ ids, ...numbers[id], people: peopleOf.get(id) }))
    .toSorted((a, b) => (a.ids[0] < b.ids[0] ? -1 : 1));
}
const hashesIn = async ({ projectId }: Tenant) =>
  (
    await stack.sql.query(
      "select event_id, issue_id, hash from events where project_id = $1 order by event_id",
      [projectId],
    )
  ).rows;
const leadsIn = async ({ projectId }: Tenant) =>
  (
    await stack.sql.query(
      "select hash, issue_id, former_issue_id, is_regrouped from issue_hashes where project_id = $1 order by hash",
      [projectId],
    )
  ).rows;

const onG2 = () => makeTenant(stack, { groupingVersion: "g2" });
const sentOf = (
  type: string,
  plan: string,
  user: string,
  hoursAgo: number,
  ...frames: string[]
) => ({
  id: randomId(),
  type,
  frames,
  user,
  plan,
  hoursAgo,
});
const some = () => [
  sentOf("DbDown", "pro", "1", 30),
  sentOf("DbDown", "free", "2", 3),
  sentOf("DbGone", "free", "2", 20),
  sentOf("DbGone", "free", "3", 20),
  sentOf("DbGone", "pro", "4", 2),
  sentOf("Cart", "pro", "1", 5),
  sentOf("Cart", "free", "1", 4),
  sentOf("Cart", "free", "5", 4),
];
const rules = { fingerprintingRules: "type:Db* -> db\ntype:Cart tags.plan:pro -> paid" };

test("issues are as if the rules had been there from the first event on, and undo gives issues, hashes and numbers back", async () => {
  const sent = some();
  const [tenant, fresh] = [await onG2(), await onG2()];
  await deliver(tenant, sent);
  const titlesOf = async () =>
    (await tenant.issues("?query=")).map(({ id, title }) => `${id} ${title}`).toSorted();
  const before = [
    await seenIn(tenant),
    await hashesIn(tenant),
    await leadsIn(tenant),
    await titlesOf(),
  ];
  const numbersBefore = await numbersIn(stack, tenant);
  await setRules(tenant, rules);
  expect(await ended(tenant, "apply", { days: 7 })).toMatchObject(done);
  await setRules(fresh, rules);
  await deliver(fresh, sent, 1);
  expect(await seenIn(tenant)).toEqual(await seenIn(fresh));
  // What has no event left leads to where they went.
  const titles = (await tenant.issues("?query=")).map(({ title }) => title);
  expect(titles.toSorted()).toEqual(["Cart: it broke", "Cart: it broke", "DbGone: it broke"]);

  expect(await ended(tenant, "undo")).toMatchObject({ ...done, kind: "regroup_undo" });
  expect([
    await seenIn(tenant),
    await hashesIn(tenant),
    await leadsIn(tenant),
    await titlesOf(),
  ]).toEqual(before);
  const numbersAfter = await numbersIn(stack, tenant);
  for (const [id, row] of Object.entries(numbersBefore)) expect(numbersAfter[id]).toEqual(row);
  const again = await tenant.call("POST", `${project(tenant)}grouping/undo/`);
  expect(again.status).toBe(404);
});

test("what cannot be done is refused, and nothing changes", async () => {
  const onG1 = await makeTenant(stack);
  const tenant = await onG2();
  for (const [asked, door, body, status] of [
    [onG1, "apply", { days: 7 }, 400],
    [tenant, "apply", { days: 0 }, 422],
    [tenant, "apply", { days: 91 }, 422],
    [tenant, "undo", undefined, 404],
  ] as const) {
    const at = `${project(asked)}grouping/${door}/`;
    const answer = await changingNothing(stack.sql, at, () => asked.call("POST", at, body));
    expect(answer.status).toBe(status);
  }
});

test("what people merged stays merged, and a rule that is gone puts its events back", async () => {
  const sent = some();
  const tenant = await onG2();
  await deliver(tenant, sent);
  const partition = async () => (await seenIn(tenant)).map(({ ids }) => ids);
  const before = await partition();
  await setRules(tenant, rules);
  await ended(tenant, "apply", { days: 7 });
  expect(await partition()).not.toEqual(before);
  await setRules(tenant, { fingerprintingRules: "" });
  await ended(tenant, "apply", { days: 7 });
  expect(await partition()).toEqual(before);

  const idOf = async (type: string) =>
    (await tenant.issues("?query=")).find(({ title }) => title.startsWith(type))?.id ?? "";
  const ids = [await idOf("DbDown"), await idOf("Cart")];
  const path = `/api/0/organizations/${tenant.slug}/issues/?${ids.map((id) => `id=${id}`).join("&")}`;
  expect((await tenant.call("PUT", path, { merge: 1 })).status).toBe(200);
  await finishJobs(stack);
  const merged = await partition();
  expect(merged).toHaveLength(before.length - 1);
  await ended(tenant, "apply", { days: 7 });
  expect(await partition()).toEqual(merged);
});

const failure = fc.record({
  type: fc.constantFrom("DbDown", "DbGone", "Cart"),
  plan: fc.constantFrom("pro", "free"),
  user: fc.constantFrom("1", "2", "3"),
  hoursAgo: fc.integer({ min: 0, max: 30 }),
  frames: fc.constantFrom([], ["main", "f"], ["main", "lib", "f"], ["main", "lib", "g"]),
});
const written = fc.record({
  fingerprintingRules: fc.constantFrom(
    "",
    "type:Db* -> db",
    "tags.plan:pro -> {{ default }}, {{ tags.plan }}",
    "type:Cart -> cart\ntags.plan:free -> free, {{ type }}",
  ),
  groupingEnhancements: fc.constantFrom(
    "",
    "function:f -app",
    "function:lib +app",
    "function:g -group",
    "app:yes -app",
  ),
});

test("random events by random rules are as in a project that had the rules of the end from the beginning", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(failure, { minLength: 4, maxLength: 10 }),
      written,
      written,
      async (failures, first, last) => {
        const sent = failures.map((each) => ({ ...each, id: randomId() }));
        const [tenant, fresh] = [await onG2(), await onG2()];
        await setRules(tenant, first);
        await setRules(fresh, last);
        await deliver(tenant, sent, 1);
        await deliver(fresh, sent, 1);
        const before = await seenIn(tenant);
        await setRules(tenant, last);
        expect(await ended(tenant, "apply", { days: 7 })).toMatchObject(done);
        expect(await seenIn(tenant)).toEqual(await seenIn(fresh));
        await ended(tenant, "undo");
        expect(await seenIn(tenant)).toEqual(before);
      },
    ),
    { numRuns: 4, endOnFailure: true },
  );
}, 240_000);
