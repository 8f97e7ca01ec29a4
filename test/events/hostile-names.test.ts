import { describe, expect, test } from "vitest";
import { normalizeEvent } from "../../src/events/normalize";
import { encodePayload, storedEventOf } from "../../src/events/payload";
import { scrubEvent } from "../../src/events/scrub";
import { summarize } from "../../src/events/title";
import type { JsonObject } from "../../src/protocol/json";
import { harmDone } from "../hostile-names";

function stored(payload: JsonObject) {
  const { event, report } = normalizeEvent(payload, {
    eventId: "a".repeat(32),
    receivedAt: 1_795_500_000,
    connection: { ip: "203.0.113.9" },
  });
  scrubEvent(event, report, { defaults: true, keepIp: true });
  return storedEventOf(event, summarize(event), report, []);
}

describe("no name in an event leads to what all objects share", () => {
  const leaf = { "": { rem: [["!", "x"]] } };
  test.each<[string, JsonObject]>([
    ["a note of the client", { _meta: { constructor: { prototype: { user: leaf } } } }],
    ["a note below another", { _meta: { extra: { "": { len: 9 }, constructor: leaf } } }],
    ["a removed member", { extra: { a: { "constructor.prototype.user": { password: "x" } } } }],
    ["a cut member", { extra: { "": 1, "constructor.prototype.host": "x".repeat(20_000) } }],
    [
      "a removed member without a name",
      { extra: { a: { "..constructor.prototype.get": { pwd: "x" } } } },
    ],
    [
      "a member of a list",
      { extra: { list: [{ "length.constructor.prototype.set": { pwd: "x" } }] } },
    ],
  ])("%s", (_, payload) => {
    const event = stored({ message: "x", ...payload });
    encodePayload(event);
    expect(harmDone()).toEqual([]);
    expect(JSON.stringify(event._meta)).toContain('"constructor":{');
  });
});

test("a note that begins below another note leads nowhere", () => {
  const event = stored({
    message: "x",
    _meta: { a: { "": { len: 9 }, ".__proto__.get": { "": { rem: [["!", "x"]] } } } },
  });
  expect(harmDone()).toEqual([]);
  expect(JSON.stringify(event._meta)).toBe('{"a":{"":{"len":9}}}');
});
