import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Envelope, parseEnvelope, parseEnvelopeHeader } from "../../src/protocol/envelope";

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

function parsed(input: string | Uint8Array): Envelope {
  const envelope = parseEnvelope(typeof input === "string" ? encode(input) : input);
  if (typeof envelope === "string") throw new Error(envelope);
  return envelope;
}
const itemsOf = (input: string) =>
  parsed(input).items.map(({ type, payload }) => [type, decode(payload)]);

describe("framing", () => {
  test.each<[string, string, [string, string][]]>([
    ["no newline at the end", '{}\n{"type":"event"}\n{}', [["event", "{}"]]],
    ["a newline at the end", '{}\n{"type":"event"}\n{}\n', [["event", "{}"]]],
    ["a header alone", "{}", []],
    [
      "a length",
      '{}\n{"type":"a","length":5}\nab\ncd\n{"type":"b"}\nx',
      [
        ["a", "ab\ncd"],
        ["b", "x"],
      ],
    ],
    [
      "a length in text",
      '{}\n{"type":"a","length":"2"}\nab\n{"type":"b"}\nx',
      [
        ["a", "ab"],
        ["b", "x"],
      ],
    ],
    [
      "a length that is null, negative or a fraction",
      '{}\n{"type":"a","length":null}\nab\n{"type":"b","length":-1}\nx\n{"type":"c","length":3.5}\ny',
      [
        ["a", "ab"],
        ["b", "x"],
        ["c", "y"],
      ],
    ],
    [
      "an empty attachment",
      '{}\n{"type":"attachment","length":0}\n\n{"type":"b"}\nx',
      [
        ["attachment", ""],
        ["b", "x"],
      ],
    ],
    [
      "CRLF",
      '{}\r\n{"type":"a"}\r\n{"x":1}\r\n{"type":"b","length":1}\r\nx\r\n',
      [
        ["a", '{"x":1}\r'],
        ["b", "x"],
      ],
    ],
    ["a mark and blank lines first", '\ufeff\n\n{}\n\n{"type":"a"}\nx', [["a", "x"]]],
    ["an item without a type", '{}\n{"length":2}\nab\n{"type":"b"}\nx', [["b", "x"]]],
    [
      "unknown types",
      '{}\n{"type":"zz"}\n1\n{"type":"event"}\n{}\n{"type":"yy"}\n2',
      [
        ["zz", "1"],
        ["event", "{}"],
        ["yy", "2"],
      ],
    ],
  ])("%s", (_, input, items) => {
    expect(itemsOf(input)).toEqual(items);
  });

  test("a wrong length costs at most its item: the next line end is found again", () => {
    const envelope = parsed('{}\n{"type":"event","length":3}\n{"a":1}\n{"type":"session"}\n{}');
    expect(envelope.items.map(({ type, payload }) => [type, decode(payload)])).toEqual([
      ["event", '{"a":1}'],
      ["session", "{}"],
    ]);
    expect(envelope.warnings).toHaveLength(1);
  });

  test("a length past the end keeps what is there, marked", () => {
    const [item] = parsed('{}\n{"type":"attachment","length":99}\nabc').items;
    expect([item?.truncated, decode(item?.payload ?? new Uint8Array())]).toEqual([true, "abc"]);
  });

  test("binary payloads stay as they are", () => {
    const binary = new Uint8Array([0, 10, 13, 255, 0, 10]);
    const head = encode('{}\n{"type":"attachment","length":6}\n');
    const tail = encode('\n{"type":"event"}\n{}');
    const input = new Uint8Array([...head, ...binary, ...tail]);
    expect(parsed(input).items.map(({ payload }) => [...payload])).toEqual([
      [...binary],
      [...encode("{}")],
    ]);
  });

  test.each(["", "\n", "[]", "null", '"x"', "7", "nonsense", "{"])(
    "%j is not an envelope",
    (input) => {
      expect(typeof parseEnvelope(encode(input))).toBe("string");
    },
  );
});

describe("written by hand", () => {
  const pretty = JSON.stringify({ message: "a", list: [{ b: "}\n{" }, [1]], c: {} }, null, 2);

  test.each<[string, string, [string, string][]]>([
    [
      "an item of several lines has no length and has neighbours",
      `{}\n{"type":"event"}\n${pretty}\n{"type":"session"}\n{}`,
      [
        ["event", pretty],
        ["session", "{}"],
      ],
    ],
    [
      "the first line of an item looks whole",
      '{}\n{"type":"event"}\n{"a":{}\n,"b":1}\n{"type":"session"}\n{}',
      [
        ["event", '{"a":{}\n,"b":1}'],
        ["session", "{}"],
      ],
    ],
    [
      "headers are of several lines as well",
      `{\r\n  "sdk": {}\r\n}\r\n{\r\n  "type": "event"\r\n}\r\n${pretty}\r\n`,
      [["event", pretty]],
    ],
    [
      "a length in characters instead of bytes",
      '{}\n{"type":"event","length":14}\n{\n  "m": "äöü"\n}\n{"type":"session"}\n{}',
      [
        ["event", '{\n  "m": "äöü"\n}'],
        ["session", "{}"],
      ],
    ],
    [
      "`curl -d @file` took the line ends out",
      '{"event_id":"x"}{"type":"event"}{"message":"a"}{"type":"session","length":2}{}',
      [
        ["event", '{"message":"a"}'],
        ["session", "{}"],
      ],
    ],
    ["an item that never ends", '{}\n{"type":"event"}\n{"a":\n1', [["event", '{"a":']]],
    [
      "text in brackets",
      '{}\n{"type":"b"}\n[info] x\n{"type":"c"}\ny',
      [
        ["b", "[info] x"],
        ["c", "y"],
      ],
    ],
  ])("%s", (_, input, items) => {
    expect(itemsOf(input)).toEqual(items);
  });

  test("any JSON of several lines comes out as it was, beside its neighbours", () => {
    const json = fc.jsonValue().filter((value) => typeof value === "object" && value !== null);
    fc.assert(
      fc.property(json, fc.constantFrom("\t", 1, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const input = `{}\n{"type":"a"}\n${text}\n{"type":"b"}\n${text}\n{"type":"c"}\n{}\n`;
        expect(itemsOf(input)).toEqual([
          ["a", text],
          ["b", text],
          ["c", "{}"],
        ]);
      }),
    );
  });

  test("nobody walks again and again over a thousand items that never end", () => {
    const item = `{"type":"event"}\n{"a":[${"1,".repeat(500)}\n`;
    let reads = 0;
    const bytes = encode(`{}\n${item.repeat(900)}`);
    const input = new Proxy(bytes, {
      get(target, name) {
        if (typeof name === "string" && /^\d+$/.test(name)) reads++;
        const value = Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    expect(parseEnvelope(input)).toMatchObject({ items: { length: 900 } });
    expect(reads).toBeLessThan(2 * bytes.length);
  });
});

describe("an event without an envelope around it", () => {
  const event = '{"event_id":"e","message":"x","level":"info"}';

  test.each([
    ["one line", event],
    ["several lines", JSON.stringify(JSON.parse(event), null, 2)],
    ["longer than a header may be", JSON.stringify({ message: "x".repeat(100_000) })],
    ["an exception", '{"exception":{"values":[]}}'],
    ["of an old client", '{"sentry.interfaces.Message":{"message":"x"}}'],
    ["a mark first", `\ufeff${event}`],
  ])("is one item: %s", (_, body) => {
    const envelope = parsed(body);
    expect(envelope.isBare).toBe(true);
    expect(envelope.items.map(({ type, payload }) => [type, decode(payload)])).toEqual([
      ["event", body.replace("\ufeff", "")],
    ]);
  });

  test.each(['{"csp-report":{"blocked-uri":"x"}}', '{"hello":"world"}'])(
    "%s is said to be none",
    (body) => {
      expect(parseEnvelope(encode(body))).toBe("the body has no items and is no event");
    },
  );

  test.each(["{}", '{"event_id":"e"}', '{"sent_at":"2026-01-01T00:00:00Z","x":1}'])(
    "%s is an envelope with nothing in it",
    (body) => {
      expect(parsed(body)).toMatchObject({ items: [], warnings: [] });
    },
  );
});

describe("the work follows the items, not the bytes", () => {
  /** An input that counts the bytes that are looked at one by one. */
  function counted(bytes: Uint8Array) {
    const seen = { reads: 0 };
    const input = new Proxy(bytes, {
      get(target, name) {
        if (typeof name === "string" && /^\d+$/.test(name)) seen.reads++;
        const value = Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    return { input, seen };
  }
  const lineEnds = (count: number) => new Uint8Array(count).fill(10);
  const joined = (...parts: (string | Uint8Array)[]) =>
    new Uint8Array(
      Buffer.concat(parts.map((part) => (typeof part === "string" ? encode(part) : part))),
    );

  test("39 million line ends are no envelope, and nobody walks over them", () => {
    const { input, seen } = counted(lineEnds(39_000_000));
    expect(parseEnvelope(input)).toBe("the envelope header is missing");
    expect(seen.reads).toBeLessThan(70_000);
  });

  test("39 million line ends between two items end the envelope with a warning", () => {
    const { input, seen } = counted(
      joined('{}\n{"type":"a"}\n1\n', lineEnds(39_000_000), '{"type":"b"}\n2'),
    );
    const envelope = parseEnvelope(input);
    expect(envelope).toMatchObject({
      items: [{ type: "a" }],
      warnings: ["more than 65536 bytes between items"],
    });
    expect(seen.reads).toBeLessThan(70_000);
  });

  test("line ends between many items are counted together", () => {
    const item = joined('{"type":"a"}\n1\n', lineEnds(1000));
    const envelope = parsed(joined("{}\n", ...Array<Uint8Array>(200).fill(item)));
    expect(envelope.items).toHaveLength(66);
    expect(envelope.warnings).toEqual(["more than 65536 bytes between items"]);
  });

  test("headers that are larger than anything they announce end the envelope", () => {
    const item = `{"type":"a","x":"${"y".repeat(60_000)}"}\n1\n`;
    const envelope = parsed(`{}\n${item.repeat(500)}`);
    expect(envelope.items).toHaveLength(17);
    expect(envelope.warnings).toEqual(["item headers of more than 1048576 bytes"]);
  });

  test("the thousand-and-first item ends the envelope with a warning", () => {
    const envelope = parsed(`{}\n${'{"type":"a"}\n\n'.repeat(1500)}`);
    expect(envelope.items).toHaveLength(1000);
    expect(envelope.warnings).toEqual(["more than 1000 items"]);
  });

  test("a payload of a wrong length is not read to find its end", () => {
    const item = `{"type":"event","length":1}\n{"a":"${"x".repeat(1000)}"}\n`;
    const { input, seen } = counted(encode(`{}\n${item.repeat(1000)}`));
    expect(parseEnvelope(input)).toMatchObject({ items: { length: 1000 } });
    expect(seen.reads).toBeLessThan(20_000);
  });

  test("the header alone is read from the first bytes of an input that is cut anywhere behind it", () => {
    const input = encode('\n{"dsn":"d"}\n{"type":"event"}\n{}');
    expect(parseEnvelopeHeader(input.subarray(0, 15))).toEqual({ dsn: "d" });
    expect(parseEnvelopeHeader(lineEnds(100))).toBe("the envelope header is missing");
  });
});

describe("whatever comes", () => {
  const payload = fc.uint8Array({ maxLength: 200 });
  const type = fc.constantFrom("event", "attachment", "session", "unknown");

  test("items with lengths come out byte for byte", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ type, payload }), { maxLength: 8 }),
        fc.boolean(),
        (items, ends) => {
          const parts = items.map((item) => [
            encode(`\n${JSON.stringify({ type: item.type, length: item.payload.length })}\n`),
            item.payload,
          ]);
          const input = Buffer.concat([encode("{}"), ...parts.flat(), encode(ends ? "\n" : "")]);
          const found = parsed(new Uint8Array(input)).items;
          expect(found.map((item) => [item.type, [...item.payload]])).toEqual(
            items.map((item) => [item.type, [...item.payload]]),
          );
        },
      ),
    );
  });

  test("no bytes make it throw, and payloads never reach outside of the input", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (bytes, withHeader) => {
        const input = withHeader ? new Uint8Array([...encode("{}\n"), ...bytes]) : bytes;
        const envelope = parseEnvelope(input);
        if (typeof envelope === "string") return;
        const total = envelope.items.reduce((sum, item) => sum + item.payload.length, 0);
        expect(total).toBeLessThanOrEqual(input.length);
      }),
    );
  });

  test("text of items and headers never disturbs the neighbours", () => {
    fc.assert(
      fc.property(fc.json(), fc.json(), (before, after) => {
        const input = `{}\n{"type":"a"}\n${before}\n{"type":"event"}\n{"ok":1}\n{"type":"b"}\n${after}`;
        expect(itemsOf(input)).toEqual([
          ["a", before],
          ["event", '{"ok":1}'],
          ["b", after],
        ]);
      }),
    );
  });
});
