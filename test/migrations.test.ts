import { randomBytes } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { migrateDatabase } from "../scripts/migrate-database";
import { eventually, makeTenant, useStack } from "./harness";
import { filesBelow, read, root } from "./sources";
import { onServer, withDatabase } from "./stack";

/** Tables that grow with what is sent: a lock on one of them stops the digest for as long as it is held. */
const large = [
  "issues",
  "issue_details",
  "issue_hashes",
  "issue_tags",
  "issue_texts",
  "issue_hours",
  "issue_users",
  "issue_changes",
  "issue_change_failures",
  "events",
  "releases",
  "release_projects",
  "outcome_hours",
  "counted_messages",
  "audit_log",
];
/** Landed before the rule. */
const lastFree = "0013";

/** Statements of a migration that would keep writers of a large table out for as long as it takes to read it. */
function longLocks(sql: string): string[] {
  const made = new Set([...sql.matchAll(/CREATE TABLE "(\w+)"/gi)].map(([, table]) => table));
  const isLarge = (table = "") => large.includes(table) && !made.has(table);
  return sql
    .split("--> statement-breakpoint")
    .map((statement) => statement.trim())
    .filter((statement) => {
      const [, present, indexed] =
        /^CREATE (?:UNIQUE )?INDEX (IF NOT EXISTS )?"\w+" ON (?:ONLY )?"?(\w+)"?/i.exec(
          statement,
        ) ?? [];
      if (indexed) return isLarge(indexed) && !present;
      const [, changed] = /^ALTER TABLE (?:ONLY )?"?(\w+)"?/i.exec(statement) ?? [];
      const reads =
        /\bSET DATA TYPE\b|\bSET NOT NULL\b|\bADD (CONSTRAINT|UNIQUE|PRIMARY KEY|FOREIGN KEY|CHECK)\b/i;
      return isLarge(changed) && reads.test(statement) && !/NOT VALID|USING INDEX/i.test(statement);
    });
}

test("no migration keeps writers of a large table out", () => {
  expect(
    [
      'CREATE INDEX "a" ON "issues" USING btree ("id");',
      'CREATE UNIQUE INDEX "a" ON "events" ("id");',
      'ALTER TABLE "issues" ALTER COLUMN "level" SET DATA TYPE integer;',
      'ALTER TABLE "events" ADD CONSTRAINT "c" FOREIGN KEY ("issue_id") REFERENCES "issues"("id");',
    ].flatMap(longLocks),
  ).toHaveLength(4);
  expect(
    [
      'CREATE INDEX IF NOT EXISTS "a" ON "issues" USING btree ("id");',
      'CREATE INDEX "a" ON "teams" USING btree ("id");',
      'CREATE TABLE "issues" ();--> statement-breakpoint\nCREATE INDEX "a" ON "issues" ("id");',
      'ALTER TABLE "issues" ADD COLUMN "x" integer;',
      'ALTER TABLE "events" ADD CONSTRAINT "c" CHECK (true) NOT VALID;',
    ].flatMap(longLocks),
  ).toEqual([]);
  const migrations = filesBelow("drizzle/migrations", /\.sql$/);
  expect(migrations.length).toBeGreaterThan(13);
  const wrong = migrations
    .filter((path) => path.slice("drizzle/migrations/".length) > `${lastFree}~`)
    .flatMap((path) => longLocks(read(path)).map((statement) => `${path}: ${statement}`));
  expect(wrong, 'CONTRIBUTING, "Indexes of large tables", says how').toEqual([]);
});

describe("an index of a large table", () => {
  const stack = useStack();
  let folder: string;

  /** All migrations and one more. */
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "brinkwatch-migrations-"));
    cpSync(join(root, "drizzle/migrations"), folder, { recursive: true });
    const journalPath = join(folder, "meta/_journal.json");
    const journal = JSON.parse(readFileSync(journalPath, "utf8"));
    const tag = "9999_next";
    journal.entries.push({ idx: 9999, version: "7", when: 4e12, tag, breakpoints: true });
    writeFileSync(journalPath, JSON.stringify(journal));
    writeFileSync(
      join(folder, `${tag}.sql`),
      [
        'ALTER TABLE "issues" ADD COLUMN "next_level" integer;',
        'CREATE INDEX IF NOT EXISTS "issues_next_level" ON "issues" USING btree ("next_level");',
        'CREATE INDEX IF NOT EXISTS "issues_next" ON "issues" USING btree ("level","id");',
        'CREATE INDEX IF NOT EXISTS "events_next" ON "events" USING btree ("segment_id");',
      ].join("--> statement-breakpoint\n"),
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("is built while others write, also on partitions and over what a failed try has left", async () => {
    const tenant = await makeTenant(stack);
    const insert = (client: pg.Client | pg.Pool, number: number) =>
      client.query(
        `insert into issues (org_id, project_id, short_number, level, first_seen_at, last_seen_at)
         values ($1, $2, $3, 4, now(), now())`,
        [tenant.orgId, tenant.projectId, number],
      );
    await insert(stack.sql, 1);
    await insert(stack.sql, 2);
    const unique = "create unique index concurrently issues_next on issues (level)";
    await expect(stack.sql.query(unique)).rejects.toThrow(/could not create unique index/);

    const [slow, quick] = [1, 2].map(() => new pg.Client({ connectionString: stack.databaseUrl }));
    if (!slow || !quick) throw new Error("no clients");
    await Promise.all([slow.connect(), quick.connect()]);
    try {
      await slow.query("begin");
      await insert(slow, 3);
      const migrated = migrateDatabase(stack.databaseUrl, folder);
      // It waits for the transaction that began before, and who comes now does not wait for it.
      await eventually(async () => {
        const { rows } = await stack.sql.query(
          "select 1 from pg_stat_activity where query ~ '^(create|drop) index concurrently .*issues_next' and wait_event_type = 'Lock'",
        );
        expect(rows).toHaveLength(1);
      });
      await quick.query("set lock_timeout = '2s'");
      await insert(quick, 4);
      await slow.query("commit");
      await migrated;
    } finally {
      await Promise.all([slow.end(), quick.end()]);
    }
    const { rows } = await stack.sql.query(
      `select c.relname as name, i.indisvalid as valid, i.indisunique as "isUnique",
              (select count(*) from pg_inherits where inhparent = c.oid) =
              (select count(*) from pg_partition_tree(i.indrelid::regclass) where isleaf) as whole
         from pg_index i join pg_class c on c.oid = i.indexrelid
        where c.relname in ('issues_next', 'issues_next_level', 'events_next') order by 1`,
    );
    const built = { valid: true, isUnique: false, whole: true };
    expect(rows).toEqual([
      { name: "events_next", ...built },
      { name: "issues_next", ...built },
      { name: "issues_next_level", ...built },
    ]);
    // Those of the partitions are the ones that were built before: there are no others.
    const { rows: ofEvents } = await stack.sql.query(
      `select count(*)::int as n from pg_index i join pg_class t on t.oid = i.indrelid
        where t.relname like 'events_%' and pg_get_indexdef(indexrelid) like '%(segment_id)'
          and (select relname from pg_class where oid = indexrelid) not like '%events_next'`,
    );
    expect(ofEvents).toEqual([{ n: 0 }]);
    await migrateDatabase(stack.databaseUrl, folder);
  });
});

describe("a database that is migrated for the first time", () => {
  const emptyDatabase = async (
    options: string,
    work: (url: string, client: pg.Client) => Promise<void>,
  ) => {
    const name = `brinkwatch_empty_${randomBytes(6).toString("hex")}`;
    const serverUrl = inject("serverUrl");
    await onServer(serverUrl, `create database ${name} ${options}`);
    const client = new pg.Client({ connectionString: withDatabase(serverUrl, name) });
    await client.connect();
    try {
      await work(withDatabase(serverUrl, name), client);
    } finally {
      await client.end();
      await onServer(serverUrl, `drop database ${name} with (force)`);
    }
  };

  test("by several at once is migrated by one, for whom the others wait", async () => {
    await emptyDatabase("", async (url, client) => {
      await Promise.all([1, 2, 3].map(() => migrateDatabase(url)));
      const { rows } = await client.query(
        "select count(*)::int as n, count(distinct hash)::int as of from drizzle.__drizzle_migrations",
      );
      expect(rows[0].n).toBeGreaterThan(10);
      expect(rows[0].of).toBe(rows[0].n);
    });
  });

  test("and has another encoding than UTF8 is refused with a sentence, and stays empty", async () => {
    await emptyDatabase(
      "encoding 'SQL_ASCII' lc_collate 'C' lc_ctype 'C' template template0",
      async (url, client) => {
        await expect(migrateDatabase(url)).rejects.toThrow(
          /^The database brinkwatch_empty_\w+ has the encoding SQL_ASCII, and must have UTF8\./,
        );
        const { rows } = await client.query(
          "select relname from pg_class c join pg_namespace n on n.oid = c.relnamespace where nspname in ('public', 'drizzle')",
        );
        expect(rows).toEqual([]);
      },
    );
  });

  test("an address whose password ends it early is refused without a piece of it", async () => {
    const failed = await migrateDatabase("postgres://app:12#34hunter@db.example/shop").catch(
      (error: Error) => error.message,
    );
    expect(failed).toContain("%23");
    expect(failed).not.toMatch(/12|34|hunter/);
  });
});
