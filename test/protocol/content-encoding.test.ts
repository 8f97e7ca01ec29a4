import zlib from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeBody, decodeHead, decodeStoreBody } from "../../src/protocol/content-encoding";

const bytesMax = 100_000;
const encode = (text: string) => new TextEncoder().encode(text);
const decoded = (body: Uint8Array, encoding: string | null) =>
  new TextDecoder().decode(decodeBody(body, encoding, bytesMax));
const head = async (body: Uint8Array, encoding: string | null) =>
  new TextDecoder().decode(await decodeHead(body, encoding, bytesMax));
const body = '{"event_id":"e"}\n{"type":"event"}\n{}';

describe("a label that says nothing of the body", () => {
  test.each(
    ["", " ", "identity", "none", "None", "utf-8", "UTF8", "us-ascii", "iso-8859-1", "binary"]
      .concat(["8bit", "7bit", "plain", "null", "undefined", '"utf-8"', "utf-8;q=1", "utf-8, none"])
      .concat(["utf-8, utf-8, utf-8", "chunked", "text/plain;charset=utf-8"]),
  )("%j", async (label) => {
    expect(decoded(encode(body), label)).toBe(body);
    expect(await head(encode(body), label)).toBe(body);
    expect(decoded(zlib.gzipSync(body), label)).toBe(body);
  });

  test.each(["lzma", "base64", "gzip, lzma"])("%j is none of these", (label) => {
    expect(() => decoded(encode("x"), label)).toThrow("Unknown content encoding");
  });

  test.each(["lzma", "made-up"])("%j is none either, but the body is JSON", async (label) => {
    expect(decoded(encode(body), label)).toBe(body);
    expect(await head(encode(body), label)).toBe(body);
  });
});

describe("a plain body under the label of a coding", () => {
  test.each(["gzip", "x-gzip", "GZ", "deflate", "zlib", "br", "brotli", "zstd", "gzip, gzip"])(
    "%s",
    async (label) => {
      for (const text of [body, `\ufeff${body}`, ' \r\n[{"type":"csp-violation"}]']) {
        expect(decoded(encode(text), label)).toBe(text.replace("\ufeff", ""));
        expect(await head(encode(text), label)).toBe(text.replace("\ufeff", ""));
      }
    },
  );

  test("one coding that is named twice", () => {
    expect(decoded(zlib.gzipSync(body), "gzip, gzip")).toBe(body);
  });

  test.each(["deflate", "br"])("what is neither %s nor JSON is refused", (label) => {
    expect(() => decoded(encode("certainly not compressed"), label)).toThrow("not valid");
  });

  test("what was cut off is not taken for plain", () => {
    for (const [label, bytes] of [
      ["gzip", zlib.gzipSync(body)],
      ["deflate", zlib.deflateSync(body)],
      ["br", zlib.brotliCompressSync(body)],
    ] as const) {
      expect(() => decoded(bytes.subarray(0, bytes.length - 9), label)).toThrow("not valid");
    }
  });

  test("a coded body is never taken for a plain one, whatever is in it", () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        for (const [label, bytes] of [
          ["gzip", zlib.gzipSync(json)],
          ["deflate", zlib.deflateRawSync(json)],
          ["deflate", zlib.deflateSync(json)],
          ["br", zlib.brotliCompressSync(json)],
        ] as const) {
          expect(decoded(bytes, label)).toBe(json);
        }
      }),
    );
  });
});

test("a byte order mark before an event of the old door", () => {
  const event = encode('\ufeff {"message":"x"}');
  expect(new TextDecoder().decode(decodeStoreBody(event, bytesMax)).trim()).toBe('{"message":"x"}');
});
