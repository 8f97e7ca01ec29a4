import { expect, test } from "vitest";
import { bugs, newBuild } from "./deploys";
import { groupedBy, hashesOf } from "./recorded";

const builds = Array.from({ length: 20 }, (_, seed) => newBuild(seed));

test.each(bugs.map((bug) => [bug.name, bug] as const))(
  "twenty deploys, one bug, one issue: %s",
  (_, bug) => {
    const primaries = builds.map((build) => groupedBy(bug.event(build)).g2.primary);
    expect(new Set(primaries).size).toBe(1);
  },
);

test("all bugs of all programs stay apart", () => {
  const [build] = builds;
  const hashes = bugs.flatMap((bug) => (build ? hashesOf(groupedBy(bug.event(build)).g2) : []));
  expect(hashes.length).toBeGreaterThanOrEqual(bugs.length);
  expect(new Set(hashes).size).toBe(hashes.length);
});

test("the builds differ in what g1 grouped by", () => {
  const split = bugs.filter(
    (bug) => new Set(builds.map((build) => groupedBy(bug.event(build)).g1.primary)).size > 1,
  );
  expect(split.length).toBeGreaterThan(bugs.length / 2);
});
