import { expect, test } from "vitest";
import { makeTenant, useStack } from "./harness";
import { code, read } from "./sources";

const stack = useStack();

test("ARCHITECTURE says of every table what bounds its rows", () => {
  const tables = code
    .filter((path) => path.startsWith("drizzle/schema/"))
    .flatMap((path) => [...read(path).matchAll(/pgTable\(\s*"(\w+)"/g)].map(([, table]) => table));
  const [, section = ""] = read("ARCHITECTURE.md").split("## What bounds each table");
  const rows = section.split(/\n## /)[0]?.match(/^\| `.*$/gm) ?? [];
  const named = rows.flatMap((row) =>
    [...(row.split("|")[1] ?? "").matchAll(/`(\w+)`/g)].map(([, name]) => name),
  );
  expect(named.toSorted()).toEqual(tables.toSorted());
});

const triggers = async () => {
  const { rows } = await stack.sql.query(
    `select c.relname as "table", t.tgname as name, encode(t.tgargs, 'escape') as args
       from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_proc p on p.oid = t.tgfoid
      where p.proname = 'assert_room' order by 2`,
  );
  return rows.map(({ table, args }) => {
    const [column = "", max = "", words = ""] = (args as string).split("\\000");
    return { table: table as string, column, max: Number(max), words };
  });
};

test("one row more than an owner may have is refused, and nothing is written", async () => {
  const found = await triggers();
  expect(found.map(({ table, column }) => `${table}.${column}`)).toEqual([
    "accounts.user_id",
    "alert_recipients.rule_id",
    "alert_rules.project_id",
    "api_tokens.org_id",
    "api_tokens.user_id",
    "organization_members.org_id",
    "organization_members.user_id",
    "passkeys.user_id",
    "project_keys.project_id",
    "projects.org_id",
    "saved_views.member_id",
    "saved_views.org_id",
    "teams.org_id",
    "user_emails.user_id",
  ]);
  const tenant = await makeTenant(stack);
  await stack.sql.query(
    "insert into teams (org_id, slug) select $1, 't' || n from generate_series(1, 1000) n",
    [tenant.orgId],
  );
  const path = `/api/0/organizations/${tenant.slug}/teams/`;
  const refused = await tenant.call("POST", path, { slug: "one-more" });
  expect([refused.status, await refused.json()]).toEqual([
    422,
    { detail: "There can be at most 1000 teams of an organization" },
  ]);
  const count = async (table: string) => {
    const { rows } = await stack.sql.query(
      `select count(*)::int as n from ${table} where org_id = $1`,
      [tenant.orgId],
    );
    return rows[0].n;
  };
  expect([await count("teams"), await count("audit_log")]).toEqual([1000, 0]);
  // What is there already is no new one, and there is room again after one goes.
  expect((await tenant.call("PUT", `/api/0/teams/${tenant.slug}/t1/`, { slug: "x" })).status).toBe(
    200,
  );
  await tenant.call("DELETE", `/api/0/teams/${tenant.slug}/t2/`);
  expect((await tenant.call("POST", path, { slug: "one-more" })).status).toBe(201);
});

test("the oldest sessions of a person end when there are more than a hundred", async () => {
  const tenant = await makeTenant(stack);
  await stack.sql.query(
    `insert into sessions (token, user_id, expires_at)
     select 'bound-' || $1::bigint || '-' || n, $1::bigint, now() + interval '1 day' from generate_series(1, 130) n`,
    [tenant.userId],
  );
  const { rows } = await stack.sql.query(
    "select token from sessions where user_id = $1 order by id",
    [tenant.userId],
  );
  expect([rows.length, rows[0]?.token]).toEqual([100, `bound-${tenant.userId}-31`]);
});

test("entries of the audit log go when they are older than they are kept", async () => {
  const tenant = await makeTenant(stack);
  await stack.sql.query(
    `insert into audit_log (org_id, event, actor, target, created_at)
     select $1, 'org.edit', 'x', days::text, now() - make_interval(days => days) from unnest(array[731, 729, 0]) days`,
    [tenant.orgId],
  );
  await stack.control.runCron("17 * * * *");
  const { rows } = await stack.sql.query(
    "select target from audit_log where org_id = $1 order by id",
    [tenant.orgId],
  );
  expect(rows).toEqual([{ target: "729" }, { target: "0" }]);
});
