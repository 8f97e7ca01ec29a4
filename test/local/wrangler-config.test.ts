import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { kCurrentWorker } from "miniflare";
import { afterAll, expect, test } from "vitest";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { projectRoot } from "../../scripts/local/places";
import { readWranglerConfig } from "../../scripts/local/wrangler-config";
import { makeScratch } from "../scratch";
import { runtimeOptions } from "../simulator/runtime-options";
import { putBeside, startWorker } from "../simulator/start-worker";
import { needed, sampleAnswers, sampleFiles, sampleToml, sampleWorker } from "./sample-worker";

const everything = sampleToml("with");

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
  const file = project(everything, sampleFiles);
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
    for (const expected of [...sampleAnswers, ["/api/neighbour", 200, "from next door"]]) {
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
  const file = project(everything, { "worker.js": sampleWorker });
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
