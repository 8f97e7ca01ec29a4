import type { NormalEvent } from "../../events/normal-event";
import { groupingOf } from "./g1";
import { withG1Marks } from "./g1-marks";
import { groupingOfG2 } from "./g2";
import type { Grouping, GroupingVersion } from "./grouping";

/**
 * The published versions of grouping. g1 looks at the marks of frames as the SDK sent them, g2 at those that
 * `markInApp` makes of them: g1 is asked before it, g2 after.
 */
export const groupings = {
  g1: (event) => withG1Marks(event, () => groupingOf(event)),
  g2: groupingOfG2,
} satisfies Record<GroupingVersion, (event: NormalEvent) => Grouping>;
