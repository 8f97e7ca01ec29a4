import { levelNumber } from "../protocol/level";

const title = "More new issues than this project may have in an hour";

/** Where events go whose group would be one new issue too many: one issue a project, found again by its hash. */
export const overflowIssue = {
  /** No digest of an event is spelled like this. */
  hash: "overflow",
  title,
  level: levelNumber("warning"),
  metadata: {
    title,
    value:
      "Events that would have made further new issues are kept here. From the next hour on they make issues of their own.",
  },
  grouping: {
    algo: "overflow",
    variant: "overflow",
    parts: [],
    override: "limit of new issues",
    skipped: { notInApp: 0, repeats: 0 },
  },
};
export type OverflowIssue = typeof overflowIssue;
