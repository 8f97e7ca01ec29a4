import { expect, test } from "vitest";
import { makeTenant, useStack } from "../harness";

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

test("projects come with their errors by the hour or by the day where that is asked for", async () => {
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
  const hours = Object.fromEntries(
    (await list("statsPeriod=24h")).map((each) => [each.slug, each.stats]),
  );
  const now = Math.floor(Date.now() / 3_600_000) * 3600;
  expect(hours.shop?.map(([, n]) => n)).toEqual([7, ...Array(22).fill(0), 5]);
  expect(hours.shop?.at(-1)?.[0]).toBe(now);
  expect(hours.shop?.at(0)?.[0]).toBe(now - 23 * 3600);
  expect(hours.quiet?.map(([, n]) => n)).toEqual(Array(24).fill(0));

  const days = (await list("statsPeriod=14d&query=shop"))[0]?.stats;
  expect([days?.length, days?.reduce((sum, [, n]) => sum + n, 0)]).toEqual([14, 23]);
  expect((days?.at(-1)?.[0] ?? 1) % 86_400).toBe(0);
  expect((await list(""))[0]).not.toHaveProperty("stats");
  expect((await list("statsPeriod="))[0]).not.toHaveProperty("stats");

  const other = `/api/0/organizations/${tenant.slug}/projects/?statsPeriod=1y`;
  expect((await tenant.call("GET", other)).status).toBe(422);
  const [mine] = await tenant.get<Listed[]>("/api/0/projects/?statsPeriod=24h&query=shop");
  expect(mine?.stats?.at(-1)).toEqual([now, 5]);
});
