import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { normalizeEvent } from "../../src/events/normalize";
import { scrubEvent } from "../../src/events/scrub";
import { firstTags } from "../../src/events/tags";
import type { JsonObject } from "../../src/protocol/json";

const source = { eventId: "a".repeat(32), receivedAt: 1_795_500_000, connection: {} };
const normal = (payload: JsonObject) => normalizeEvent(payload, source);
const tagsOf = (payload: JsonObject) => Object.fromEntries(normal(payload).event.tags);
const errorsOf = (payload: JsonObject) =>
  normal(payload).report.errors.map(({ name, value }) => [name, value]);

describe("keys of tags stay apart", () => {
  test.each<[string, Record<string, string>, Record<string, string>]>([
    ["in other scripts", { 名前: "a", 国名: "b" }, { 名前: "a", 国名: "b" }],
    ["with marks and digits of other scripts", { नाम: "a", "٣": "b" }, { नाम: "a", "٣": "b" }],
    ["that are repaired to the same", { "a b": "1", "a/b": "2" }, { a_b: "1", a_b_2: "2" }],
    [
      "and one that needed no repair keeps its name",
      { "a b": "1", a_b: "2" },
      { a_b: "2", a_b_2: "1" },
    ],
    [
      "that look the same but are composed otherwise",
      { "caf\u00e9": "1", "cafe\u0301": "2" },
      { "caf\u00e9": "1", "caf\u00e9_2": "2" },
    ],
    ["without a letter", { "🦊": "1", "🐻": "2" }, { _: "1", __2: "2" }],
  ])("%s", (_, tags, expected) => {
    expect(tagsOf({ tags })).toEqual({ level: "error", ...expected });
  });

  test("a repaired one says what it was", () => {
    expect(errorsOf({ tags: { "a b": "1", 名前: "x" } })).toEqual([["tags.a_b", "a b"]]);
  });

  test("whatever they are, every value is found once", () => {
    const key = fc.string({ minLength: 1, maxLength: 8, unit: "binary" });
    fc.assert(
      fc.property(fc.uniqueArray(key, { maxLength: 40 }), (keys) => {
        const sent = keys.filter((each) => each.trim() !== "" && !each.includes("\u0000"));
        const pairs = sent.map((each, index) => [each, `value-${index}`]);
        const distinct = new Set(sent.map((each) => each.trim()));
        const found = normal({ tags: pairs }).event.tags.filter(([name]) => name !== "level");
        expect(found.length).toBe(distinct.size);
        expect(new Set(found.map(([, value]) => value)).size).toBe(found.length);
      }),
    );
  });
});

describe("the sender's own tags", () => {
  const contexts = { device: { model: "Pixel 8", family: "Pixel" }, os: { name: "Android" } };
  const request = { url: "https://shop.example/cart" };

  test("stay beside what we would have made of other things", () => {
    const own = { url: "internal:job", device: "kiosk-7", os: "ours" };
    expect(tagsOf({ contexts, request, tags: own })).toMatchObject({
      ...own,
      "device.family": "Pixel",
      "os.name": "Android",
    });
    expect(errorsOf({ contexts, request, tags: own })).toEqual([]);
  });

  test("stay when the event is scrubbed, and what we made of a field is made again of what is left", () => {
    const secret = "https://shop.example/?access_token=s3kr3tv4lue";
    const own = normal({ request, tags: { url: secret }, extra: { password: "hunter2" } });
    scrubEvent(own.event, own.report, { defaults: true, keepIp: true });
    expect(Object.fromEntries(own.event.tags).url).toBe(
      "https://shop.example/?access_token=[Filtered]",
    );
    const long = `https://shop.example/${"x/".repeat(80)}?sk_live_${"4eC39Hq".repeat(4)}`;
    const made = normal({ request: { url: long.replace("?", "") } });
    scrubEvent(made.event, made.report, { defaults: true, keepIp: true });
    expect(JSON.stringify(made.event.tags)).not.toContain("4eC39Hq");
  });

  test("give way to a field, which says so", () => {
    const payload = { release: "field", level: "info", tags: { release: "tag", level: "warn" } };
    expect(tagsOf(payload)).toMatchObject({ release: "field", level: "info" });
    expect(errorsOf(payload)).toEqual([["tags.release", "tag"]]);
    expect(errorsOf({ tags: { level: "warn", site: "x" } })).toEqual([["tags.site", "x"]]);
  });
});

test("seventy tags of the sender do not crowd out ours", () => {
  const tags = Object.fromEntries(Array.from({ length: 70 }, (_, n) => [`a${n}`, "v"]));
  const payload = { tags, environment: "qa", release: "r@1", transaction: "t", user: { id: 1 } };
  const first = firstTags(normal(payload).event.tags, 60);
  expect(first).toHaveLength(60);
  expect(Object.fromEntries(first)).toMatchObject({
    environment: "qa",
    release: "r@1",
    transaction: "t",
    "user.id": "1",
  });
  expect(firstTags(normal(payload).event.tags, 100)).toEqual(normal(payload).event.tags);
});
