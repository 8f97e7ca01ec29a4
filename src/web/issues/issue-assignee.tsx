import { UserRound } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useCommands } from "../commands";
import { Button } from "../parts/button";
import { t } from "../words";
import type { Issue } from "./issue-queries";

const AssignDialog = lazy(async () => ({
  default: (await import("./assign-dialog")).AssignDialog,
}));

const nameChars = 24;

/** Who works on this issue, and the way to somebody else. */
export function IssueAssignee({
  org,
  issue,
  mayWrite,
}: {
  org: string;
  issue: Issue;
  mayWrite: boolean;
}) {
  const [isOpen, setOpen] = useState(false);
  const { id, shortId, project, assignedTo } = issue;
  useCommands([
    {
      id: "issue.assign",
      title: t("Assign"),
      keys: "a",
      group: t("This issue"),
      icon: UserRound,
      disabled: !mayWrite,
      run: () => setOpen(true),
    },
  ]);
  const name = assignedTo && (assignedTo.type === "team" ? `#${assignedTo.name}` : assignedTo.name);
  return (
    <>
      <Button icon={UserRound} keys="a" disabled={!mayWrite} onClick={() => setOpen(true)}>
        {name ? t("Assigned: {name}", { name: name.slice(0, nameChars) }) : t("Assign")}
      </Button>
      {isOpen && (
        <Suspense>
          <AssignDialog
            org={org}
            of={{ target: { ids: [id] }, projects: new Set([project.id]), what: shortId }}
            close={() => setOpen(false)}
          />
        </Suspense>
      )}
    </>
  );
}
