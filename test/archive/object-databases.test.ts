import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { objectFiles } from "../../scripts/archive/object-databases";
import { needed } from "../local/sample-worker";
import { endAll, project } from "../local/workerd-project";

afterAll(endAll);

const toml = `${needed}
[durable_objects]
bindings = [{ name = "DIARY", class_name = "Diary" }]

[[migrations]]
tag = "v1"
new_sqlite_classes = ["Diary"]
`;

/** Pages so large that SQLite moves its log into the file again and again. */
const worker = `
import { DurableObject } from "cloudflare:workers";
export class Diary extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    ctx.storage.sql.exec("create table if not exists pages (id integer primary key, text text, sum integer)");
  }
  write(id) {
    const text = String(id % 10).repeat(100_000);
    // Pages of before are written anew too, so that the file is not only appended to.
    this.ctx.storage.sql.exec("insert or replace into pages values (?, ?, ?)", id % 40, text, id);
    this.ctx.storage.sql.exec("insert or replace into pages values (1000, '', ?)", id);
  }
  read() {
    const rows = this.ctx.storage.sql.exec("select id, substr(text, 1, 1) as first, length(text) as length, sum from pages order by id").toArray();
    return rows;
  }
}
export default {
  async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url);
    const diary = env.DIARY.getByName(searchParams.get("name") ?? "one");
    if (pathname === "/read") return Response.json(await diary.read());
    await diary.write(Number(searchParams.get("id")));
    return new Response("written");
  },
};`;

type Row = { id: number; first: string; length: number; sum: number };
const rowsOf = async (url: string, name: string): Promise<Row[]> =>
  (await fetch(`${url}/read?name=${name}`)).json() as Promise<Row[]>;

async function copy(from: string, to: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name, bytes } of objectFiles(from)) {
    mkdirSync(join(to, name, ".."), { recursive: true });
    writeFileSync(join(to, name), bytes);
    names.push(name);
  }
  return names;
}

test("an object that is written to all the time is copied as it was at one moment", async () => {
  const { folder, start } = project(toml, { "worker.js": worker });
  const { url } = await start(true);
  let acknowledged = -1;
  let isOver = false;
  const writing = (async () => {
    for (let id = 0; !isOver; id++) {
      await (await fetch(`${url}/write?id=${id}`)).text();
      acknowledged = id;
    }
  })();
  const copies: { folder: string; atLeast: number }[] = [];
  while (copies.length < 6) {
    const atLeast = acknowledged;
    const other = project(toml, { "worker.js": worker });
    await copy(join(folder, "objects"), join(other.folder, "objects"));
    if (atLeast >= 0) copies.push({ folder: other.folder, atLeast });
    const { url: restored } = await other.start(true);
    const rows = await rowsOf(restored, "one");
    const newest = rows.find(({ id }) => id === 1000)?.sum ?? -1;
    expect(newest).toBeGreaterThanOrEqual(atLeast);
    // Each page is the last that was written there before that moment, and whole.
    const pages = Array.from({ length: Math.min(40, newest + 1) }, (_, id) => {
      const sum = newest - ((((newest - id) % 40) + 40) % 40);
      return { id, first: String(sum % 10), length: 100_000, sum };
    });
    expect(rows.filter(({ id }) => id < 1000)).toEqual(pages);
  }
  isOver = true;
  await writing;
});

test("all objects of all classes are copied, and nothing that is not theirs", async () => {
  const { folder, start } = project(toml, { "worker.js": worker });
  const home = await start(true);
  for (const name of ["a", "b", "c"]) await fetch(`${home.url}/write?id=3&name=${name}`);
  await home.kill();
  const from = join(folder, "objects");
  expect(readdirSync(from)).toContain("objects.sock");
  const other = project(toml, { "worker.js": worker });
  const names = await copy(from, join(other.folder, "objects"));
  expect(names.filter((name) => /^sample-Diary\/[0-9a-f]{64}\.sqlite$/.test(name))).toHaveLength(3);
  expect(names.filter((name) => !/^sample-Diary\/[\w.]+\.sqlite(-wal)?$/.test(name))).toEqual([]);
  const { url } = await other.start(true);
  for (const name of ["a", "b", "c"]) expect(await rowsOf(url, name)).toHaveLength(2);
  expect(await rowsOf(url, "d")).toEqual([]);
});
