import zlib from "node:zlib";
import { describe, expect, test } from "vitest";
import { eventEnvelope, eventually, makeTenant, randomId, type Tenant, useStack } from "../harness";

// What browsers, curl and proxies make of a request that its sender meant well.
const stack = useStack();

type Odd = { path: string; body: BodyInit; headers?: Record<string, string> };

const event = () => JSON.stringify({ event_id: randomId(), message: "odd", platform: "other" });
const envelope = () => eventEnvelope({ message: "odd" });
const pretty = () => JSON.stringify(JSON.parse(event()), null, 2);
const at = ({ projectId, publicKey }: Tenant, door: string) =>
  `/api/${projectId}/${door}/?sentry_key=${publicKey}`;

test.each<[string, (tenant: Tenant) => Odd]>([
  [
    "the page's own password beside the key",
    (tenant) => ({
      path: at(tenant, "envelope"),
      body: envelope(),
      headers: { authorization: "Basic c3RhZ2luZzpzZWNyZXQ=" },
    }),
  ],
  [
    "a token of the page beside a key in the envelope's header",
    ({ projectId, publicKey }) => ({
      path: "/api/tunnel/",
      body: eventEnvelope({}, { dsn: `https://${publicKey}@errors.example/${projectId}` }),
      headers: { authorization: "Bearer abc.def.ghi" },
    }),
  ],
  [
    "Authorization: DSN with a whole DSN",
    ({ projectId, publicKey }) => ({
      path: `/api/${projectId}/store/`,
      body: event(),
      headers: { authorization: `DSN https://${publicKey}@errors.example/${projectId}` },
    }),
  ],
  [
    "a tunnel and a whole DSN",
    ({ projectId, publicKey }) => ({
      path: "/tunnel",
      body: envelope(),
      headers: { authorization: `DSN https://${publicKey}@errors.example/${projectId}` },
    }),
  ],
  [
    "Content-Encoding: utf-8",
    (tenant) => ({
      path: at(tenant, "store"),
      body: event(),
      headers: { "content-encoding": "utf-8" },
    }),
  ],
  [
    "a plain body labelled gzip",
    (tenant) => ({
      path: at(tenant, "envelope"),
      body: envelope(),
      headers: { "content-encoding": "gzip" },
    }),
  ],
  [
    "one coding that is named twice",
    (tenant) => ({
      path: at(tenant, "envelope"),
      body: new Uint8Array(zlib.gzipSync(envelope())),
      headers: { "content-encoding": "gzip, gzip" },
    }),
  ],
  ["an event at the door of envelopes", (t) => ({ path: at(t, "envelope"), body: event() })],
  ["the same in several lines", (t) => ({ path: at(t, "envelope"), body: pretty() })],
  [
    "the same, longer than a header",
    (tenant) => ({
      path: at(tenant, "envelope"),
      body: JSON.stringify({ message: "odd", extra: { a: "b ".repeat(70_000) } }),
    }),
  ],
  [
    "an item of several lines",
    (tenant) => ({
      path: at(tenant, "envelope"),
      body: `{"event_id":"${randomId()}"}\n{"type":"event"}\n${pretty()}\n`,
    }),
  ],
  [
    "an envelope without its line ends",
    (tenant) => ({ path: at(tenant, "envelope"), body: envelope().replaceAll("\n", "") }),
  ],
  [
    "doubled slashes",
    (tenant) => ({ path: at(tenant, "/envelope/").replace("/api/", "//api//"), body: envelope() }),
  ],
  ["doubled slashes at the old door", (t) => ({ path: `/${at(t, "store")}`, body: event() })],
  ["a byte order mark", (tenant) => ({ path: at(tenant, "store"), body: `\ufeff${event()}` })],
])("%s: the event is stored", async (_, oddOf) => {
  const tenant = await makeTenant(stack);
  const { path, body, headers = {} } = oddOf(tenant);
  const response = await fetch(stack.url + path, { method: "POST", body, headers });
  expect([response.status, await response.json()]).toEqual([
    200,
    { id: expect.stringMatching(/^[0-9a-f]{32}$/) },
  ]);
  await eventually(async () => expect(await tenant.countEvents()).toBe(1));
});

describe("what is taken nowhere is refused with words, and counted", () => {
  test.each([
    ["envelope", '{"csp-report":{"blocked-uri":"x"}}', "the body has no items and is no event"],
    ["store", envelope(), "the body is an envelope, which the door envelope takes"],
  ])("by the door %s", async (door, body, detail) => {
    const tenant = await makeTenant(stack);
    const response = await tenant.send(body, { door: door as "store" });
    expect([response.status, await response.json()]).toEqual([400, { detail, causes: [detail] }]);
    await eventually(async () =>
      expect(await tenant.outcomes()).toEqual({ "error invalid malformed": 1 }),
    );
    expect(await tenant.countEvents()).toBe(0);
  });

  test("a DSN of another project than the path's", async () => {
    const tenant = await makeTenant(stack);
    const authorization = `DSN https://${tenant.publicKey}@errors.example/${tenant.projectId + 1}`;
    const response = await fetch(`${stack.url}/api/${tenant.projectId}/store/`, {
      method: "POST",
      body: event(),
      headers: { authorization },
    });
    expect([response.status, response.headers.get("x-sentry-error")]).toEqual([
      403,
      "conflicting credentials",
    ]);
  });
});
