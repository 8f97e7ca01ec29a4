import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isOwnAddress } from "../../src/protocol/own-address";

const base = "https://errors.example";
const mounted = "https://example.com/errors";

test.each([
  ["/", base],
  ["/login?next=%2F#top", base],
  ["https://errors.example", base],
  ["https://errors.example/issues/7?a=b", base],
  ["HTTPS://ERRORS.example/x", base],
  ["/errors", mounted],
  ["/errors/login", mounted],
  ["https://example.com/errors/", mounted],
])("%j is a place of %s", (given, publicUrl) => {
  expect(isOwnAddress(publicUrl, given)).toBe(true);
});

const elsewhere = [
  "",
  "login",
  "//evil.example",
  "/\\evil.example",
  "\\\\evil.example",
  "/..//evil.example",
  "/.//evil.example",
  "/a/..//evil.example",
  "/%2e%2e//evil.example",
  "https:evil.example",
  "https:/evil.example",
  "https:///evil.example",
  "https://evil.example",
  "/%5cevil.example",
  "http://errors.example",
  "https://errors.example:444",
  "https://errors.example.evil.example",
  "https://errors.example@evil.example",
  "https://user@errors.example/",
  "/%2f/evil.example",
  "https://user:pass@errors.example/",
  "/\t/evil.example",
  "/\n/evil.example",
  " /x",
  "/x\r\n",
  "java\nscript:alert(1)",
  "javascript:alert(1)",
  "data:text/html,x",
  "//errors.example",
  "https://errors.example\\@evil.example",
  "https://errors.example//evil.example",
  "///x",
];

test.each(elsewhere)("%j is nobody's way back", (given) => {
  expect([isOwnAddress(base, given), isOwnAddress(mounted, given)]).toEqual([false, false]);
});

test.each(["/", "/login", "/errorsome", "/errors/../admin", "https://example.com/"])(
  "%j is not below the mount prefix",
  (given) => {
    expect(isOwnAddress(mounted, given)).toBe(false);
  },
);

describe("whatever is put together", () => {
  const piece = fc.constantFrom(
    "/",
    "//",
    "\\",
    "..",
    ".",
    ":",
    "@",
    "?",
    "#",
    "%2f",
    "%5c",
    "%2e",
    "\t",
    "\n",
    " ",
    "a",
    "https:",
    "http:",
    "evil.example",
    "errors.example",
    "example.com",
    "errors",
    "\u0000",
  );
  const address = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(""));

  test.each([base, mounted])(
    "what is taken stays at %s, from every page and reader",
    (publicUrl) => {
      const { origin } = new URL(publicUrl);
      fc.assert(
        fc.property(
          fc.oneof(
            address,
            address.map((rest) => origin + rest),
          ),
          (given) => {
            if (!isOwnAddress(publicUrl, given)) return;
            for (const page of ["/", "/a/b/", "/login?next=x"]) {
              const followed = new URL(given, publicUrl + page);
              expect(followed.origin).toBe(origin);
              // Whoever keeps the path alone must not end up elsewhere either.
              expect(new URL(followed.pathname + followed.search, origin).origin).toBe(origin);
              expect(`${followed.pathname}/`.startsWith(new URL(publicUrl).pathname)).toBe(true);
            }
          },
        ),
        { numRuns: 3000 },
      );
    },
  );
});
