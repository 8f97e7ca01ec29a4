import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { createServer, request, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { objectPath } from "../../../scripts/local/bucket/object-path";
import { type Bucket, openBucket } from "../../../scripts/local/bucket/open-bucket";
import { listen } from "../../../scripts/local/neon-bridge";
import { freePort } from "../../../scripts/local/postgres";
import { eventually } from "../../harness";
import { makeScratch } from "../../scratch";

/** The bucket binding of a real workerd, on files. */

const scratch = makeScratch("workerd-bucket");
const folder = join(scratch, "bucket");
const log: string[] = [];
let bucket: Bucket;
let server: Server;
let workerd: ChildProcess;
let url: string;

beforeAll(async () => {
  bucket = await openBucket({ folder }, (line) => log.push(line));
  server = createServer((request, response) => void bucket.handle(request, response));
  await listen(server);
  const built = await build({
    entryPoints: [join(import.meta.dirname, "asking-worker.ts")],
    bundle: true,
    external: ["node:*"],
    format: "esm",
    write: false,
  });
  const port = await freePort();
  writeFileSync(join(scratch, "worker.js"), built.outputFiles[0]?.text ?? "");
  writeFileSync(
    join(scratch, "config.capnp"),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "worker.js", esModule = embed "worker.js")],
      compatibilityDate = "2026-04-01", compatibilityFlags = ["nodejs_compat"],
      bindings = [(name = "BLOBS", r2Bucket = "bucket")])),
    (name = "bucket", external = (
      address = "127.0.0.1:${(server.address() as AddressInfo).port}", http = ())),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")]);`,
  );
  const miniflare = createRequire(createRequire(import.meta.url).resolve("miniflare"));
  const command: string = miniflare("workerd").default;
  workerd = spawn(command, ["serve", "--control-fd=3", join(scratch, "config.capnp")], {
    stdio: ["ignore", "ignore", "inherit", "pipe"],
  });
  await new Promise((resolve, reject) => {
    workerd.stdio[3]?.once("data", resolve);
    workerd.once("exit", () => reject(new Error("workerd ended")));
  });
  url = `http://127.0.0.1:${port}`;
});

afterAll(async () => {
  workerd.kill("SIGKILL");
  server.closeAllConnections();
  server.close();
  await bucket.close();
  rmSync(scratch, { recursive: true, force: true });
});

const ask = (what: string, query: Record<string, string | number>, body?: string) =>
  fetch(
    `${url}/${what}?${new URLSearchParams(Object.entries(query).map(([k, v]) => [k, `${v}`]))}`,
    {
      method: "POST",
      body: body ?? "",
    },
  );
const json = async (what: string, key: string) => (await ask(what, { key })).json();

test("the product's bucket works on files: put, get, range, list, delete", async () => {
  await ask("put", { key: "letters/ä 1" }, "hello ü");
  expect(await (await ask("get", { key: "letters/ä 1" })).text()).toBe("hello ü");
  const part = await ask("range", { key: "letters/ä 1", offset: 1, length: 3 });
  expect(await part.text()).toBe("ell");
  expect((await ask("get", { key: "letters/none" })).status).toBe(404);
  for (const name of ["2", "3", "4"]) await ask("put", { key: `letters/${name}` }, name);
  const list = async (options: object) =>
    (await ask("list", { key: "letters/" }, JSON.stringify(options))).json();
  const first = (await list({ limit: 3, withMetadata: true })) as { cursor: string };
  expect(first).toEqual({
    blobs: ["2", "3", "4"].map((name) => ({
      key: `letters/${name}`,
      size: 1,
      metadata: { failedAt: "now", reason: "ü%20" },
    })),
    cursor: expect.any(String),
  });
  expect(await list({ limit: 3, withMetadata: true, cursor: first.cursor })).toEqual({
    blobs: [{ key: "letters/ä 1", size: 8, metadata: { failedAt: "now", reason: "ü%20" } }],
  });
  expect(await list({ limit: 1 })).toMatchObject({ blobs: [{ metadata: {} }] });
  await ask("delete", {}, JSON.stringify(["letters/2", "letters/ä 1", "letters/never"]));
  expect(await list({})).toMatchObject({ blobs: [{ key: "letters/3" }, { key: "letters/4" }] });
});

test("a dead letter that came by way of S3 says when it failed", async () => {
  const about = [
    ["queue", "envelopes"],
    ["reason", "why"],
    ["attempts", "5"],
  ] as [string, string][];
  const put = (id: string, name: string) =>
    bucket.store.put(`dead-letters/${id}`, Buffer.from("x"), { custom: [...about, [name, id]] });
  await put("1", "failedAt");
  await put("2", "failedat");
  const { letters } = (await (await ask("letters", {})).json()) as {
    letters: { failedAt: string }[];
  };
  expect(letters.map(({ failedAt }) => failedAt)).toEqual(["1", "2"]);
});

test("many large parts are streamed to one object", async () => {
  await ask("put-parts", { key: "large", parts: 40, bytes: 1_000_000 });
  expect(await bucket.store.head("large")).toMatchObject({ size: 40_000_000 });
  const middle = await ask("range", { key: "large", offset: 39_999_990, length: 100 });
  expect(await middle.text()).toBe("A".repeat(10));
  const all = await (await ask("get", { key: "large" })).arrayBuffer();
  expect(all.byteLength).toBe(40_000_000);
});

test("what else the binding can ask is answered as R2 does, or refused with words", async () => {
  await ask("put", { key: "digits" }, "0123456789");
  expect(await json("head", "digits")).toMatchObject({ key: "digits", size: 10 });
  expect(await json("head", "none")).toBeNull();
  expect(await json("suffix", "digits")).toBe("789");
  expect(await json("headers", "digits")).toBe("12");
  expect(await json("http", "typed")).toEqual({
    contentType: "text/x",
    cacheExpiry: "1970-01-01T00:00:00.009Z",
  });
  const before = await bucket.store.list({ limit: 100 });
  for (const [what, words] of [
    ["condition", /onlyIf.*\(10029\)/],
    ["multipart", /does not know such a request/],
    ["metadata", /at most 2048 bytes\. \(10012\)/],
    ["behind", /not in the object\. \(10039\)/],
    ["delimiter", /delimiter/],
  ] as const) {
    expect(await json(what, "digits")).toEqual({ error: expect.stringMatching(words) });
  }
  expect(await bucket.store.list({ limit: 100 })).toEqual(before);
});

test("a body whose sender goes away in the middle leaves nothing, and the bucket goes on", async () => {
  const about = JSON.stringify({ version: 1, method: "put", object: "cut" });
  const { port } = server.address() as AddressInfo;
  const headers = {
    "cf-r2-metadata-size": about.length,
    "content-length": about.length + 1_000_000,
  };
  const sending = request({ port, host: "127.0.0.1", method: "PUT", headers });
  const ended = new Promise((resolve) => sending.once("close", resolve));
  sending.on("error", () => undefined);
  sending.write(about + "x".repeat(500_000));
  const temporary = join(folder, "temporary");
  await eventually(() => expect(readdirSync(temporary).length).toBe(1));
  sending.destroy();
  await ended;
  await eventually(() => expect(readdirSync(temporary)).toEqual([]));
  expect(await bucket.store.head("cut")).toBeUndefined();
  await ask("put", { key: "cut" }, "whole");
  expect(await bucket.store.head("cut")).toMatchObject({ size: 5 });
});

test("a damaged object is an error of the bucket, which its log explains, and not a missing one", async () => {
  await ask("put", { key: "damaged" }, "0123456789");
  truncateSync(join(folder, "objects", objectPath("damaged")), 4);
  expect(await json("head", "damaged")).toEqual({
    error: 'head: The file of the object "damaged" is damaged. (10001)',
  });
  expect(log.at(-1)).toBe('The bucket: The file of the object "damaged" is damaged.');
  await ask("delete", {}, JSON.stringify(["damaged"]));
  expect(await json("head", "damaged")).toBeNull();
});
