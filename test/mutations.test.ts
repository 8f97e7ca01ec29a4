import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { mutations } from "./mutations";

const read = (path: string) => readFileSync(join(import.meta.dirname, "..", path), "utf8");

// The run itself takes minutes and is for people: npm run mutate.
test.each(mutations)("there is a place and a test for the fault: $what", (mutation) => {
  expect(read(mutation.file).split(mutation.find)).toHaveLength(2);
  expect(mutation.replace).not.toBe(mutation.find);
  expect(read(mutation.tests)).toContain(mutation.only);
});
