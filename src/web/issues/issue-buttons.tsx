import { IssueAssignee } from "./issue-assignee";
import { IssueMarks } from "./issue-marks";
import type { Issue } from "./issue-queries";
import { IssueShare } from "./issue-share";
import { SuggestedOwner } from "./suggested-owner";

/** Who works on an issue, what it is to the person, and who else may see it. */
export function IssueButtons({
  org,
  issue,
  mayWrite,
}: {
  org: string;
  issue: Issue;
  mayWrite: boolean;
}) {
  return (
    <>
      <IssueAssignee org={org} issue={issue} mayWrite={mayWrite} />
      {mayWrite && issue.assignedTo === null && <SuggestedOwner org={org} issue={issue} />}
      {mayWrite && <IssueMarks org={org} issue={issue} />}
      {mayWrite && <IssueShare org={org} issue={issue} />}
    </>
  );
}
