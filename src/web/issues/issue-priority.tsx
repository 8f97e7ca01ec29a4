import { useCommands } from "../commands";
import { Menu } from "../parts/menu";
import { t } from "../words";
import type { Issue } from "./issue-queries";
import { type Priority, priorityChoices, priorityWords } from "./priority-choices";
import { prioritize } from "./set-priority";

/** How urgent this issue is, and the way to say otherwise. */
export function IssuePriority({
  org,
  issue,
  mayWrite,
}: {
  org: string;
  issue: Issue;
  mayWrite: boolean;
}) {
  const set = (priority: Priority | null) => void prioritize(org, { ids: [issue.id] }, priority);
  useCommands(
    priorityChoices.map(({ id, label, priority }) => ({
      id: `issue.priority.${id}`,
      title: t("Priority: {way}", { way: label }),
      group: t("This issue"),
      disabled: !mayWrite,
      run: () => set(priority),
    })),
  );
  const said = issue.priorityLockedAt === null ? null : issue.priority;
  return (
    <Menu
      label={t("Priority: {word}", { word: priorityWords[issue.priority] })}
      items={priorityChoices.map(({ label, priority }) => ({
        label,
        checked: priority === said,
        disabled: !mayWrite,
        run: () => set(priority),
      }))}
    />
  );
}
