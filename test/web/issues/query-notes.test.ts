import { expect, test } from "vitest";
import { queryNotes } from "../../../src/web/issues/query-notes";

test.each([
  ["enviroment:prod x", "0-15 unknown key, searched as text", ["enviroment:prod"]],
  ["a b:c", "2-5 unknown key, searched as text; joined per issue", ["b:c", "joined per issue"]],
  ["a", undefined, []],
  ["a", "", []],
])("%s with the note %s", (query, notes, expected) => {
  const found = queryNotes(query, notes);
  expect(found).toHaveLength(expected.length);
  for (const [index, part] of expected.entries()) expect(found[index]).toContain(part);
});
