import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { TestSpecification, Vitest } from "vitest/node";
import { LongestFirst, longFiles } from "./longest-first";
import { root } from "./sources";

test("the long files are there, and come first in their order, however a run finds them", async () => {
  expect(longFiles.filter((path) => !existsSync(join(root, path)))).toEqual([]);

  const specification = (path: string) => ({
    moduleId: join(root, path),
    project: { name: "", config: { isolate: false, sequence: { groupOrder: 0 } } },
  });
  const cache = { getFileTestResults: () => undefined, getFileStats: () => undefined };
  const sequencer = new LongestFirst({ config: { root }, cache } as unknown as Vitest);
  const found = ["test/tidy.test.ts", ...longFiles.toReversed(), "test/wiring.test.ts"];
  const sorted = await sequencer.sort(found.map(specification) as unknown as TestSpecification[]);
  expect(sorted.map(({ moduleId }) => moduleId.slice(root.length + 1))).toEqual([
    ...longFiles,
    "test/tidy.test.ts",
    "test/wiring.test.ts",
  ]);
});
