import { expect, test } from "vitest";
import { code, read } from "../sources";

/** Both dialects stand side by side in the shapes of each feature, and one place chooses (src/access/speaking.ts). */

test("no route asks which dialect its caller speaks: shapes do", () => {
  const asking = code.filter(
    (path) =>
      !path.startsWith("src/access/") &&
      !/\/([\w-]+-)?shapes\.ts$/.test(path) &&
      /\b(speaksSentry|widen|idFor)\b|caller\.dialect|\bdialect [!=]==/.test(read(path)),
  );
  expect(asking, "say both in the feature's shapes.ts").toEqual([]);
});

test("src/http knows no feature but the one that tells who is calling", () => {
  const known = code
    .filter((path) => path.startsWith("src/http/"))
    .flatMap((path) =>
      [...read(path).matchAll(/^import (?!type)[^"]*? from "\.\.\/(\w+)\//gm)].map(
        ([, folder = ""]) => `${path}: ${folder}`,
      ),
    )
    .filter((text) => !/: (access|platform|protocol)$/.test(text));
  expect(known).toEqual([]);
});
