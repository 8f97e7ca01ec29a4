import { BellOff, Check, ChevronDown, RotateCcw } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { Status, StatusChange } from "../api/undo";
import { Button } from "../parts/button";
import { Menu, type MenuItem } from "../parts/menu";
import { showError } from "../parts/toasts";
import { t } from "../words";
import { type Asking, muteChoices, resolveChoices, type StatusChoice } from "./status-choices";

const StatusDialog = lazy(async () => ({
  default: (await import("./status-dialog")).StatusDialog,
}));

const itemsOf = (
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

/** The same of both menus: beside the button of which they are the other ways. */
const arrow =
  "inline-flex min-h-8 items-center rounded-sm border border-line-strong bg-bg px-1.5 hover:bg-hover max-md:min-h-11 max-md:min-w-11 max-md:justify-center";

/** Resolve and mute, now or until something happens, and back. */
export function StatusButtons({
  status,
  what,
  set,
}: {
  status: Status;
  /** Which issue, in words. */
  what: string;
  /** Faults as the API does. */
  set: (change: StatusChange) => Promise<void>;
}) {
  const [asking, setAsking] = useState<Asking>();
  const [isResolved, isMuted] = [status === "resolved", status === "ignored"];
  const now = (change: StatusChange) => void set(change).catch(showError);
  return (
    <>
      <span className="inline-flex gap-px">
        <Button
          kind={isResolved ? "plain" : "primary"}
          icon={isResolved ? RotateCcw : Check}
          keys="e"
          onClick={() => now({ status: isResolved ? "unresolved" : "resolved" })}
        >
          {isResolved ? t("Reopen") : t("Resolve")}
        </Button>
        <Menu
          label={t("In a release or commit")}
          button={<ChevronDown size={14} aria-hidden />}
          className={arrow}
          items={itemsOf(resolveChoices, now, t("In a release or commit…"), () =>
            setAsking("resolve"),
          )}
        />
      </span>
      <span className="inline-flex gap-px">
        <Button
          icon={BellOff}
          keys="m"
          onClick={() => now({ status: isMuted ? "unresolved" : "ignored" })}
        >
          {isMuted ? t("Unmute") : t("Mute")}
        </Button>
        <Menu
          label={t("For how long")}
          button={<ChevronDown size={14} aria-hidden />}
          className={arrow}
          items={itemsOf(muteChoices, now, t("Until…"), () => setAsking("mute"))}
        />
      </span>
      {asking && (
        <Suspense>
          <StatusDialog asking={asking} what={what} set={set} close={() => setAsking(undefined)} />
        </Suspense>
      )}
    </>
  );
}
