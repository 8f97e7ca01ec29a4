import { ChevronDown, X } from "lucide-react";
import type { Command } from "../commands";
import { Button } from "../parts/button";
import { Menu, type MenuItem } from "../parts/menu";
import { formatNumber, t } from "../words";
import { priorityChoices } from "./priority-choices";
import { muteChoices, resolveChoices } from "./status-choices";
import { reviewed } from "./status-kinds";
import { arrow, itemsOf } from "./status-menu";
import { type MoreActions, resolveNext } from "./use-issue-actions";

/** What can be done with what is chosen; the same commands as the keys', and other ways of them. */
export function BulkBar({
  count,
  matching,
  isAllMatching,
  commands,
  more,
  selectMatching,
  clear,
}: {
  /** How many are chosen of those that are here. */
  count: number;
  /** How many the filter finds, in words: "1 234", "10 000+". Undefined where all are here. */
  matching: string | undefined;
  isAllMatching: boolean;
  commands: Command[];
  /** Undefined for whoever may not. */
  more: MoreActions | undefined;
  selectMatching: () => void;
  clear: () => void;
}) {
  const chosen = isAllMatching && matching ? matching : formatNumber(count);
  const ways = waysOf(more);
  const shown = commands.filter(({ id }) => id !== resolveNext);
  return (
    <div
      role="toolbar"
      aria-label={t("Selected issues")}
      className="appear sticky bottom-0 z-20 flex flex-wrap items-center gap-2 border-t border-line bg-raised px-4 py-2 shadow-overlay max-md:bottom-14"
    >
      <span role="status" className="numbers font-medium">
        {t("{n} selected", { n: chosen })}
      </span>
      <span className="flex flex-wrap gap-2 max-md:hidden">
        {shown.map(({ id, title, keys, icon, run }) => {
          const way = ways.get(id);
          return (
            <span key={id} className="inline-flex gap-px">
              <Button {...(icon && { icon })} {...(keys && { keys })} onClick={run}>
                {title}
              </Button>
              {way && (
                <Menu
                  label={way.label}
                  button={<ChevronDown size={14} aria-hidden />}
                  className={arrow}
                  items={way.items}
                />
              )}
            </span>
          );
        })}
        {more && <Menu label={t("Priority")} items={prioritiesOf(more)} />}
      </span>
      <span className="md:hidden">
        <Menu label={t("Actions")} items={[...shown.map(itemOf), ...flat(ways, more)]} />
      </span>
      {matching && !isAllMatching && (
        <Button kind="quiet" onClick={selectMatching}>
          {t("Select all {n} that match", { n: matching })}
        </Button>
      )}
      <Button kind="quiet" icon={X} keys="escape" className="ms-auto" onClick={clear}>
        {t("Clear")}
      </Button>
    </div>
  );
}

const itemOf = ({ title, icon, run }: Command): MenuItem => ({
  label: title,
  ...(icon && { icon }),
  run,
});

type Way = { label: string; heading: string; items: MenuItem[] };

/** Other ways of commands, by their id. */
function waysOf(more: MoreActions | undefined): ReadonlyMap<string, Way> {
  if (!more) return new Map();
  const { set, ask, isForReview } = more;
  const resolve = itemsOf(resolveChoices, set, t("In a release or commit…"), () => ask("resolve"));
  const review = {
    label: t("Mark as reviewed"),
    disabled: !isForReview,
    run: () => set(reviewed),
  };
  return new Map([
    [
      "issues.resolve",
      {
        label: t("In a release or commit"),
        heading: t("Resolve"),
        items: [...resolve, review],
      },
    ],
    [
      "issues.mute",
      {
        label: t("For how long"),
        heading: t("Mute"),
        items: itemsOf(muteChoices, set, t("Until…"), () => ask("mute")),
      },
    ],
  ]);
}

const prioritiesOf = ({ prioritize }: MoreActions): MenuItem[] =>
  priorityChoices.map(({ label, priority }) => ({ label, run: () => prioritize(priority) }));

/** On a phone they stand in one menu. */
const flat = (ways: ReadonlyMap<string, Way>, more: MoreActions | undefined): MenuItem[] => [
  ...[...ways.values()].flatMap(({ heading, items }) => [{ heading }, ...items]),
  ...(more ? [{ heading: t("Priority") }, ...prioritiesOf(more)] : []),
];
