/** Everything that wrangler.toml may say, also what this project does not need yet. */
export const needed = `
name = "sample"
main = "worker.js"
compatibility_date = "2026-04-24"
compatibility_flags = ["nodejs_compat"]
limits = { cpu_ms = 1000 }
observability = { enabled = true, head_sampling_rate = 1 }
`;
export const sampleToml = (neighbour: "with" | "without") => `${needed}
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

${neighbour === "with" ? '[[services]]\nbinding = "NEIGHBOUR"\nservice = "neighbour"' : ""}

[[services]]
binding = "SELF"
service = "sample"
entrypoint = "Inner"

[durable_objects]
bindings = [
  { name = "COUNTER", class_name = "Counter" },
  { name = "PLAIN", class_name = "Plain" },
  ${neighbour === "with" ? '{ name = "FOREIGN", class_name = "Foreign", script_name = "neighbour" },' : ""}
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

/** A worker that uses all of it. */
export const sampleWorker = `
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

/** What the sample answers to whoever opens the path in a browser. */
export const sampleAnswers: [path: string, status: number, text: string][] = [
  ["/api/count", 200, "1"],
  ["/api/count", 200, "2"],
  ["/api/self", 200, "hello from within"],
  ["/api/words", 200, "carried along"],
  ["/api/unknown", 404, "worker"],
  ["/style.css", 200, "body {}"],
  // The page of a single-page application stands for every path that is no file and not the worker's.
  ["/", 200, "the page"],
  ["/issues/7", 200, "the page"],
  ["/api/docs/first", 200, "the page"],
];

/** What lies beside the sample's wrangler.toml. */
export const sampleFiles = {
  "worker.js": sampleWorker,
  "1-words.txt": "carried along",
  "public/index.html": "the page",
  "public/style.css": "body {}",
};
