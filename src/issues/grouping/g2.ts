import { createHash } from "node:crypto";
import type { NormalEvent } from "../../events/normal-event";
import { groupingOf } from "./g1";
import type { Grouping } from "./grouping";

/** Version 2 of grouping. Its hashes never coincide with those of another version. */
export function groupingOfG2(event: NormalEvent): Grouping {
  const { primary, secondary, explanation } = groupingOf(event);
  return {
    primary: hashOf(primary),
    secondary: secondary.map(hashOf),
    explanation: { ...explanation, algo: "g2", rules: [] },
  };
}

const hashOf = (text: string) =>
  createHash("sha256").update(`g2\x1f${text}`).digest("hex").slice(0, 32);
