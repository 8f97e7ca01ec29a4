import { expect, test } from "vitest";
import { invitationOf } from "../../../src/web/auth/invitation";
import { digitsOf, isWholeCode, recoveryCodeOf } from "../../../src/web/frame/code-words";

test.each([
  ["123456", "123456", true],
  ["123 456", "123456", true],
  [" 123-456\n", "123456", true],
  ["1234567", "123456", true],
  ["12345", "12345", false],
  ["", "", false],
  ["abc", "", false],
])("%j is pasted as a code: %j", (typed, digits, isWhole) => {
  expect([digitsOf(typed), isWholeCode(digitsOf(typed))]).toEqual([digits, isWhole]);
});

test.each([
  ["b73e6-xVQPX", "b73e6-xVQPX"],
  [" b73e6-xVQPX\n", "b73e6-xVQPX"],
  ["b73e6 - xVQPX", "b73e6-xVQPX"],
  ["x".repeat(500), "x".repeat(40)],
])("%j is a recovery code: %j", (typed, code) => {
  expect(recoveryCodeOf(typed)).toBe(code);
});

test.each([
  ["3/9c77bd2d", "3/9c77bd2d"],
  ["3/", undefined],
  ["/9c77", undefined],
  ["3/9c77/../x", undefined],
  [["3/a", "4/b"], undefined],
  [undefined, undefined],
])("%j in an address is the invitation %j", (given, invitation) => {
  expect(invitationOf(given)).toBe(invitation);
});
