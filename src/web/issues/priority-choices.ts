import type { ListedIssue } from "../api/undo";
import { t } from "../words";

export type Priority = ListedIssue["priority"];

export const priorityWords: Record<Priority, string> = {
  high: t("high"),
  medium: t("medium"),
  low: t("low"),
};

/** What may be said of how urgent issues are. */
export const priorityChoices: readonly { id: string; label: string; priority: Priority | null }[] =
  [
    { id: "high", label: t("High"), priority: "high" },
    { id: "medium", label: t("Medium"), priority: "medium" },
    { id: "low", label: t("Low"), priority: "low" },
    { id: "itself", label: t("As it follows from its events"), priority: null },
  ];
