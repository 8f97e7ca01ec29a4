import { rmSync, writeFileSync } from "node:fs";
import { type IncomingHttpHeaders, request } from "node:http";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { Miniflare } from "miniflare";
import { afterAll, expect, test } from "vitest";
import { readWranglerConfig } from "../../scripts/local/wrangler-config";
import { runtimeOptions } from "../simulator/runtime-options";
import { needed } from "./sample-worker";
import { endAll, project, requestRaw } from "./workerd-project";

const simulators: Miniflare[] = [];
afterAll(async () => {
  await Promise.all(simulators.map((simulator) => simulator.dispose()));
  await endAll();
});

const worker = `
export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname === "/asks") return env.ASSETS.fetch(new URL("/about", request.url));
    return new Response(request.method + " worker " + pathname);
  },
};`;

const files = {
  "worker.js": worker,
  "public/index.html": "home",
  "public/404.html": "no such page",
  "public/about.html": "about",
  "public/both.html": "both, a file",
  "public/both/index.html": "both, a folder",
  "public/docs/index.html": "docs",
  "public/docs/404.html": "no such document",
  "public/docs/start.html": "start",
  "public/bare": "a name without an end",
  "public/bare.html": "its page",
  "public/assets/app-1a2b.js": "console.log(1)",
  "public/assets/app.css": "body {}",
  "public/assets/odd name (1)@2.svg": "<svg/>",
  "public/assets/%41.txt": "a name that looks encoded",
  "public/grüße.txt": "hello",
  "public/data.json": "{}",
  "public/page.xml": "<a/>",
  "public/icon.ico": "i",
  "public/font.woff2": "f",
  "public/unknown.weird": "?",
  "public/.well-known/security.txt": "contact",
  "public/api/file.txt": "below the worker's paths",
  "public/api/docs/index.html": "of the files again",
  "public/_headers":
    "# all of them\n/*\n  X-All: yes\n/assets/*\n  ! Cache-Control\n  Cache-Control: public, max-age=31536000, immutable\n  X-All: twice\n",
};

const paths = [
  ..."/ /index /index.html /about /about/ /about.html /about/index /about/index.html".split(" "),
  ..."/both /both/ /both.html /both/index /both/index.html /docs /docs/ /docs.html /docs/index".split(
    " ",
  ),
  ..."/docs/index.html /docs/start /docs/start/ /docs/start.html /docs/absent /docs/a/b/ /bare".split(
    " ",
  ),
  ..."/bare/ /bare.html /assets/app-1a2b.js /assets/app.css /assets/ /assets /absent /absent/".split(
    " ",
  ),
  ..."/assets/odd%20name%20(1)@2.svg /assets/odd%20name%20(1)%402.svg /assets/%2541.txt /assets/%41.txt".split(
    " ",
  ),
  ..."/assets/A.txt /gr%C3%BC%C3%9Fe.txt /data.json /page.xml /icon.ico /font.woff2 /unknown.weird".split(
    " ",
  ),
  ..."/.well-known/security.txt /_headers /%5fheaders //about //evil.example/x /docs//start".split(
    " ",
  ),
  ..."/../wrangler.toml /..%2fwrangler.toml /%2e%2e/worker.js /assets/..%5c..%5cworker.js /assets%2fapp.css".split(
    " ",
  ),
  ..."/%ff /%00 /about%00.html /about?a=1 /about.html?a=1&b=%20 /api/file.txt /api/x /api/docs/ /api/docs".split(
    " ",
  ),
  "/api/docs/absent",
  "/asks",
];

const tables: [name: string, toml: string][] = (
  ["auto-trailing-slash", "force-trailing-slash", "drop-trailing-slash", "none"] as const
).flatMap((html, index) => [
  [
    `${html} and a single page`,
    `html_handling = "${html}"\nnot_found_handling = "single-page-application"\nrun_worker_first = ["/api/*", "!/api/docs/*", "/asks"]`,
  ],
  [
    `${html} and pages of 404`,
    `html_handling = "${html}"\nnot_found_handling = "404-page"\nrun_worker_first = ${index % 2 === 0}`,
  ],
  [`${html} and nothing else`, `html_handling = "${html}"`],
]);

const asked = ["etag", "content-type", "cache-control", "location", "x-all"] as const;

// Cloudflare's own asset worker is what the simulator runs.
test.each(tables)("files are served as on Cloudflare: %s", async (_, routing) => {
  const toml = `${needed}\n[assets]\ndirectory = "public"\nbinding = "ASSETS"\n${routing}`;
  const { folder, start } = project(toml, files);
  const { url } = await start(false);
  const simulator = new Miniflare({
    ...runtimeOptions(readWranglerConfig(join(folder, "wrangler.toml"))),
    modules: true,
    script: worker,
    port: 0,
  });
  simulators.push(simulator);
  const theirs = String(await simulator.ready);
  const [ours, expected]: unknown[][] = [[], []];
  // All but `/index/`, which Cloudflare redirects twice.
  for (const path of paths) {
    for (const [method, headers] of [
      ["GET", {}],
      ["GET", { "sec-fetch-mode": "navigate", authorization: "Basic eDp5" }],
      ["HEAD", { range: "bytes=0-1" }],
      ["POST", {}],
    ] as const) {
      const answerOf = async (at: string) => {
        const answer = await requestRaw(at, path, { method, headers });
        const chosen = asked.map((name) => [
          name,
          // Both make their own of the contents.
          name === "etag" ? typeof answer.headers[name] : answer.headers[name],
        ]);
        return { path, method, sent: headers, ...answer, headers: Object.fromEntries(chosen) };
      };
      ours?.push(await answerOf(url));
      expected?.push(await answerOf(theirs));
    }
  }
  expect(ours).toEqual(expected);
});

const start = async (more: Record<string, string> = {}, routing = "") => {
  const toml = `${needed}\n[assets]\ndirectory = "public"\n${routing}`;
  return project(toml, { ...files, ...more }).start(false);
};

const large = {
  "public/assets/large.js": "console.log('the same over and over');\n".repeat(2000),
  "public/large.woff2": "f".repeat(5000),
};

type Raw = { status: number; headers: IncomingHttpHeaders; body: Buffer };

/** An answer with its body as it travels. */
const rawOf = (url: string, path: string, accepts: string, more: Record<string, string> = {}) =>
  new Promise<Raw>((resolve, reject) => {
    const sent = request(new URL(path, url), { headers: { "accept-encoding": accepts, ...more } });
    sent.on("error", reject);
    sent.on("response", (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          body: Buffer.concat(chunks),
        }),
      );
    });
    sent.end();
  });

test("a browser that has a file already gets no second copy", async () => {
  const { url } = await start();
  const first = await requestRaw(url, "/assets/app.css");
  const etag = String(first.headers.etag);
  for (const known of [etag, `W/${etag}`]) {
    const again = await requestRaw(url, "/assets/app.css", { headers: { "if-none-match": known } });
    expect([again.status, again.text, again.headers.etag]).toEqual([304, "", etag]);
  }
  const other = await requestRaw(url, "/assets/app.css", { headers: { "if-none-match": '"x"' } });
  expect([other.status, other.text]).toEqual([200, "body {}"]);
});

const decoders = new Map([
  ["br", brotliDecompressSync],
  ["gzip", gunzipSync],
]);

test.each([
  ["gzip, deflate, br, zstd", "br"],
  ["GZIP", "gzip"],
  ["br;q=0, gzip;q=0.5", "gzip"],
  ["br;q=0.000,gzip; q=0", undefined],
  ["identity", undefined],
  ["*", undefined],
  ["", undefined],
])("a text is sent to whoever takes %j as %s, also the second time", async (accepts, encoding) => {
  const { url } = await start(large);
  for (let time = 0; time < 2; time++) {
    const raw = await rawOf(url, "/assets/large.js", accepts);
    expect(raw.headers["content-encoding"]).toBe(encoding);
    expect(raw.headers.vary).toBe("accept-encoding");
    expect(String(raw.headers.etag)).toMatch(encoding ? /^W\/"\w{32}"$/ : /^"\w{32}"$/);
    const decode = decoders.get(encoding ?? "");
    expect((decode ? decode(raw.body) : raw.body).toString()).toBe(large["public/assets/large.js"]);
    if (encoding) expect(raw.body.length).toBeLessThan(1000);
  }
});

test("what is small, packed already or asked for in part is sent as it is; a known one not at all", async () => {
  const { url } = await start(large);
  const plain: [path: string, more: Record<string, string>, vary: string | undefined][] = [
    ["/assets/app.css", {}, undefined],
    ["/large.woff2", {}, undefined],
    ["/assets/large.js", { range: "bytes=0-9" }, "accept-encoding"],
  ];
  for (const [path, more, vary] of plain) {
    const answer = await rawOf(url, path, "br", more);
    expect([path, answer.headers["content-encoding"], answer.headers.vary]).toEqual([
      path,
      undefined,
      vary,
    ]);
  }
  const first = await rawOf(url, "/assets/large.js", "br");
  const known = { "if-none-match": String(first.headers.etag) };
  const again = await rawOf(url, "/assets/large.js", "br", known);
  expect([again.status, again.body.length, again.headers.etag]).toEqual([
    304,
    0,
    first.headers.etag,
  ]);
  expect(again.headers.vary).toBe("accept-encoding");
});

test("a file that is put in the folder later, or taken away, is not served", async () => {
  const toml = `${needed}\n[assets]\ndirectory = "public"\nrun_worker_first = ["/api/*"]`;
  const { folder, start: begin } = project(toml, files);
  const { url } = await begin(false);
  writeFileSync(join(folder, "public/late.txt"), "late");
  rmSync(join(folder, "public/data.json"));
  expect(await requestRaw(url, "/late.txt")).toMatchObject({
    status: 200,
    text: "GET worker /late.txt",
  });
  expect(await requestRaw(url, "/data.json")).toMatchObject({ status: 404, text: "" });
});

test("a worker that is a class has files before it as well", async () => {
  const { url } = await start({
    "worker.js": `
      import { WorkerEntrypoint } from "cloudflare:workers";
      export default class extends WorkerEntrypoint {
        fetch(request) { return new Response(this.name() + new URL(request.url).pathname); }
        name() { return "class "; }
      }`,
  });
  expect((await requestRaw(url, "/about")).text).toBe("about");
  expect((await requestRaw(url, "/absent")).text).toBe("class /absent");
});

test.each([
  ["a folder that is not there", {}, "absent", "there is no"],
  ["redirects", { "public/_redirects": "/a /b" }, "public", "does not know _redirects"],
  [
    "a list of files to leave out",
    { "public/.assetsignore": "x" },
    "public",
    "does not know .assetsignore",
  ],
  ["headers without a path", { "public/_headers": "X-A: b" }, "public", "_headers, line 1: a path"],
  [
    "headers of another host",
    { "public/_headers": "/a\nhttps://x.example/*" },
    "public",
    "_headers, line 2",
  ],
  [
    "a placeholder",
    { "public/_headers": "/:a\n  X-A: b" },
    "public",
    "_headers, line 1: the local runtime does not know placeholders",
  ],
  [
    "part of a path in a header",
    { "public/_headers": "/*\n  X-A: :splat" },
    "public",
    "_headers, line 2: the local runtime does not know placeholders",
  ],
  [
    "a line that is no header",
    { "public/_headers": "/*\n  what is this" },
    "public",
    "_headers, line 2: is neither",
  ],
  [
    "a line without an end",
    { "public/_headers": `/${"x".repeat(3000)}` },
    "public",
    "more than 2000 characters",
  ],
  [
    "more rules than Cloudflare takes",
    { "public/_headers": "/x\n  A: b\n".repeat(101) },
    "public",
    "more than 100 paths",
  ],
  [
    "a file that is too large",
    { "public/large.bin": "x".repeat(25 * 1024 * 1024 + 1) },
    "public",
    "larger than 25 MiB",
  ],
])("%s is refused in words", (_, more, directory, words) => {
  const toml = `${needed}\n[assets]\ndirectory = "${directory}"`;
  expect(project(toml, { "worker.js": worker, "public/a.txt": "a", ...more }).configOf).toThrow(
    words,
  );
});

test("a path made against the patterns of run_worker_first takes no time of its own", async () => {
  const { url } = await start({}, `run_worker_first = ["/${"a*".repeat(20)}b"]`);
  const path = `/${"a".repeat(8000)}`;
  expect((await requestRaw(url, path)).text).toBe(`GET worker ${path}`);
});
