import { ChevronDown } from "lucide-react";
import type { ListedIssue, StatusChange } from "../api/undo";
import { Menu, type MenuItem } from "../parts/menu";
import { t } from "../words";
import { type Asking, muteChoices, resolveChoices, type StatusChoice } from "./status-choices";
import { isForReview, reviewed } from "./status-kinds";

export const itemsOf = (
  choices: readonly StatusChoice[],
  set: (change: StatusChange) => void,
  more: string,
  ask: () => void,
): MenuItem[] => [
  ...choices.map(({ label, keys, change }) => ({
    label,
    ...(keys && { keys }),
    run: () => set(change),
  })),
  "line",
  { label: more, run: ask },
];

/** Beside the button of which the menu has the other ways. */
export const arrow =
  "inline-flex min-h-8 items-center rounded-sm border border-line-strong bg-bg px-1.5 hover:bg-hover max-md:min-h-11 max-md:min-w-11 max-md:justify-center";

/** Other ways to be done with an issue, or to want no more of it for now. */
export function StatusMenu({
  of,
  issue,
  set,
  ask,
}: {
  of: Asking;
  issue: Pick<ListedIssue, "status" | "substatus">;
  set: (change: StatusChange) => void;
  ask: (asking: Asking) => void;
}) {
  const items =
    of === "mute"
      ? itemsOf(muteChoices, set, t("Until…"), () => ask(of))
      : [
          ...itemsOf(resolveChoices, set, t("In a release or commit…"), () => ask(of)),
          {
            label: t("Mark as reviewed"),
            disabled: !isForReview(issue),
            run: () => set(reviewed),
          },
        ];
  return (
    <Menu
      label={of === "mute" ? t("For how long") : t("In a release or commit")}
      button={<ChevronDown size={14} aria-hidden />}
      className={arrow}
      items={items}
    />
  );
}
