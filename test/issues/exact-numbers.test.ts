import { describe, expect, test } from "vitest";
import { prepare } from "../../src/digest/prepare";
import { decodePayload } from "../../src/events/payload";
import { eventMarkdown } from "../../src/issues/event-markdown";
import { toEvent, toRawEvent } from "../../src/issues/event-shapes";
import { eventsOf } from "../prepared";

const id = "315318734258499231";
const other = "315318734258499232";

/** A payload, as it is sent, through everything that reads it; the event as the store has it. */
function stored(payload: string) {
  const bytes = new TextEncoder().encode(payload);
  const meta = {
    v: 1 as const,
    id: "019f1f2e-0000-7000-8000-000000000000",
    receivedAt: 1_795_500_000_000,
    door: "envelope" as const,
    projectId: 1,
    orgId: 1,
    scrubDefaults: true,
    scrubIpAddresses: false,
    encoding: null,
  };
  const items = [{ type: "event", headers: {}, payload: bytes, truncated: false }];
  const [event] = eventsOf(prepare(meta, { header: {}, items, warnings: [], bytes: bytes.length }));
  if (!event) throw new Error("nothing was prepared");
  return { ...event, ...decodePayload(event.payload) };
}

function shown(payload: string) {
  const { event } = stored(payload);
  const row = { eventId: "a".repeat(32), projectId: 1, issueId: "1", receivedAt: "" } as never;
  const at = { shortId: "A-1", permalink: "", eventId: "", receivedAt: "" };
  return {
    answer: toEvent({ row, event }),
    raw: JSON.stringify(toRawEvent({ row, event })),
    markdown: eventMarkdown(event, at),
  };
}

describe("an id beyond 2^53 keeps its digits", () => {
  test.each([
    ["of a person", `"user":{"id":${id}}`],
    ["in other data of a person", `"user":{"id":1,"account":${id}}`],
    ["in a tag", `"tags":{"order":${id}}`],
    ["in a tag of a list", `"tags":[["order",${id}]]`],
    ["in extra", `"extra":{"order":{"ids":[${id}]}}`],
    ["in a context", `"contexts":{"order":{"id":${id}}}`],
    [
      "in locals",
      `"exception":{"type":"E","stacktrace":{"frames":[{"function":"f","vars":{"n":${id}}}]}}`,
    ],
    ["in a breadcrumb", `"breadcrumbs":[{"message":"x","data":{"n":${id}}}]`],
    ["in the body of a request", `"request":{"data":{"n":${id}}}`],
    ["in the body of a request that is a text", `"request":{"data":"{\\"n\\":${id}}"}`],
    ["in the query of a request", `"request":{"query_string":{"n":${id}}}`],
    ["in parameters of a message", `"logentry":{"message":"order %s","params":[${id}]}`],
    ["as the text of an exception", `"exception":{"type":"E","value":${id}}`],
    ["in a fingerprint", `"fingerprint":["{{ default }}",${id}]`],
    ["in a thread", `"threads":[{"id":${id},"name":"t"}]`],
    ["in a mechanism", `"exception":{"type":"E","mechanism":{"type":"m","data":{"n":${id}}}}`],
  ])("%s", (_, member) => {
    const { answer, raw } = shown(`{"message":"x","platform":"other",${member}}`);
    expect(raw).toContain(id);
    if (!member.includes("fingerprint")) expect(JSON.stringify(answer)).toContain(id);
  });

  test("and is read in Markdown", () => {
    const { markdown } = shown(`{"message":"x","user":{"id":${id}},"tags":{"order":${other}}}`);
    expect(markdown).toContain(id);
    expect(markdown).toContain(other);
  });

  test("beside text that holds a secret", () => {
    const { raw } = shown(`{"extra":{"sent":"{\\"n\\":${id},\\"password\\":\\"hunter2\\"}"}}`);
    expect(raw).toContain(id);
    expect(raw).not.toContain("hunter2");
  });

  test("two people whose ids differ in the last digit are two", () => {
    const [a, b] = [id, other].map((each) => stored(`{"user":{"id":${each}}}`).userHash);
    expect(a).not.toBe(b);
  });

  test("the number of a card among them is still a secret", () => {
    expect(shown('{"extra":{"n":6304000000000000001}}').raw).toContain("6304000000000000001");
    expect(shown('{"extra":{"n":4000000000000000006}}').raw).not.toContain("4000000000000000006");
  });
});

test.each([
  ["-0", '"extra":{"n":-0}'],
  ["1e400", '"extra":{"n":1e400}'],
  ["-1E+999", '"contexts":{"c":{"n":[-1E+999]}}'],
  ["1e400", '"tags":{"n":1e400}'],
  ["1e400", '"user":{"id":1e400}'],
])("%s is shown as it was sent in %s", (number, member) => {
  expect(shown(`{"message":"x",${member}}`).raw).toContain(`"${number}"`);
});

test("a million digits are cut, and a note says how many there were", () => {
  const { event } = stored(`{"message":"x","extra":{"n":${"7".repeat(1_000_000)}}}`);
  expect(String(event.extra?.n).length).toBeLessThan(20_000);
  expect(JSON.stringify(event._meta)).toContain("1000000");
});

test("numbers stay numbers, and times and addresses are read from long ones", () => {
  const { event } = stored(
    '{"timestamp":1795499999000000001,"extra":{"n":42,"f":1.5},"exception":{"type":"E","stacktrace":{"frames":[{"instruction_addr":18446744073709551615}]}}}',
  );
  expect(event.extra).toEqual({ n: 42, f: 1.5 });
  expect(event.timestamp).toBe(1_795_499_999);
  expect(event.exception?.values[0]?.stacktrace?.frames[0]?.instruction_addr).toBe(
    "0xffffffffffffffff",
  );
});
