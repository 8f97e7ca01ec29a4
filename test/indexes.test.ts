import { expect, test } from "vitest";
import { selectTokens } from "../src/access/token-queries";
import { selectUsers } from "../src/accounts/user-queries";
import { selectAlerts } from "../src/alerts/queries";
import { selectAudit } from "../src/audit/queries";
import { selectEvents } from "../src/issues/event-queries";
import { selectIssueIds, selectIssues } from "../src/issues/queries";
import type { IssueFilter } from "../src/issues/search/condition";
import { plainCells } from "../src/issues/state-cells";
import { selectMembers } from "../src/orgs/member-queries";
import { selectTeams } from "../src/orgs/team-queries";
import { openDatabase } from "../src/platform/database";
import { selectProjects } from "../src/projects/queries";
import { code, read } from "./sources";
import { textOf } from "./statement-samples";
import { useDatabase } from "./use-database";

const { client } = useDatabase("indexes");

const queryFiles = code.filter((path) => path.endsWith("queries.ts"));

/** Each exported statement of a file with the comment before it. */
function statementsOf(path: string) {
  const pattern =
    /(\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?export (?:const|function) (\w+)((?:(?!\n(?:export|\/\*\*))[\s\S])*)/g;
  return [...read(path).matchAll(pattern)].map(([, comment = "", exported = "", body = ""]) => ({
    place: `${path}: ${exported}`,
    comment: comment.replace(/\s*\n \*\/?\s*/g, " "),
    body,
  }));
}

test("an index that a comment names as serving its query exists", async () => {
  const { rows } = await client.query(
    "select relname, relkind from pg_class where relnamespace = 'public'::regnamespace",
  );
  const kinds = new Map(rows.map(({ relname, relkind }) => [relname, relkind]));
  const served = queryFiles
    .flatMap(statementsOf)
    .flatMap(({ place, comment }) =>
      [...comment.matchAll(/Served by ([^.:]*)/g)].map(([, text = ""]) => ({ place, text })),
    );
  expect(served.length).toBeGreaterThan(40);
  const wrong = served.flatMap(({ place, text }) => {
    const named = text.match(/\b[a-z]+(?:_[a-z]+)+\b/g) ?? [];
    const unknown = named.filter(
      (word) =>
        !/^[iI]$/.test(kinds.get(word) ?? "") &&
        !(/primary keys?/.test(text) && /^[rp]$/.test(kinds.get(word) ?? "")),
    );
    return named.length > 0 || /primary key/.test(text)
      ? unknown.map((word) => `${place}: there is no index ${word}`)
      : [`${place}: which index is "${text}"?`];
  });
  expect(wrong).toEqual([]);
});

test("every list says which index serves it", () => {
  const silent = queryFiles
    .flatMap(statementsOf)
    .filter(({ body }) => /\border by\b[\s\S]*\blimit\b|\.orderBy\(/.test(body))
    .filter(({ comment }) => !comment.includes("Served by"))
    .map(({ place }) => place);
  expect(silent).toEqual([]);
});

// Asked not to sort if it can be helped: a sort that is left then has no index, however many rows there are.
test("every page of a list is read in the order of an index", async () => {
  const db = openDatabase("postgresql://nobody:nothing@localhost/none", 1000);
  const range = { limit: 50, cursor: undefined };
  const noFilter: IssueFilter = { conditions: [], isBroad: true };
  const everything = { events: [], actorId: undefined, from: undefined, to: undefined };
  const issuesBy = (by: "last_seen" | "first_seen" | "count" | "users" | "priority") =>
    selectIssues(db, 1, noFilter, { by, descending: true }, range, new Date(), 100);
  const lists: [index: string, statement: object][] = [
    ["issues_org_last_seen", issuesBy("last_seen")],
    ["issues_org_first_seen", issuesBy("first_seen")],
    ["issues_org_event_count", issuesBy("count")],
    ["issues_org_user_count", issuesBy("users")],
    ["issues_org_priority", issuesBy("priority")],
    ["issues_org_id", selectIssueIds(db, 1, noFilter, plainCells("resolved"), 0, 100)],
    ["_issue_id_received_at_idx", selectEvents(db, { issueId: 1 }, 1, range)],
    ["_project_id_received_at_idx", selectEvents(db, { projectId: 1 }, 1, range)],
    ["organization_members_org_id", selectMembers(db, 1, range)],
    ["teams_org_id", selectTeams(db, 1, null, range)],
    ["projects_org_name", selectProjects(db, [1], null, range)],
    ["api_tokens_user", selectTokens(db, { userId: 1 }, range)],
    ["api_tokens_org", selectTokens(db, { orgId: 1 }, range)],
    ["alert_rules_project", selectAlerts(db, 1, range)],
    ["users_pkey", selectUsers(db, "", range)],
    ["audit_log_org", selectAudit(db, 1, everything, range)],
  ];
  await client.query(
    "set enable_sort = off; set enable_seqscan = off; set enable_bitmapscan = off",
  );
  const wrong = [];
  for (const [index, statement] of lists) {
    const { sql, params } = textOf(statement);
    const { rows } = await client.query(`explain ${sql}`, params);
    const plan: string[] = rows.map((row) => row["QUERY PLAN"]);
    if (!plan.some((line) => line.includes(index))) wrong.push(`${index} is not used`, ...plan);
  }
  expect(wrong).toEqual([]);
});
