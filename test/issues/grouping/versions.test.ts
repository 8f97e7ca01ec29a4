import { expect, test } from "vitest";
import { groupedBy, hashesOf, recordedEvents } from "./recorded";

/** Events with the number of their group by each version: events that share any hash are one group. */
function groupsOf(version: "g1" | "g2") {
  const leaders = new Map<string, number>();
  return recordedEvents.map(({ payload }, index) => {
    const hashes = hashesOf(groupedBy(payload)[version]);
    const leader = hashes.map((hash) => leaders.get(hash)).find((each) => each !== undefined);
    for (const hash of hashes) if (!leaders.has(hash)) leaders.set(hash, leader ?? index);
    return leader ?? index;
  });
}

/** Groups of one version whose events are in several of the other. */
function divided(by: number[], into: number[]): string[] {
  return [...new Set(by)].flatMap((group) => {
    const members = by.flatMap((each, index) => (each === group ? index : []));
    const pieces = [...new Set(members.map((index) => into[index]))];
    if (pieces.length === 1) return [];
    return pieces.map((piece, number) => {
      const names = members
        .filter((index) => into[index] === piece)
        .map((index) => recordedEvents[index]?.name);
      return `${number === 0 ? "-" : " "} ${names.join(", ")}`;
    });
  });
}

/** Reviewed: every difference between the versions over all recorded events. */
test("what g2 says otherwise than g1 of the recorded events is what was reviewed", async () => {
  const [g1, g2] = [groupsOf("g1"), groupsOf("g2")];
  const lines = recordedEvents.map(({ name, payload }) => {
    const both = groupedBy(payload);
    const [one, two] = [both.g1.explanation, both.g2.explanation];
    const rules = [...new Set((two.rules ?? []).map(({ rule }) => rule))];
    const variant = one.variant === two.variant ? one.variant : `${one.variant} → ${two.variant}`;
    return `${name}: ${both.g2.primary} ${variant}${rules.length > 0 ? ` (${rules.join("; ")})` : ""}`;
  });
  const table = [
    `${recordedEvents.length} events, groups: g1 ${new Set(g1).size}, g2 ${new Set(g2).size}`,
    "\nOne group of g1, several of g2:",
    ...divided(g1, g2),
    "\nOne group of g2, several of g1:",
    ...divided(g2, g1),
    "\nEvents with hash, variant and the rules that took part:",
    ...lines,
  ];
  await expect(`${table.join("\n")}\n`).toMatchFileSnapshot(
    "../../fixtures/grouping/g2-against-g1.txt",
  );
});

test("hashes of the versions never coincide", () => {
  const hashes = recordedEvents.map(({ payload }) => groupedBy(payload));
  const ofG1 = new Set(hashes.flatMap(({ g1 }) => hashesOf(g1)));
  expect(hashes.flatMap(({ g2 }) => hashesOf(g2)).filter((hash) => ofG1.has(hash))).toEqual([]);
});
