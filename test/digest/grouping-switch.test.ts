import { describe, expect, test } from "vitest";
import { makeMember, makeTenant, type Tenant, useStack } from "../harness";
import { changingNothing } from "../state";
import { consumerOf, newHashes, preparedEvent } from "./prepared-events";

const stack = useStack();

const onG1 = () => makeTenant(stack);

const switchTo = (tenant: Tenant, groupingConfig: string, token = tenant.token) =>
  tenant.call("PUT", `/api/0/projects/${tenant.slug}/shop/`, { groupingConfig }, token);

async function switched(tenant: Tenant) {
  expect((await switchTo(tenant, "g2")).status).toBe(200);
}

/** Number of the issue of each event, in the order of the issues: which events are one is all that counts. */
async function issuesOf(tenant: Tenant, eventIds: string[]): Promise<number[]> {
  const { rows } = await stack.sql.query(
    `select replace(e.event_id::text, '-', '') as id, i.short_number as n
       from events e join issues i on i.id = e.issue_id where e.project_id = $1`,
    [tenant.projectId],
  );
  const numbers = new Map(rows.map(({ id, n }) => [id, n]));
  return eventIds.map((id) => numbers.get(id));
}

async function hashesOf(tenant: Tenant): Promise<string[]> {
  const { rows } = await stack.sql.query(
    `select i.short_number || ' ' || ltrim(right(h.hash, 24), '0') as led from issue_hashes h
       join issues i on i.id = h.issue_id where h.project_id = $1 order by 1`,
    [tenant.projectId],
  );
  return rows.map(({ led }) => led);
}

/** Sends events of these hashes, `A/X` for A by g1 and X by g2, and tells the numbers of their issues. */
function sender(tenant: Tenant) {
  const consume = consumerOf(stack);
  const hash = newHashes();
  return async (...words: string[]): Promise<number[]> => {
    const events = words.map((word) => {
      const [g1 = "", g2 = ""] = word.split("/");
      const named = (names: string) => names.split("+").map(hash);
      return preparedEvent(tenant, { ...(g1 && { g1: named(g1) }), g2: named(g2) });
    });
    await consume(events);
    return issuesOf(
      tenant,
      events.map(({ eventId }) => eventId),
    );
  };
}

describe("which issue an event is of", () => {
  test("while a project is on g1, g1 decides alone, and g2 leads to the issue for later", async () => {
    const tenant = await onG1();
    const send = sender(tenant);
    expect(await send("A/X", "B/X", "A/Y")).toEqual([1, 2, 1]);
    expect(await send("C/X")).toEqual([3]);
    expect(await hashesOf(tenant)).toEqual(["1 A", "1 X", "1 Y", "2 B", "3 C"]);
  });

  test("a project that changes to g2 in the middle keeps issues, counts and short ids", async () => {
    const tenant = await onG1();
    const send = sender(tenant);
    await send("A/X", "B/Z");
    await send("A/X");
    await switched(tenant);
    expect(await send("A/X", "B/Z", "A/X")).toEqual([1, 2, 1]);
    const issues = await tenant.issues();
    expect(Object.fromEntries(issues.map(({ shortId, count }) => [shortId, count]))).toEqual({
      "SHOP-1": "4",
      "SHOP-2": "2",
    });
  });

  test("an issue that g2 would split goes on as one", async () => {
    const tenant = await onG1();
    const send = sender(tenant);
    await send("A/X");
    await switched(tenant);
    expect(await send("A/Y")).toEqual([1]);
    expect(await send("A/X", "A/Y", "A/Z")).toEqual([1, 1, 1]);
  });

  test("two issues that g2 would make one stay two", async () => {
    const tenant = await onG1();
    const send = sender(tenant);
    await send("A/X");
    await send("B/X");
    await switched(tenant);
    expect(await send("A/X", "B/X")).toEqual([1, 2]);
    expect(await send("B/X", "A/X")).toEqual([2, 1]);
    // What no hash of g1 knows goes where g2 leads: to the older one.
    expect(await send("C/X")).toEqual([1]);
  });

  test("the next deploy of a known bug stays in its issue, though g1 would make another", async () => {
    const tenant = await onG1();
    const send = sender(tenant);
    await send("A/X");
    await switched(tenant);
    expect(await send("A2/X")).toEqual([1]);
    expect(await send("A3/X", "A4/X")).toEqual([1, 1]);
    expect(await hashesOf(tenant)).toEqual(["1 A", "1 X"]);
  });

  test("a new bug makes one issue, which only g2 leads to", async () => {
    const tenant = await onG1();
    const send = sender(tenant);
    await send("A/X");
    await switched(tenant);
    expect(await send("N/P", "N2/P")).toEqual([2, 2]);
    expect(await send("N/Q")).toEqual([3]);
    expect(await hashesOf(tenant)).toEqual(["1 A", "1 X", "2 P", "3 Q"]);
  });

  test("what came before g2's hashes were kept goes on, and leads them to its issue from then on", async () => {
    const tenant = await onG1();
    const send = sender(tenant);
    await send("A/X");
    await stack.sql.query("delete from issue_hashes where project_id = $1 and hash like '%X'", [
      tenant.projectId,
    ]);
    await switched(tenant);
    // One of the batch is known to g1, the other one is not: it is where the next batch would find it.
    expect(await send("B/X", "A/X")).toEqual([1, 1]);
    expect(await send("C/X")).toEqual([1]);
    expect(await hashesOf(tenant)).toEqual(["1 A", "1 X"]);
  });

  test("in one batch, too, two known issues stay two, whatever stands between them", async () => {
    const tenant = await onG1();
    const send = sender(tenant);
    await send("A/V", "B/W");
    await switched(tenant);
    expect(await send("A/X", "N/X+Y", "M/Y", "B/Y")).toEqual([1, 1, 1, 2]);
  });

  test("a secondary hash of g1 leads on", async () => {
    const tenant = await onG1();
    const send = sender(tenant);
    await send("A+S/X");
    await switched(tenant);
    expect(await send("B+S/Y")).toEqual([1]);
  });

  test("a project that was never on g1 has no hash of it", async () => {
    const tenant = await makeTenant(stack, { groupingVersion: "g2" });
    const send = sender(tenant);
    expect(await send("/X", "/Y", "/X+Y")).toEqual([1, 1, 1]);
    expect(await send("/Y")).toEqual([1]);
    expect(await hashesOf(tenant)).toEqual(["1 X", "1 Y"]);
  });

  test("consumers at work while the project changes lose nothing and make each issue once", async () => {
    const tenant = await onG1();
    const send = sender(tenant);
    await send("A/X", "B/X");
    const batches = Array.from({ length: 12 }, (_, n) =>
      send("A/X", "B/X", `N${n % 3}/P`, `C${n}/X`, "D/Q"),
    );
    const [all] = await Promise.all([Promise.all(batches), switched(tenant)]);
    const after = await send("A/X", "B/X", "N0/P", "D/Q");
    expect(after.slice(0, 2)).toEqual([1, 2]);
    expect(all.map(([a, b]) => [a, b])).toEqual(batches.map(() => [1, 2]));
    // Each name of g1 alone made at most one issue before, and none after.
    expect(new Set(all.map(([, , , , d]) => d))).toEqual(new Set([after[3]]));
    const issues = await tenant.issues("?limit=100");
    expect(issues.reduce((sum, { count }) => sum + Number(count), 0)).toBe(2 + 12 * 5 + 4);
    expect(new Set(issues.map(({ shortId }) => shortId)).size).toBe(issues.length);
  });
});

describe("the change of a project", () => {
  test("it is an admin's, and stands in the log with what new events do", async () => {
    const tenant = await onG1();
    const member = await makeMember(stack, tenant, "member");
    expect((await switchTo(tenant, "g2", member.token)).status).toBe(404);
    const before = await tenant.get<object>(`/api/0/projects/${tenant.slug}/shop/`);
    expect(before).toMatchObject({ groupingConfig: "g1", groupingSwitchedAt: null });
    await switched(tenant);
    expect(await tenant.get(`/api/0/projects/${tenant.slug}/shop/`)).toMatchObject({
      groupingConfig: "g2",
      groupingSwitchedAt: expect.stringMatching(/^\d{4}-/),
    });
    const { rows } = await stack.sql.query(
      "select event, data from audit_log where org_id = $1 and event = 'project.edit'",
      [tenant.orgId],
    );
    expect(rows).toMatchObject([
      {
        data: {
          before: { groupingVersion: "g1", groupingSwitchedAt: null },
          after: { groupingVersion: "g2" },
          newEvents: expect.stringContaining("g2 decides"),
        },
      },
    ]);
  });

  test("there is no way back, and nothing changes by trying", async () => {
    const tenant = await onG1();
    expect((await switchTo(tenant, "g1")).status).toBe(200);
    await switched(tenant);
    const answer = await changingNothing(stack.sql, "back to g1", () => switchTo(tenant, "g1"));
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ detail: expect.stringContaining("cannot go back") });
    expect((await switchTo(tenant, "g3")).status).toBe(422);
  });

  test("it waits for the batch that is being written", async () => {
    const tenant = await onG1();
    const client = await stack.sql.connect();
    try {
      await client.query("begin");
      await client.query("select pg_advisory_xact_lock($1)", [tenant.projectId]);
      const change = switchTo(tenant, "g2");
      await expect
        .poll(async () => {
          const { rows } = await stack.sql.query(
            "select count(*)::int as n from pg_locks where locktype = 'advisory' and not granted and objid = $1",
            [tenant.projectId],
          );
          return rows[0].n;
        })
        .toBe(1);
      expect(await tenant.get(`/api/0/projects/${tenant.slug}/shop/`)).toMatchObject({
        groupingConfig: "g1",
      });
      await client.query("commit");
      expect((await change).status).toBe(200);
    } finally {
      client.release();
    }
  });

  test("a new project begins on g2, and its messages say that g1 is of no use", async () => {
    const tenant = await makeTenant(stack);
    await tenant.call("POST", `/api/0/organizations/${tenant.slug}/teams/`, { slug: "core" });
    const made = await tenant.call("POST", `/api/0/teams/${tenant.slug}/core/projects/`, {
      name: "Fresh",
    });
    const { slug } = (await made.json()) as { slug: string };
    expect(await tenant.get(`/api/0/projects/${tenant.slug}/${slug}/`)).toMatchObject({
      groupingConfig: "g2",
      groupingSwitchedAt: null,
    });
  });
});
