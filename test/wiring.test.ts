import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { catalog } from "../queues/catalog";
import { schedule } from "../queues/schedule";
import { readWranglerConfig } from "../scripts/local/wrangler-config";
import { Settings } from "../src/env";
import { partitionedTables } from "../src/stats/retention";
import { filesBelow, read, root } from "./sources";

const config = readWranglerConfig();
const deadLetters = "dead-letters";

test("wrangler.toml has a producer and a consumer for every queue of the catalog, and no other", () => {
  const queues = Object.keys(catalog).toSorted();
  expect(config.queues.producers.map(({ queue }) => queue).toSorted()).toEqual(queues);
  expect(config.queues.consumers.map(({ queue }) => queue).toSorted()).toEqual(
    [...queues, deadLetters].toSorted(),
  );
  for (const { queue, binding } of config.queues.producers) {
    expect(binding).toBe(queue.toUpperCase().replaceAll("-", "_"));
    expect(read("queues/publish.ts")).toContain(`"${binding}"`);
  }
  for (const { queue, dead_letter_queue } of config.queues.consumers) {
    expect([queue, dead_letter_queue]).toEqual([
      queue,
      queue === deadLetters ? undefined : deadLetters,
    ]);
  }
});

test("every consumer has a bound on how many run at once, and no error is sampled away by the platform", () => {
  for (const { queue, max_concurrency } of config.queues.consumers) {
    expect([queue, max_concurrency > 0 && max_concurrency <= 20]).toEqual([queue, true]);
  }
  expect(config.observability.head_sampling_rate).toBe(1);
  expect(config.limits.cpu_ms).toBeLessThanOrEqual(300_000);
});

test("every queue has a consumer file, and the worker knows it", () => {
  for (const queue of Object.keys(catalog)) {
    const file = read(`queues/${queue}.ts`);
    expect(file).toContain(`consumer("${queue}"`);
    expect(read("src/worker.ts")).toContain(`from "../queues/${queue}"`);
  }
});

test("every cron of wrangler.toml has jobs, and every job a cron", () => {
  expect(config.triggers.crons.toSorted()).toEqual(Object.keys(schedule).toSorted());
});

test("every table has a migration, and every partitioned one is kept by retention", () => {
  const migrations = migrationsIn("drizzle/migrations").join("\n");
  const tables = filesBelow("drizzle/schema", /\.ts$/).flatMap((path) =>
    [...read(path).matchAll(/pgTable\(\s*"(\w+)"/g)].map(([, table]) => table ?? ""),
  );
  expect(tables.filter((table) => !migrations.includes(`CREATE TABLE "${table}"`))).toEqual([]);
  const partitioned = [...migrations.matchAll(/CREATE TABLE "(\w+)" \([^;]*\) PARTITION BY/g)].map(
    ([, table]) => table,
  );
  expect(partitioned.toSorted()).toEqual(partitionedTables.map(({ table }) => table).toSorted());
});

test("every route file is mounted", () => {
  const mounting = read("src/api.ts") + read("src/worker.ts");
  const files = filesBelow("src", /routes\.ts$/);
  expect(
    files.filter((path) => !mounting.includes(path.replace("src/", "./").replace(".ts", ""))),
  ).toEqual([]);
});

// What is imported in any other way is part of every isolate, also of those that only ever take events.
test("the API is loaded when it is asked for", () => {
  expect(read("src/worker.ts")).toContain('import("./api")');
  const importers = filesBelow("src", /\.ts$/).filter((path) =>
    /from "\.{1,2}\/api"/.test(read(path)),
  );
  expect(importers).toEqual([]);
});

test("src/api.ts mounts, nothing else", () => {
  const api = read("src/api.ts");
  expect(api.match(/\bfunction\b|\.(use|get|all|on|notFound|onError|route)\(|Response|\/\^/g)).toBe(
    null,
  );
  expect(api.split("\n").length).toBeLessThan(140);
});

test("README lists every setting", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  expect(Object.keys(Settings.shape).filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
});

function migrationsIn(folder: string): string[] {
  const journal: { entries: { tag: string }[] } = JSON.parse(read(`${folder}/meta/_journal.json`));
  return journal.entries.map(({ tag }) => read(`${folder}/${tag}.sql`));
}
