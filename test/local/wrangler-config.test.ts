import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { kCurrentWorker } from "miniflare";
import { afterAll, expect, test } from "vitest";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { projectRoot } from "../../scripts/local/places";
import { runtimeOptions } from "../../scripts/local/runtime-options";
import { putBeside, startWorker } from "../../scripts/local/worker";
import { readWranglerConfig } from "../../scripts/local/wrangler-config";
import { makeScratch } from "../scratch";

/** Everything that wrangler.toml may say, also what this project does not need yet. */
const needed = `
name = "sample"
main = "worker.js"
compatibility_date = "2026-04-24"
compatibility_flags = ["nodejs_compat"]
limits = { cpu_ms = 1000 }
observability = { enabled = true, head_sampling_rate = 1 }
`;
const everything = `${needed}
routes = [{ pattern = "errors.example/*", zone_name = "errors.example" }]

[vars]
GREETING = "hello"
LIMITS = { small = 1 }

[triggers]
crons = ["* * * * *", "17 * * * *"]

[[rules]]
type = "Text"
globs = ["**/words.txt"]

[assets]
directory = "./public"
binding = "ASSETS"
run_worker_first = ["/api/*", "!/api/docs/*"]
not_found_handling = "single-page-application"

[[services]]
binding = "NEIGHBOUR"
service = "neighbour"

[[services]]
binding = "SELF"
service = "sample"
entrypoint = "Inner"

[durable_objects]
bindings = [
  { name = "COUNTER", class_name = "Counter" },
  { name = "PLAIN", class_name = "Plain" },
  { name = "FOREIGN", class_name = "Foreign", script_name = "neighbour" },
]

[[migrations]]
tag = "v1"
new_sqlite_classes = ["OldCounter", "Gone"]
new_classes = ["Plain"]

[[migrations]]
tag = "v2"
renamed_classes = [{ from = "OldCounter", to = "Counter" }]
deleted_classes = ["Gone"]

[[queues.producers]]
queue = "letters"
binding = "LETTERS"

[[queues.consumers]]
queue = "letters"
max_batch_size = 10
max_batch_timeout = 1
max_retries = 3
max_concurrency = 2
dead_letter_queue = "dead-letters"

[[r2_buckets]]
binding = "BLOBS"
bucket_name = "sample"
`;

const scratch = makeScratch("wrangler");
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let count = 0;
/** A folder with a wrangler.toml and the files of its worker. */
function project(toml: string, files: Record<string, string> = {}): string {
  const folder = join(scratch, String(count++));
  mkdirSync(join(folder, "public"), { recursive: true });
  writeFileSync(join(folder, "wrangler.toml"), toml);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return join(folder, "wrangler.toml");
}

const optionsOf = (file: string) => runtimeOptions(readWranglerConfig(file));

test("bindings, queues, objects, assets and services become options of the local runtime", () => {
  const file = project(everything);
  const folder = join(file, "..");
  expect(optionsOf(file)).toEqual({
    name: "sample",
    compatibilityDate: "2026-04-24",
    compatibilityFlags: ["nodejs_compat"],
    bindings: { GREETING: "hello", LIMITS: { small: 1 } },
    queueProducers: { LETTERS: { queueName: "letters" } },
    queueConsumers: {
      letters: {
        maxBatchSize: 10,
        maxBatchTimeout: 1,
        maxRetries: 3,
        deadLetterQueue: "dead-letters",
      },
    },
    r2Buckets: { BLOBS: "sample" },
    durableObjects: {
      COUNTER: { className: "Counter", useSQLite: true },
      PLAIN: { className: "Plain", useSQLite: false },
      FOREIGN: { className: "Foreign", scriptName: "neighbour" },
    },
    serviceBindings: {
      NEIGHBOUR: { name: "neighbour" },
      SELF: { name: kCurrentWorker, entrypoint: "Inner" },
    },
    assets: {
      directory: join(folder, "public"),
      binding: "ASSETS",
      routerConfig: {
        has_user_worker: true,
        static_routing: { user_worker: ["/api/*"], asset_worker: ["/api/docs/*"] },
      },
      assetConfig: {
        compatibility_date: "2026-04-24",
        compatibility_flags: ["nodejs_compat"],
        not_found_handling: "single-page-application",
      },
    },
  });
});

// What `wrangler dev` would run, as wrangler itself says; parts that nobody uses are left out.
test.each([
  ["this project's", () => join(projectRoot, "wrangler.toml")],
  ["the sample's", () => project(everything)],
])("%s wrangler.toml means the same to wrangler", (_, fileOf) => {
  const file = fileOf();
  const { workerOptions } = unstable_getMiniflareWorkerOptions(file);
  const theirs: Record<string, unknown> = { ...workerOptions };
  const withoutIds = (buckets: unknown) =>
    Object.fromEntries(
      Object.entries(buckets as Record<string, { id: string }>).map(([key, { id }]) => [key, id]),
    );
  theirs.r2Buckets = withoutIds(theirs.r2Buckets);
  const { name: _name, ...ours } = optionsOf(file);
  const said = Object.fromEntries(Object.keys(ours).map((key) => [key, theirs[key]]));
  expect(JSON.parse(JSON.stringify(said))).toEqual(JSON.parse(JSON.stringify(ours)));
});

test.each([
  ["a table that nobody taught it", '[[kv_namespaces]]\nbinding = "KV"\nid = "1"', "kv_namespaces"],
  [
    "a setting inside one that it knows",
    '[[r2_buckets]]\nbinding = "B"\nbucket_name = "b"\njurisdiction = "eu"',
    "r2_buckets.0.jurisdiction",
  ],
  ["another environment", "[env.staging]\nvars = {}", "env"],
  ["a time that its clock does not know", '[triggers]\ncrons = ["0 25 * * *"]', "triggers.crons.0"],
  [
    "an object whose class no migration makes",
    '[durable_objects]\nbindings = [{ name = "A", class_name = "Absent" }]',
    "no migration makes the class Absent",
  ],
  [
    "an object whose class is gone again",
    '[durable_objects]\nbindings = [{ name = "A", class_name = "A" }]\n[[migrations]]\ntag = "1"\nnew_classes = ["A"]\n[[migrations]]\ntag = "2"\ndeleted_classes = ["A"]',
    "no migration makes the class A",
  ],
  [
    "two things under one name",
    '[vars]\nBLOBS = "x"\n[[r2_buckets]]\nbinding = "BLOBS"\nbucket_name = "b"',
    "two things are bound as BLOBS",
  ],
  [
    "a path that is none",
    '[assets]\ndirectory = "public"\nrun_worker_first = ["api"]',
    "assets.run_worker_first",
  ],
  [
    "a rule for modules that it cannot find",
    '[[rules]]\ntype = "Text"\nglobs = ["src/*.txt"]',
    "rules.0.globs.0",
  ],
])("%s is refused by name, not left out", (_, text, words) => {
  const file = project(`${needed}\n${text}`);
  expect(() => readWranglerConfig(file)).toThrow(words);
  expect(() => readWranglerConfig(file)).toThrow(file);
});

const worker = `
import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";
import words from "./1-words.txt";
export class Counter extends DurableObject {
  add() {
    const { sql } = this.ctx.storage;
    sql.exec("create table if not exists seen (id integer primary key)");
    sql.exec("insert into seen default values");
    return sql.exec("select count(*) as n from seen").one().n;
  }
}
export class Plain extends DurableObject {}
export class Inner extends WorkerEntrypoint {
  greet() { return this.env.GREETING + " from within"; }
}
export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname === "/api/count") {
      const stub = env.COUNTER.get(env.COUNTER.idFromName("one"));
      return Response.json(await stub.add());
    }
    if (pathname === "/api/neighbour") return env.NEIGHBOUR.fetch(request);
    if (pathname === "/api/self") return new Response(await env.SELF.greet());
    if (pathname === "/api/words") return new Response(words);
    return new Response("worker", { status: 404 });
  },
};`;
const neighbour = {
  name: "neighbour",
  modules: true,
  compatibilityDate: "2026-04-24",
  script: `
    import { DurableObject } from "cloudflare:workers";
    export class Foreign extends DurableObject {}
    export default { fetch: () => new Response("from next door") };`,
  durableObjects: { OWN: "Foreign" },
};

test("a worker with objects, assets and a service runs as its wrangler.toml says, and keeps what it stored", async () => {
  const file = project(everything, {
    "worker.js": worker,
    "1-words.txt": "carried along",
    "public/index.html": "the page",
    "public/style.css": "body {}",
  });
  const folder = join(file, "..");
  const start = () =>
    startWorker({
      config: readWranglerConfig(file),
      bundle: join(folder, "worker.js"),
      bindings: {},
      persist: join(folder, "kept"),
      beside: [neighbour],
    });
  const ask = async (running: Awaited<ReturnType<typeof start>>, path: string) => {
    const answer = await running.dispatchFetch(new URL(path, "http://sample.example"), {
      headers: { "sec-fetch-mode": "navigate" },
    });
    return [path, answer.status, await answer.text()];
  };
  const first = await start();
  try {
    for (const expected of [
      ["/api/count", 200, "1"],
      ["/api/count", 200, "2"],
      ["/api/neighbour", 200, "from next door"],
      ["/api/self", 200, "hello from within"],
      ["/api/words", 200, "carried along"],
      ["/api/unknown", 404, "worker"],
      ["/style.css", 200, "body {}"],
      // The page of a single-page application stands for every path that is no file and not the worker's.
      ["/", 200, "the page"],
      ["/issues/7", 200, "the page"],
      ["/api/docs/first", 200, "the page"],
    ]) {
      expect(await ask(first, String(expected[0]))).toEqual(expected);
    }
  } finally {
    await first.dispose();
  }
  const second = await start();
  try {
    expect(await ask(second, "/api/count")).toEqual(["/api/count", 200, "3"]);
  } finally {
    await second.dispose();
  }
});

test("a service that does not run beside the worker is named before anything starts", async () => {
  const file = project(everything, { "worker.js": worker });
  const starting = startWorker({
    config: readWranglerConfig(file),
    bundle: join(file, "..", "worker.js"),
    bindings: {},
  });
  await expect(starting).rejects.toThrow("NEIGHBOUR needs the worker neighbour");
});

test("workers are put beside one, what all share stays with all", () => {
  const options = {
    name: "one",
    modules: true as const,
    script: "",
    host: "127.0.0.1",
    r2Persist: false as const,
  };
  const both = putBeside(options, { name: "two", modules: true, script: "" });
  expect(both).toEqual({
    host: "127.0.0.1",
    r2Persist: false,
    workers: [
      { name: "one", modules: true, script: "" },
      { name: "two", modules: true, script: "" },
    ],
  });
  expect(putBeside(both, { name: "three", modules: true, script: "" })).toMatchObject({
    workers: [{ name: "one" }, { name: "two" }, { name: "three" }],
  });
});
