import { UserRound } from "lucide-react";
import type { Assignee } from "../api/assign";
import { Avatar } from "../parts/avatar";

/** Who works on an issue, as a sign: a person is round, a team is not, nobody is a place that is free. */
export function AssigneeMark({
  assignee,
  isSilent = false,
}: {
  assignee: Assignee | null;
  /** The name stands beside it. */
  isSilent?: boolean;
}) {
  if (assignee) {
    return <Avatar name={assignee.name} silent={isSilent} isTeam={assignee.type === "team"} />;
  }
  return (
    <span
      aria-hidden
      className="inline-flex size-6 items-center justify-center rounded-full border border-dashed border-line-strong text-muted"
    >
      <UserRound size={13} />
    </span>
  );
}
