import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parameterizeG2 } from "../../../src/issues/grouping/g2-parameterize";

describe("numbers that say what failed stay", () => {
  test.each([
    ["Request failed with status code 400", "Request failed with status code 400"],
    [
      "Request failed with status code 504 after 3021 ms",
      "Request failed with status code 504 after <num> ms",
    ],
    ["GET https://api.example.com/v1/carts/42?x=1 failed with 503", "GET <url> failed with 503"],
    [
      "404 Client Error: Not Found for url: https://x.example/a",
      "404 Client Error: Not Found for url: <url>",
    ],
    [
      "Client error: `GET https://x/a` resulted in a `404 Not Found` response",
      "Client error: `GET <url>` resulted in a `404 Not Found` response",
    ],
    ["HTTP/1.1 502 Bad Gateway", "HTTP/1.1 502 Bad Gateway"],
    ["HTTP404 for order_99123", "HTTP404 for order_<num>"],
    ["Unexpected response: statusCode=429", "Unexpected response: statusCode=429"],
    [
      "[Errno 2] No such file or directory: '/tmp/a'",
      "[Errno 2] No such file or directory: '/tmp/a'",
    ],
    ["[WinError 10061] refused", "[WinError 10061] refused"],
    ["No such file or directory (os error 2)", "No such file or directory (os error 2)"],
    ["cURL error 28: timed out after 30001 ms", "cURL error 28: timed out after <num> ms"],
    [
      "Command 'make' returned non-zero exit status 2.",
      "Command 'make' returned non-zero exit status 2.",
    ],
    ["Process exited with code 137", "Process exited with code 137"],
    ["worker 17 was killed by signal 9", "worker <num> was killed by signal 9"],
    ["Exception from HRESULT: 0x80070005", "Exception from HRESULT: 0x80070005"],
    ["EXCEPTION at 0xC0000005 reading 0x00000010", "EXCEPTION at 0xC0000005 reading <hex>"],
    [
      "SQLSTATE[23000]: Integrity constraint violation: 1062 Duplicate entry '12'",
      "SQLSTATE[23000]: Integrity constraint violation: 1062 Duplicate entry '<num>'",
    ],
    ["ORA-00942: table or view does not exist", "ORA-00942: table or view does not exist"],
    ['(1045, "Access denied for user")', '(1045, "Access denied for user")'],
    [
      "E11000 duplicate key error collection: shop.carts",
      "E11000 duplicate key error collection: shop.carts",
    ],
    [
      "Invalid `prisma.cart.create()` invocation: error code: P2002",
      "Invalid `prisma.cart.create()` invocation: error code: P2002",
    ],
    [
      'Error Domain=NSURLErrorDomain Code=-1009 "offline"',
      'Error Domain=NSURLErrorDomain Code=-1009 "offline"',
    ],
    ["14 UNAVAILABLE: No connection established", "14 UNAVAILABLE: No connection established"],
    ["550 5.1.1 user unknown", "550 5.1.1 user unknown"],
    [
      "Minified React error #185; visit https://react.dev/errors/185 for the full message",
      "Minified React error #185; visit react.dev/errors/185 for the full message",
    ],
    [
      "Minified Redux error #13; visit https://redux.js.org/Errors?code=13",
      "Minified Redux error #13; visit redux.js.org/Errors?code=13",
    ],
    ["NG0203: inject() must be called", "NG0203: inject() must be called"],
    ["https://vuejs.org/error-reference/#runtime-13", "vuejs.org/error-reference/#runtime-13"],
    [
      "https://svelte.dev/e/effect_update_depth_exceeded",
      "svelte.dev/e/effect_update_depth_exceeded",
    ],
    ["relation does not exist (42P01)", "relation does not exist (42P01)"],
    ["JSON-RPC error: code -32603", "JSON-RPC error: code -32603"],
    [
      "The remote server returned an error: (404) Not Found.",
      "The remote server returned an error: (404) Not Found.",
    ],
    ["MongoServerError with code: 11000", "MongoServerError with code: 11000"],
    ["OSStatus error -25300", "OSStatus error -25300"],
    ["EXC_BAD_ACCESS (code=1, address=0x10)", "EXC_BAD_ACCESS (code=1, address=<hex>)"],
    ["websocket closed, code 1006", "websocket closed, code 1006"],
    ["[MobX] minified error nr: 35", "[MobX] minified error nr: 35"],
  ])("%j → %j", (text, expected) => {
    expect(parameterizeG2(text)).toBe(expected);
  });
});

describe("ids, times, sizes and addresses go", () => {
  test.each([
    ["Could not load cart 4711 for user ada", "Could not load cart <num> for user ada"],
    [
      "Frobnicator 0x3124 coolant leak on valve 15",
      "Frobnicator <hex> coolant leak on valve <num>",
    ],
    [
      "Request 3fa85f64-5717-4562-b3fc-2c963f66afa6 timed out after 30000ms",
      "Request <uuid> timed out after <num>",
    ],
    ["Connection to 10.0.3.17:5432 refused", "Connection to <ip> refused"],
    ["job 01ARZ3NDEKTSV4RRFFQ69G5FAV is lost", "job <id> is lost"],
    ["session V1StGXR8_Z5jdHi6B-myT is gone", "session <id> is gone"],
    ["pod web-7d4b9c6f5d-x2x8z was evicted", "pod web-<pod> was evicted"],
    ["document 507f1f77bcf86cd799439011 not found", "document <hex> not found"],
    ["com.acme.Cart@1a2b3c4d is not a Cart", "com.acme.Cart@<hex> is not a Cart"],
    ["[B@4f3f5b24", "[B@<hex>"],
    ["<Cart object at 0x7f9697eb2405> is closed", "<Cart object at <hex>> is closed"],
    ["took 1m30.5s, 12.5 ms, 3kb, 4 MiB, 99%", "took <num>, <num> ms, <num>, <num>, <num>"],
    ["on Mon, 23 Nov 2026 12:00:01 GMT and Nov 23, 2026", "on <date> and <date>"],
    ["at 2026/11/23 and 23.11.2026 and 20261123T120000Z", "at <date> and <date> and <date>"],
    ["the 1st, 2nd and 33rd try", "the <num>, <num> and <num> try"],
    [
      "type 'minified:kP' is not a subtype of type 'minified:aQ'",
      "type '<type>' is not a subtype of type '<type>'",
    ],
    ["no charge pi_3MtwBwLkdIwHu7ix28a3tqPa", "no charge pi_<id>"],
    ["Status Code: 403; Request ID: 7YJ3K1Q0B2XZ9DEF", "Status Code: 403; Request ID: <id>"],
    ["Utf8Base64Encoder and HTTP2SERVER", "Utf8Base64Encoder and HTTP2SERVER"],
    ["Invalid zip code: 12345", "Invalid zip code: <num>"],
    ["Invalid zip code 1234", "Invalid zip code <num>"],
    ["Unexpected token } in JSON at position 1234", "Unexpected token } in JSON at position <num>"],
    ["Error: 5 files are missing", "Error: <num> files are missing"],
    ["expected 3 arguments, got 512", "expected <num> arguments, got <num>"],
    ["the query returned 404 rows", "the query returned <num> rows"],
    ["ORDER 12 FAILED", "ORDER <num> FAILED"],
    ["heap at 0x8a3f21c0", "heap at <hex>"],
    ["Thread-12 in pool-3-thread-7", "Thread-<num> in pool-<num>-thread-<num>"],
    ["undefined method `foo' for nil", "undefined method 'foo' for nil"],
    ["\n\n  first line  \nsecond", "first line"],
    ["std::vector and utf8", "std::vector and utf8"],
    [
      "Non-Error exception captured with keys: code, message",
      "Non-Error exception captured with keys: code, message",
    ],
    ["", ""],
  ])("%j → %j", (text, expected) => {
    expect(parameterizeG2(text)).toBe(expected);
  });
});

test("private-use characters of a sender do not become numbers", () => {
  expect(parameterizeG2("a \uE001\uE002 b")).toBe("a b");
});

test("any number in any place gives the same text", () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.nat(),
      fc.constantFrom("cart % failed", "(%)", "id=% x", "% items", "after %ms", "user% is gone"),
      (a, b, template) => {
        const [one, two] = [a, b].map((number) =>
          parameterizeG2(template.replace("%", String(number + 1000))),
        );
        expect(one).toBe(two);
      },
    ),
  );
});

test("the answer is stable, bounded and has one line, whatever the text", () => {
  const piece = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.constantFrom(
      "1.",
      "a@",
      ":::",
      "a://",
      "0",
      "a-",
      "\uE003",
      "\uD800",
      "\n",
      "\u2028",
      "code 1",
      "Mon, 1 ",
    ),
  );
  const text = fc
    .tuple(fc.array(piece, { maxLength: 12 }), fc.nat(40))
    .map(([pieces, times]) => pieces.join("").repeat(times + 1));
  fc.assert(
    fc.property(text, (each) => {
      const once = parameterizeG2(each);
      expect(once.length).toBeLessThanOrEqual(200);
      expect(once).not.toMatch(/[\r\n]/);
      expect(parameterizeG2(each)).toBe(once);
    }),
  );
});
