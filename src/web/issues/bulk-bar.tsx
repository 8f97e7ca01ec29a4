import { ChevronDown, X } from "lucide-react";
import type { Command } from "../commands";
import { Button } from "../parts/button";
import { Menu } from "../parts/menu";
import { formatNumber, t } from "../words";
import { muteWays, resolveWays } from "./use-issue-actions";

/** What can be done with what is chosen; the same commands as the keys'. */
export function BulkBar({
  count,
  matching,
  isAllMatching,
  commands,
  selectMatching,
  clear,
}: {
  /** How many are chosen of those that are here. */
  count: number;
  /** How many the filter finds, in words: "1 234", "10 000+". Undefined where all are here. */
  matching: string | undefined;
  isAllMatching: boolean;
  commands: Command[];
  selectMatching: () => void;
  clear: () => void;
}) {
  const chosen = isAllMatching && matching ? matching : formatNumber(count);
  return (
    <div
      role="toolbar"
      aria-label={t("Selected issues")}
      className="appear sticky bottom-0 z-20 flex flex-wrap items-center gap-2 border-t border-line bg-raised px-4 py-2 shadow-overlay max-md:bottom-14"
    >
      <span role="status" className="numbers font-medium">
        {t("{n} selected", { n: chosen })}
      </span>
      <span className="flex gap-2 max-md:hidden">
        {commands
          .filter(({ id }) => !isWay(id))
          .map(({ id, title, keys, icon, run }) => (
            <span key={id} className="inline-flex gap-px">
              <Button {...(icon && { icon })} {...(keys && { keys })} onClick={run}>
                {title}
              </Button>
              <Ways of={id} commands={commands} />
            </span>
          ))}
      </span>
      <span className="md:hidden">
        <Menu
          label={t("Actions")}
          items={commands.map(({ title, icon, run }) => ({
            label: title,
            ...(icon && { icon }),
            run,
          }))}
        />
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

const isWay = (id: string) => id.startsWith(resolveWays) || id.startsWith(muteWays);

/** Other ways of a command, in a menu beside its button. */
function Ways({ of, commands }: { of: string; commands: Command[] }) {
  const ways = commands.filter(({ id }) => id.startsWith(`${of}.`));
  if (ways.length === 0) return null;
  return (
    <Menu
      label={of === "issues.resolve" ? t("In a release or commit") : t("For how long")}
      button={<ChevronDown size={14} aria-hidden />}
      className="inline-flex min-h-8 items-center rounded-sm border border-line-strong bg-bg px-1.5 hover:bg-hover"
      items={ways.map(({ title, keys, run }) => ({ label: title, ...(keys && { keys }), run }))}
    />
  );
}
