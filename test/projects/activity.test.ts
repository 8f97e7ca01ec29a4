import { expect, test } from "vitest";
import { eventually, makeTenant, useStack } from "../harness";

const stack = useStack();
type Listed = { slug: string; stats?: [number, number][] };

/** Stored errors of some hours ago. */
const count = (projectId: number, hoursAgo: number, quantity: number, rest = "error accepted") => {
  const [category, outcome] = rest.split(" ");
  return stack.sql.query(
    `insert into outcome_hours (hour, project_id, category, outcome, reason, quantity)
     values (date_trunc('hour', now()) - make_interval(hours => $2), $1, $4, $5, '', $3)`,
    [projectId, hoursAgo, quantity, category, outcome],
  );
};

const hourNow = () => Math.floor(Date.now() / 3_600_000) * 3600;

test("projects come with their errors by the hour or by the day where that is asked for", async () => {
  // What ran across the turn of an hour is done again.
  let began = 0;
  let seen: Awaited<ReturnType<typeof readAll>> | undefined;
  while (began !== hourNow()) {
    began = hourNow();
    seen = await readAll();
  }
  expect(seen?.hours).toEqual([7, ...Array(22).fill(0), 5]);
  expect([seen?.first, seen?.last]).toEqual([began - 23 * 3600, began]);
  expect(seen?.quiet).toEqual(Array(24).fill(0));
  expect([seen?.days.length, seen?.days.reduce((sum, [, n]) => sum + n, 0)]).toEqual([14, 23]);
  expect((seen?.days.at(-1)?.[0] ?? 1) % 86_400).toBe(0);
  expect(seen?.ofAll).toEqual([began, 5]);
});

async function readAll() {
  const [tenant, neighbour] = [await makeTenant(stack), await makeTenant(stack)];
  await stack.sql.query("insert into projects (org_id, name, slug) values ($1, 'Quiet', 'quiet')", [
    tenant.orgId,
  ]);
  const { projectId } = tenant;
  await count(projectId, 0, 5);
  await count(projectId, 23, 7);
  await count(projectId, 24, 11);
  await count(projectId, 0, 100, "error filtered");
  await count(projectId, 0, 100, "transaction accepted");
  await count(neighbour.projectId, 0, 100);

  const list = (query: string) =>
    tenant.get<Listed[]>(`/api/0/organizations/${tenant.slug}/projects/?${query}`);
  const found = await list("statsPeriod=24h");
  const of = (slug: string) => found.find((each) => each.slug === slug)?.stats ?? [];
  const [mine] = await tenant.get<Listed[]>("/api/0/projects/?statsPeriod=24h&query=shop");
  return {
    hours: of("shop").map(([, n]) => n),
    first: of("shop").at(0)?.[0],
    last: of("shop").at(-1)?.[0],
    quiet: of("quiet").map(([, n]) => n),
    days: (await list("statsPeriod=14d&query=shop"))[0]?.stats ?? [],
    ofAll: mine?.stats?.at(-1),
  };
}

test("the list says when the last error of each project came, of those that are asked for with a period", async () => {
  const [tenant, neighbour] = [await makeTenant(stack), await makeTenant(stack)];
  await stack.sql.query("insert into projects (org_id, name, slug) values ($1, 'Quiet', 'quiet')", [
    tenant.orgId,
  ]);
  for (const one of [tenant, neighbour]) {
    await one.send(JSON.stringify({ message: "an error" }), { door: "store" });
  }
  await eventually(async () => expect(await tenant.issues()).toHaveLength(1));
  const at = "2026-01-02T03:04:05.678Z";
  await stack.sql.query("update issues set last_seen_at = $2 where project_id = $1", [
    tenant.projectId,
    at,
  ]);
  const found = await tenant.get<{ slug: string; lastEvent: string | null }[]>(
    `/api/0/organizations/${tenant.slug}/projects/?statsPeriod=24h`,
  );
  expect(found.map(({ slug, lastEvent }) => [slug, lastEvent])).toEqual([
    ["quiet", null],
    ["shop", at],
  ]);
});

test("without a period there are none, and another period is refused", async () => {
  const tenant = await makeTenant(stack);
  const path = `/api/0/organizations/${tenant.slug}/projects/`;
  for (const query of ["", "?statsPeriod="]) {
    const [found] = await tenant.get<Listed[]>(path + query);
    expect(found).not.toHaveProperty("stats");
    expect(found).not.toHaveProperty("lastEvent");
  }
  expect((await tenant.call("GET", `${path}?statsPeriod=1y`)).status).toBe(422);
});
