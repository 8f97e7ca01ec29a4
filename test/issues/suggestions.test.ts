import { beforeAll, expect, test } from "vitest";
import { deliverTo, messageOf } from "../deliver";
import { eventEnvelope, makeTenant, type Tenant, useStack } from "../harness";

const stack = useStack();
let tenant: Tenant;

beforeAll(async () => {
  tenant = await makeTenant(stack);
  await deliverTo(
    stack,
    Array.from({ length: 30 }, (_, n) =>
      messageOf(
        tenant,
        eventEnvelope({
          exception: { values: [{ type: n < 20 ? "First" : "Second", value: "x" }] },
          environment: n < 20 ? "production" : "staging",
          tags: {
            plan: n % 3 ? "pro" : "free",
            build: `b${n % 7}`,
            constructor: "x",
            ...(n < 2 && { rare: "100%_y" }),
          },
        }),
      ),
    ),
  );
});

type Row = { key: string; value: string; count: number | null; [name: string]: unknown };
const org = ({ slug } = tenant) => `/api/0/organizations/${slug}/`;

test("values of a tag are paged, the most frequent first, both ways", async () => {
  const expected = (
    await stack.sql.query(
      `select t.value, t.count from issue_tags t join issues i on i.id = t.issue_id
        where i.project_id = $1 and i.short_number = 1 and t.key = 'build' order by t.count desc`,
      [tenant.projectId],
    )
  ).rows as { value: string; count: number }[];
  const pages: Row[][] = [];
  let next: string | undefined = "/api/0/issues/SHOP-1/tags/build/values/?limit=3";
  while (next && pages.length < 9) {
    const answer: Response = await tenant.call("GET", next);
    pages.push((await answer.json()) as Row[]);
    const [, url = "", results] =
      /<([^>]+)>; rel="next"; results="(\w+)"/.exec(answer.headers.get("link") ?? "") ?? [];
    next = results === "true" ? new URL(url).pathname + new URL(url).search : undefined;
  }
  const seen = pages.flat();
  expect(pages.map(({ length }) => length)).toEqual([3, 3, 1]);
  expect(seen.map(({ count }) => count)).toEqual(expected.map(({ count }) => count));
  expect(new Set(seen.map(({ value }) => value))).toEqual(
    new Set(expected.map(({ value }) => value)),
  );
  const issue = await tenant.get<Row>("/api/0/issues/SHOP-1/");
  expect(seen[0]).toMatchObject({
    key: "build",
    firstSeen: issue.firstSeen,
    lastSeen: issue.lastSeen,
  });
  expect(await tenant.get("/api/0/issues/SHOP-1/tags/nothing/values/")).toEqual([]);
  expect(await tenant.get(`${org()}issues/SHOP-1/tags/constructor/values/`)).toHaveLength(1);
});

test("what a search may ask for: fields with their values, then tags by how frequent they are", async () => {
  const keys = await tenant.get<(Row & { isTag: boolean; knownValues: string[] })[]>(
    `${org()}tags/`,
  );
  const of = (key: string) => keys.find((each) => each.key === key);
  expect(of("is")).toMatchObject({
    isTag: false,
    knownValues: [
      "unresolved",
      "resolved",
      "ignored",
      "new",
      "regressed",
      "escalating",
      "ongoing",
      "for_review",
      "assigned",
      "unassigned",
    ],
  });
  expect(of("plan")).toMatchObject({ isTag: true, totalValues: 30, uniqueValues: 2 });
  expect(of("rare")).toMatchObject({ totalValues: 2 });
  expect(of("constructor")).toMatchObject({ totalValues: 30 });
  const tags = keys.filter(({ isTag }) => isTag).map(({ totalValues }) => Number(totalValues));
  expect(tags).toEqual(tags.toSorted((a, b) => b - a));
  const staging = await tenant.get<Row[]>(`${org()}tags/?environment=staging`);
  expect(staging.find(({ key }) => key === "plan")).toMatchObject({ totalValues: 10 });
  // Whatever is suggested can be asked.
  for (const { key, knownValues } of keys) {
    for (const value of knownValues) {
      const answer = await tenant.call(
        "GET",
        `${org()}issues/?query=${encodeURIComponent(`${key}:${value}`)}`,
      );
      expect([key, value, answer.status]).toEqual([key, value, 200]);
    }
  }
});

test("values are suggested by their beginning, in any case, of fields too", async () => {
  const ask = async (key: string, query = "") =>
    (await tenant.get<Row[]>(`${org()}tags/${key}/values/?${query}`)).map(({ value, count }) => [
      value,
      count,
    ]);
  expect(await ask("plan")).toEqual([
    ["pro", 20],
    ["free", 10],
  ]);
  expect(await ask("plan", "query=PR")).toEqual([["pro", 20]]);
  expect(await ask("plan", `project=${tenant.projectId}&environment=production&query=f`)).toEqual([
    ["free", 7],
  ]);
  expect(await ask("rare", "query=100%25_")).toEqual([["100%_y", 2]]);
  expect(await ask("rare", "query=100%25%25")).toEqual([]);
  expect(await ask("is", "query=unr")).toEqual([["unresolved", null]]);
  expect(await ask("level", "query=w")).toEqual([["warning", null]]);
  expect(await ask("project")).toEqual([["shop", null]]);
  expect(await ask("has", "query=pl")).toEqual([["plan", null]]);
  expect(await ask("__proto__")).toEqual([]);
});

test("another organization's tags, projects and issues are not suggested", async () => {
  const other = await makeTenant(stack);
  expect(await other.get(`${org(other)}tags/plan/values/`)).toEqual([]);
  const answers = [
    await other.call("GET", `${org(other)}tags/?project=${tenant.projectId}`),
    await other.call("GET", `${org()}tags/`),
    await other.call("GET", `${org(other)}tags/?environment=`),
    await other.call("GET", `${org(other)}tags/plan/values/?query=${"x".repeat(201)}`),
    await tenant.call("GET", "/api/0/issues/SHOP-1/tags/plan/values/", undefined, other.token),
  ];
  expect(answers.map(({ status }) => status)).toEqual([400, 404, 400, 422, 404]);
});
