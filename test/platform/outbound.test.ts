import { createServer, type RequestListener } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeServer, listen, portOf, readAll } from "../../scripts/local/neon-bridge";
import { type OutboundRequest, openOutbound } from "../../src/platform/outbound";
import type { ResolveName } from "../../src/platform/resolve-name";
import type { OwnServer } from "../../src/protocol/outbound-rules";

type Seen = { path: string; method: string; headers: Record<string, unknown>; body: string };
const seen: Seen[] = [];

const answers: Record<string, RequestListener> = {
  "/long": (_, response) => void response.end("x".repeat(100_000)),
  "/drips": (_, response) => void response.write("a"),
  "/silent": () => undefined,
  "/loop": (_, response) => void response.writeHead(302, { location: "/loop" }).end("y"),
  "/away": (_, response) =>
    void response.writeHead(302, { location: `http://localhost:${portOf(server)}/there` }).end(),
  "/same": (_, response) => void response.writeHead(307, { location: "/there" }).end(),
  "/metadata": (_, response) =>
    void response.writeHead(302, { location: "http://169.254.169.254/latest/" }).end(),
  "/own": (_, response) =>
    void response.writeHead(302, { location: `http://127.0.0.1:${portOf(other)}/` }).end(),
  "/mailto": (_, response) => void response.writeHead(302, { location: "mailto:a@b.c" }).end(),
};
const listener: RequestListener = (request, response) => {
  void readAll(request).then((body) => {
    const path = request.url ?? "";
    seen.push({
      path,
      method: request.method ?? "",
      headers: request.headers,
      body: body.toString(),
    });
    const known = answers[path];
    if (known) return known(request, response);
    response.writeHead(200, { "x-place": "here" }).end("hello");
  });
};
const server = createServer(listener);
/** Stands for a part of the runtime. */
const other = createServer(listener);
beforeAll(async () => {
  await listen(server);
  await listen(other);
});
afterAll(async () => {
  server.closeAllConnections();
  await closeServer(server);
  await closeServer(other);
});

const nowhere: ResolveName = async () => [];
const open = (options: { isPrivate?: boolean; resolve?: ResolveName; own?: OwnServer[] } = {}) =>
  openOutbound({
    rules: { allowsPrivate: options.isPrivate ?? true, own: options.own ?? [] },
    resolve: options.resolve ?? nowhere,
    now: () => new Date(),
  });
const ask = (path: string, request: Partial<OutboundRequest> = {}, outbound = open()) => {
  seen.length = 0;
  return outbound.ask({
    url: path.startsWith("/") ? `http://127.0.0.1:${portOf(server)}${path}` : path,
    method: "GET",
    headers: [],
    redirectsMax: 3,
    bodyBytesMax: 1000,
    deadlineMs: 10_000,
    ...request,
  });
};
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

test("an answer comes with its status, its headers and its body", async () => {
  const answer = await ask("/", { method: "POST", body: "a=b", headers: [["x-key", "k"]] });
  expect(answer).toMatchObject({ ok: true, status: 200, isCut: false });
  if (!answer.ok) throw new Error("no answer");
  expect([textOf(answer.body), answer.headers.get("x-place")]).toEqual(["hello", "here"]);
  expect(seen).toMatchObject([{ method: "POST", body: "a=b", headers: { "x-key": "k" } }]);
});

test("of a long body only the beginning is read, and none of it where nobody wants it", async () => {
  const answer = await ask("/long");
  expect(answer).toMatchObject({ ok: true, isCut: true });
  expect(answer.ok && answer.body.length).toBe(1000);
  expect(await ask("/long", { bodyBytesMax: 0 })).toMatchObject({
    ok: true,
    body: new Uint8Array(),
  });
});

test.each(["/silent", "/drips"])("%s is not waited for longer than the deadline", async (path) => {
  expect(await ask(path, { deadlineMs: 50 })).toMatchObject({ ok: false, failure: "timeout" });
});

test("redirects are followed as far as allowed, or are the answer", async () => {
  expect(await ask("/loop")).toMatchObject({ ok: false, failure: "redirects" });
  expect(seen).toHaveLength(4);
  expect(await ask("/loop", { redirectsMax: 0 })).toMatchObject({ ok: true, status: 302 });
  expect(await ask("/mailto")).toMatchObject({ ok: false, failure: "refused" });
});

test("secrets stay with the origin that they were meant for, and what was sent becomes a GET", async () => {
  const headers = [
    ["authorization", "Bearer s3cret"],
    ["x-api-key", "s3cret"],
    ["accept", "text/plain"],
  ] as const;
  await ask("/away", { method: "POST", body: "s3cret", headers });
  expect(seen).toHaveLength(2);
  expect(JSON.stringify(seen[1])).not.toContain("s3cret");
  expect(seen[1]).toMatchObject({
    method: "GET",
    path: "/there",
    headers: { accept: "text/plain" },
  });
  await ask("/same", { method: "POST", body: "kept", headers });
  expect(seen[1]).toMatchObject({
    method: "POST",
    body: "kept",
    headers: { authorization: "Bearer s3cret" },
  });
});

test("a redirect leads neither to credentials of a cloud nor to a part of the runtime", async () => {
  const own = [{ host: "127.0.0.1", port: portOf(other) }];
  expect(await ask("/metadata")).toMatchObject({ ok: false, failure: "refused" });
  expect(await ask("/own", {}, open({ own }))).toMatchObject({ ok: false, failure: "refused" });
  expect(seen.map(({ path }) => path)).toEqual(["/own"]);
});

test("without private networks nothing of them is asked, by whatever name", async () => {
  const inside = { isPrivate: false };
  expect(await ask("/", {}, open(inside))).toMatchObject({ ok: false, failure: "refused" });
  const named = `http://rebound.example:${portOf(server)}/`;
  for (const address of ["127.0.0.1", "10.0.0.1", "::1", "fd00::1", "::ffff:127.0.0.1"]) {
    const resolve: ResolveName = async () => ["93.184.215.14", address];
    const answer = await ask(named, {}, open({ ...inside, resolve }));
    expect(answer, address).toMatchObject({ ok: false, failure: "refused" });
  }
  expect(await ask(named, {}, open(inside))).toMatchObject({ ok: false, failure: "unknown host" });
  expect(seen).toEqual([]);
});

test("no header gets in that the connection sets, and none that ends one", async () => {
  const headers = [
    ["Host", "other.example"],
    ["X-Forwarded-For", "1.2.3.4"],
    ["CF-Connecting-IP", "1.2.3.4"],
    ["x-a", "b\r\nx-c: d"],
    ["x a", "b"],
    ["x-a", "\u0100"],
  ] as const;
  for (const header of headers) {
    expect(await ask("/", { headers: [header] })).toMatchObject({ ok: false, failure: "refused" });
  }
  expect(seen).toEqual([]);
});

test("what cannot be connected to has failed, in words of ours", async () => {
  const closed = createServer();
  await listen(closed);
  const url = `http://127.0.0.1:${portOf(closed)}/`;
  await closeServer(closed);
  expect(await ask(url)).toMatchObject({
    ok: false,
    failure: "connection",
    words: "The connection failed.",
  });
});
