import fc from "fast-check";
import { expect, test } from "vitest";
import { returnPathOf } from "../../../src/web/auth/return-path";

test.each([
  "/",
  "/acme/issues",
  "/acme/issues?query=is%3Aunresolved&project=1",
  "/accept/3/9c77bd2d/",
  "/profile/security#passkeys",
  "/login-of-acme/issues",
])("%s is a page of ours: one comes back there", (path) => {
  expect(returnPathOf(path)).toBe(path);
});

test.each([
  undefined,
  null,
  7,
  ["/a", "/b"],
  "",
  "acme",
  "https://evil.example/",
  "//evil.example/",
  "/\\evil.example",
  "/..//evil.example",
  "/a//evil.example",
  "/%2fevil.example",
  "/\t/evil.example",
  "javascript:alert(1)",
  "/login",
  "/login?next=/login",
  "/register/",
  "/welcome#x",
  `/${"a".repeat(2001)}`,
])("%s is none: one comes to the start page", (next) => {
  expect(returnPathOf(next)).toBe("/");
});

test("whatever an address says, a browser that follows it stays on our origin", () => {
  const words = fc.array(
    fc.constantFrom(
      "/",
      "\\",
      "evil.example",
      "..",
      "%2f",
      "%5C",
      ":",
      "@",
      "?",
      "#",
      "https:",
      "\t",
      " ",
      "a",
    ),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        words.map((all) => all.join("")),
      ),
      (next) => {
        const path = returnPathOf(next);
        expect(path.startsWith("/")).toBe(true);
        expect(new URL(path, "https://ours.example/x/").origin).toBe("https://ours.example");
      },
    ),
  );
});
