import { BellOff, Check, RotateCcw } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { ListedIssue, StatusChange } from "../api/undo";
import { Button } from "../parts/button";
import { showError } from "../parts/toasts";
import { t } from "../words";
import type { Asking } from "./status-choices";

const StatusMenu = lazy(async () => ({ default: (await import("./status-menu")).StatusMenu }));

const StatusDialog = lazy(async () => ({
  default: (await import("./status-dialog")).StatusDialog,
}));

/** Resolve and mute, now or until something happens, and back. */
export function StatusButtons({
  issue,
  set,
}: {
  issue: Pick<ListedIssue, "status" | "substatus" | "shortId">;
  /** Faults as the API does. */
  set: (change: StatusChange) => Promise<void>;
}) {
  const [asking, setAsking] = useState<Asking>();
  const { status, shortId } = issue;
  const [isResolved, isMuted] = [status === "resolved", status === "ignored"];
  const now = (change: StatusChange) => void set(change).catch(showError);
  const menu = (of: Asking) => (
    <Suspense fallback={<span className="w-7 max-md:w-11" />}>
      <StatusMenu of={of} issue={issue} set={now} ask={setAsking} />
    </Suspense>
  );
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
        {menu("resolve")}
      </span>
      <span className="inline-flex gap-px">
        <Button
          icon={BellOff}
          keys="m"
          onClick={() => now({ status: isMuted ? "unresolved" : "ignored" })}
        >
          {isMuted ? t("Unmute") : t("Mute")}
        </Button>
        {menu("mute")}
      </span>
      {asking && (
        <Suspense>
          <StatusDialog
            asking={asking}
            what={shortId}
            set={set}
            close={() => setAsking(undefined)}
          />
        </Suspense>
      )}
    </>
  );
}
