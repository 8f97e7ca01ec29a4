import { expect, test } from "vitest";
import { read } from "../sources";
import { useDatabase } from "../use-database";

type Recording = { setup: string[]; statements: { query: string; params: unknown[] }[] };

const { client } = useDatabase("before");

// Between `npm run migrate` and `npm run deploy` the release before works on the new schema.
test("the statements of the release before accept and digest on the schema of this one", async () => {
  const { setup, statements }: Recording = JSON.parse(
    read("test/fixtures/digest-sql/previous-release.json"),
  );
  for (const statement of setup) await client.query(statement);
  const answers = [];
  for (const { query, params } of statements) answers.push(await client.query(query, params));
  const [key] = answers;
  expect(key?.rows).toHaveLength(1);
  const stored = await client.query(
    `select d.title, i.event_count::int as count, i.user_count as people,
            (select count(*)::int from events e where e.issue_id = i.id) as events,
            (select count from issue_tags t where t.issue_id = i.id and t.key = 'plan') as tagged,
            (select sum(count)::int from issue_hours h where h.issue_id = i.id) as hourly
       from issues i join issue_details d on d.issue_id = i.id order by d.title`,
  );
  expect(stored.rows).toEqual([
    { title: "Error: it broke", count: 2, people: 2, events: 2, tagged: 2, hourly: 2 },
    { title: "TypeError: it broke", count: 1, people: 1, events: 1, tagged: 1, hourly: 1 },
  ]);
  const counted = await client.query(
    "select outcome, sum(quantity)::int as n from outcome_hours group by 1 order by 1",
  );
  expect(counted.rows).toEqual([
    { outcome: "accepted", n: 3 },
    { outcome: "filtered", n: 2 },
    { outcome: "rate_limited", n: 3 },
  ]);
  const seen = await client.query(
    "select (select count(*)::int from releases) as releases, (select count(*)::int from environments) as environments",
  );
  expect(seen.rows).toEqual([{ releases: 1, environments: 1 }]);
});
