import { expect, test } from "vitest";
import { signInAnswers } from "../../src/accounts/sign-in-answers";
import { operationsIn, recordedDocument } from "../openapi-document";

// What they answer is held against these by every test that asks them (test/contract.ts).
test("every door of the sign-in library says in the document what it answers", () => {
  const documented = operationsIn(recordedDocument).flatMap(({ path }) =>
    path.startsWith("/api/auth/") ? [path.slice("/api/auth".length)] : [],
  );
  const answered = [...signInAnswers.keys(), "/callback/{provider}"];
  expect(answered.toSorted()).toEqual(documented.toSorted());
});
