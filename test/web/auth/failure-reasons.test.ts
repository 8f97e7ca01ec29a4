import { expect, test } from "vitest";
import { failureReason } from "../../../src/web/auth/failure-reasons";

test.each([
  ["access_denied", "You said no at the other service."],
  ["ACCOUNT_DEACTIVATED", "This account is deactivated."],
  ["REGISTRATION_CLOSED", "Registration is not open. Ask for an invitation."],
  ["signup_disabled", "Registration is not open. Ask for an invitation."],
])("%s is said in words", (code, words) => {
  expect(failureReason(code)).toBe(words);
});

test.each([undefined, "", "state_mismatch", "constructor", "__proto__", ["a", "b"], "<b>"])(
  "a word that we do not know (%s) is never shown, and something is said",
  (code) => {
    expect(failureReason(code)).toBe(
      "The other service did not let you in, or the way back took too long.",
    );
  },
);

test("an account that is there already leads to where services are connected", () => {
  expect(failureReason("account_not_linked")).toContain("Profile, Security");
});
