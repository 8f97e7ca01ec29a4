import type { ListedIssue, StatusChange } from "../api/undo";

export const inNextRelease: StatusChange = {
  status: "resolved",
  statusDetails: { inNextRelease: true },
};

/** Of an open issue: it was looked at, and is no news any more. */
export const reviewed: StatusChange = { status: "unresolved", substatus: "ongoing" };

export const isReview = ({ status, substatus }: StatusChange): boolean =>
  status === "unresolved" && substatus === "ongoing";

export const isForReview = ({ status, substatus }: Pick<ListedIssue, "status" | "substatus">) =>
  status === "unresolved" && substatus !== "ongoing";
