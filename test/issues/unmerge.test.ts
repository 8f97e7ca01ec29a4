import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { deliverTo, messageOf } from "../deliver";
import { makeTenant, newToken, type Tenant, untilHandled, useStack } from "../harness";
import { changingNothing } from "../state";
import { errorOf, momentOf, numbersIn, recount, type Sent, shown } from "./recount";

const stack = useStack();
let tenant: Tenant;

beforeEach(async () => {
  tenant = await makeTenant(stack);
});

const deliver = (sent: Sent[]) =>
  deliverTo(
    stack,
    sent.map((each) => messageOf(tenant, errorOf(each), { receivedAt: momentOf(each) })),
  );
const numbers = () => numbersIn(stack, tenant);
const org = () => `/api/0/organizations/${tenant.slug}/`;
const idOf = async (type: string) =>
  (await tenant.issues("?sort=first_seen")).find(({ title }) => title.startsWith(type))?.id ?? "";
const merge = (ids: string[]) =>
  tenant.call("PUT", `${org()}issues/?${ids.map((id) => `id=${id}`).join("&")}`, { merge: 1 });

type Hash = { id: string; count: number; latestEvent: { title: string } | null };
const hashesOf = (id: string) => tenant.get<Hash[]>(`/api/0/issues/${id}/hashes/`);
const hashOf = async (id: string, type: string) =>
  (await hashesOf(id)).find(({ latestEvent }) => latestEvent?.title.startsWith(type))?.id ?? "";
const unmerge = (id: string, hashes: string[], more = "", method = "PUT") =>
  tenant.call(
    method,
    `/api/0/issues/${id}/hashes/?${hashes.map((hash) => `id=${hash}`).join("&")}${more}`,
  );
/** The issue that events of a type are in, when they were taken out of one. */
async function takenOut(id: string, type: string, isNew = false): Promise<string> {
  const answer = await unmerge(id, [await hashOf(id, type)], isNew ? "&into=new" : "");
  const job = (await answer.json()) as { state: string; issue: string };
  expect([answer.status, job.state]).toEqual([202, "done"]);
  return job.issue;
}

const some: Sent[] = [
  { type: "Old", hoursAgo: 30, user: "1", plan: "pro" },
  { type: "Old", hoursAgo: 3, user: "2", plan: "free" },
  { type: "Young", hoursAgo: 20, user: "2", plan: "free" },
  { type: "Young", hoursAgo: 2, user: "3", plan: "team" },
];

describe("what is taken out of a merged issue", () => {
  let [old, young] = ["", ""];
  beforeEach(async () => {
    await deliver(some);
    [old, young] = [await idOf("Old"), await idOf("Young")];
    await merge([old, young]);
  });

  test("is again in the issue that it was in, with all that is counted of it", async () => {
    const later: Sent[] = [
      { type: "Young", hoursAgo: 1, user: "4", plan: "free" },
      { type: "Old", hoursAgo: 0, user: "2", plan: "free" },
    ];
    await deliver(later);
    expect(await takenOut(old, "Young")).toBe(young);
    const all = [...some, ...later];
    expect(await numbers()).toEqual({
      [old]: recount(all.filter(({ type }) => type === "Old")),
      [young]: recount(all.filter(({ type }) => type === "Young")),
    });
    expect(await tenant.get(`${org()}issues/SHOP-2/`)).toMatchObject({
      id: young,
      title: "Young: it broke",
      count: "3",
      lastSeen: shown(1),
    });
    expect(await tenant.get(`/api/0/issues/${old}/`)).toMatchObject({ title: "Old: it broke" });
    expect(await tenant.get(`${org()}issues/?query=Young`)).toContainEqual(
      expect.objectContaining({ id: young }),
    );
    const { activity } = await tenant.get<{ activity: object[] }>(
      `${org()}issues/${old}/activities/`,
    );
    expect(activity).toMatchObject([
      { type: "unmerge_source", data: { destination: young } },
      { type: "merge" },
      { type: "first_seen" },
    ]);
  });

  test("gets what comes next, and stays apart", async () => {
    await takenOut(old, "Young");
    await deliver([{ type: "Young" }, { type: "Old" }, { type: "Young" }]);
    const counts = async () => (await tenant.issues()).map(({ id, count }) => [id, count]);
    expect(Object.fromEntries(await counts())).toEqual({ [old]: "3", [young]: "4" });
  });

  test("is a new issue where that is asked for, or where it never was another one", async () => {
    const made = await takenOut(old, "Young", true);
    expect([old, young]).not.toContain(made);
    expect(await tenant.get(`${org()}issues/${made}/`)).toMatchObject({
      shortId: "SHOP-3",
      title: "Young: it broke",
      level: "error",
      status: "unresolved",
      count: "2",
      userCount: 2,
      firstSeen: shown(20),
      lastSeen: shown(2),
    });
    // What is left of the one that was merged still leads to the winner.
    expect(await tenant.get(`${org()}issues/SHOP-2/`)).toMatchObject({ id: old });
    expect(await hashesOf(made)).toMatchObject([{ count: 2, formerIssue: null }]);
  });

  test("is known by its payload where an older release wrote the row", async () => {
    await stack.sql.query("update events set hash = null where project_id = $1", [
      tenant.projectId,
    ]);
    const hash = (await hashesOf(old)).map(({ id }) => id);
    const { rows } = await stack.sql.query(
      "select hash from issue_hashes where project_id = $1 and former_issue_id = $2",
      [tenant.projectId, young],
    );
    const theirs = rows.map((row) => row.hash as string).filter((id) => hash.includes(id));
    const answer = await unmerge(old, theirs, "", "DELETE");
    expect([answer.status, await answer.json()]).toMatchObject([
      202,
      { kind: "unmerge", state: "done", issue: young, issueIds: [old, young] },
    ]);
    expect(await numbers()).toEqual({
      [old]: recount(some.slice(0, 2)),
      [young]: recount(some.slice(2)),
    });
  });

  test("leaves something behind, is of the issue, and is nobody else's to take: else nothing changes", async () => {
    await untilHandled(stack, tenant);
    const other = await makeTenant(stack);
    const reader = newToken();
    await tenant.addToken(reader, ["event:read"]);
    const all = (await hashesOf(old)).map(({ id }) => id);
    const path = `/api/0/issues/${old}/hashes/`;
    const one = `${path}?id=${all[0]}`;
    const refusals: [path: string, status: number, bearer?: string][] = [
      [path, 400],
      [`${path}?id=${"0".repeat(32)}`, 400],
      [`${path}?id=x`, 422],
      [`${path}?${all.map((id) => `id=${id}`).join("&")}`, 400],
      [`${one}&into=nothing`, 422],
      [one, 403, reader],
      [one, 404, other.token],
      [`/api/0/issues/1/hashes/?id=${all[0]}`, 404],
    ];
    await changingNothing(stack.sql, "taking apart", async () => {
      for (const [address, status, bearer] of refusals) {
        const answer = await tenant.call("PUT", address, undefined, bearer);
        expect([address, answer.status]).toEqual([address, status]);
      }
    });
  });
});

test("whatever is merged and taken apart while events arrive, the numbers are those of a recount", async () => {
  const types = ["A", "B", "C", "D"].map((letter) => `${letter}Error`);
  const sent = fc.record({
    type: fc.constantFrom(...types),
    user: fc.constantFrom("1", "2", "3", "4", "5"),
    plan: fc.constantFrom("free", "pro", "team"),
    hoursAgo: fc.integer({ min: 0, max: 200 }),
  });
  const step = fc.oneof(
    fc.record({ send: fc.array(sent, { minLength: 1, maxLength: 6 }) }),
    fc.record({ merge: fc.tuple(fc.nat(20), fc.nat(20)) }),
    fc.record({ unmerge: fc.nat(20), isNew: fc.boolean() }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 14 }), async (steps) => {
      tenant = await makeTenant(stack);
      const all: Sent[] = [];
      /** What each type leads to. */
      const leads = new Map<string, string>();
      for (const each of steps) {
        if ("send" in each) {
          await deliver(each.send);
          all.push(...each.send);
          for (const { type } of each.send) {
            if (!leads.has(type)) leads.set(type, await idOfLatest(type));
          }
          continue;
        }
        if ("unmerge" in each) {
          const merged = [...leads].filter(
            ([, id]) => [...leads.values()].filter((other) => other === id).length > 1,
          );
          const [type, id] = merged[each.unmerge % merged.length] ?? [];
          if (type && id) leads.set(type, await takenOut(id, type, each.isNew));
          continue;
        }
        const ids = [...new Set(leads.values())];
        const [a = "", b = ""] = each.merge.map((n) => ids[n % ids.length] ?? "");
        if (ids.length < 2 || a === b) continue;
        const { merge: merged } = (await (await merge([a, b])).json()) as {
          merge: { parent: string; children: string[] };
        };
        for (const [type, id] of leads) {
          if (merged.children.includes(id)) leads.set(type, merged.parent);
        }
      }
      const ofIssue = (id: string) => recount(all.filter(({ type }) => leads.get(type) === id));
      const ids = [...new Set(leads.values())];
      expect(await numbers()).toEqual(Object.fromEntries(ids.map((id) => [id, ofIssue(id)])));
    }),
    { numRuns: 6 },
  );
});

/** The issue that the hash of a type leads to. */
async function idOfLatest(type: string): Promise<string> {
  const { rows } = await stack.sql.query(
    `select i.id from issues i join issue_details d on d.issue_id = i.id
      where i.project_id = $1 and d.title like $2 order by i.id desc limit 1`,
    [tenant.projectId, `${type}%`],
  );
  return rows[0]?.id ?? "";
}

describe("a merge that is taken back", () => {
  const undo = async (undoId: string) => {
    const answer = await tenant.call("POST", `${org()}issues/undo/`, { undoId });
    return [answer.status, await answer.json()] as const;
  };
  const merged = async (ids: string[]) => {
    const answer = await merge(ids);
    return ((await answer.json()) as { undoId: string }).undoId;
  };
  const three: Sent[] = [
    ...some,
    { type: "Third", hoursAgo: 10, user: "3", plan: "pro" },
    { type: "Third", hoursAgo: 5, user: "1", plan: "team" },
  ];
  const of = (sent: Sent[], kind: string) => recount(sent.filter(({ type }) => type === kind));

  test("leaves the issues as they were, each with what came of its own since", async () => {
    await deliver(three);
    const [old, young, third] = [await idOf("Old"), await idOf("Young"), await idOf("Third")];
    await tenant.call("PUT", `/api/0/issues/${young}/`, { status: "ignored", assignedTo: "me" });
    const undoId = await merged([old, young, third]);
    const later: Sent[] = [
      { type: "Young", hoursAgo: 1, user: "4", plan: "free" },
      { type: "Third", hoursAgo: 0, user: "2", plan: "free" },
    ];
    await deliver(later);
    const [status, undone] = await undo(undoId);
    expect([status, undone]).toMatchObject([
      200,
      { restored: 2, skipped: 0, job: { kind: "unmerge", state: "done" } },
    ]);
    const all = [...three, ...later];
    expect(await numbers()).toEqual({
      [old]: of(all, "Old"),
      [young]: of(all, "Young"),
      [third]: of(all, "Third"),
    });
    expect(await tenant.get(`${org()}issues/SHOP-2/`)).toMatchObject({
      id: young,
      title: "Young: it broke",
      status: "ignored",
      assignedTo: { name: "Ada" },
    });
    const { activity } = await tenant.get<{ activity: object[] }>(
      `${org()}issues/${third}/activities/`,
    );
    expect(activity[0]).toMatchObject({ type: "unmerge_destination", data: { source: old } });
    await deliver([{ type: "Third" }]);
    expect(await tenant.get(`/api/0/issues/${third}/`)).toMatchObject({ count: "4" });
    expect(await undo(undoId)).toEqual([404, { detail: "Not Found" }]);
  });

  test("keeps together what had been merged before", async () => {
    await deliver(three);
    const [old, young, third] = [await idOf("Old"), await idOf("Young"), await idOf("Third")];
    const first = await merged([young, third]);
    const second = await merged([old, young]);
    expect((await undo(first))[0]).toBe(409);
    expect(await undo(second)).toMatchObject([200, { restored: 1, skipped: 0 }]);
    const both = three.filter(({ type }) => type !== "Old");
    expect(await numbers()).toEqual({ [old]: of(three, "Old"), [young]: recount(both) });
    expect(await tenant.get(`${org()}issues/SHOP-3/`)).toMatchObject({ id: young });
    expect(await undo(first)).toMatchObject([200, { restored: 1, skipped: 0 }]);
    expect(await numbers()).toEqual({
      [old]: of(three, "Old"),
      [young]: of(three, "Young"),
      [third]: of(three, "Third"),
    });
  });

  test("is nobody else's, not too old and not taken apart: else nothing changes", async () => {
    await deliver(some);
    const [old, young] = [await idOf("Old"), await idOf("Young")];
    const undoId = await merged([old, young]);
    await untilHandled(stack, tenant);
    const other = await makeTenant(stack);
    const path = `/api/0/organizations/${other.slug}/issues/undo/`;
    const theirs = () => other.call("POST", path, { undoId });
    expect((await changingNothing(stack.sql, "of others", theirs)).status).toBe(404);
    const age = (hours: number) =>
      stack.sql.query(
        "update issue_jobs set created_at = now() - make_interval(hours => $2) where id = $1",
        [undoId, hours],
      );
    await age(25);
    expect((await changingNothing(stack.sql, "too old", () => undo(undoId)))[0]).toBe(404);
    await age(1);
    await takenOut(old, "Young");
    const left = await tenant.get<{ id: string }[]>(`/api/0/issues/${old}/hashes/`);
    const { rows } = await stack.sql.query(
      "select count(*)::int as n from issue_hashes where issue_id = $1 and former_issue_id is not null",
      [old],
    );
    expect([left.length > 0, rows[0].n > 0]).toEqual([true, true]);
    expect((await undo(undoId))[0]).toBe(200);
    expect((await changingNothing(stack.sql, "apart", () => undo(undoId)))[0]).toBe(404);
  });
});
