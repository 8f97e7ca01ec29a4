import { useState } from "react";
import { endJob, useFollowedJobs } from "../api/job-progress";
import { formatNumber, t } from "../words";
import { Button } from "./button";
import { showError } from "./toasts";

const labels: Partial<Record<string, string>> = {
  delete: t("Deleting issues"),
  regroup: t("Grouping events anew"),
  regroup_undo: t("Putting events back"),
};
/** What is not left half done. */
const isWhole = (kind: string) => kind.startsWith("regroup");

/** How far work on many issues is, which can be ended. */
export function JobProgress() {
  const jobs = useFollowedJobs();
  const [ending, setEnding] = useState<string>();
  return jobs.map((followed) => {
    const { id, kind, done, total } = followed.job;
    const label = labels[kind] ?? t("Changing issues");
    return (
      <div
        key={id}
        className="appear pointer-events-auto grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 rounded-lg border border-line bg-raised py-1 ps-3 pe-1 shadow-overlay"
      >
        <div className="grid gap-1 py-1.5">
          <p className="numbers">
            {t("{label}: {done} of {total}", {
              label,
              done: formatNumber(done),
              total: formatNumber(total),
            })}
          </p>
          <progress
            aria-label={label}
            value={done}
            max={Math.max(1, total)}
            className="h-1 w-full accent-accent"
          />
        </div>
        {!isWhole(kind) && (
          <Button
            kind="quiet"
            busy={ending === id}
            onClick={() => {
              setEnding(id);
              void endJob(followed).catch(showError);
            }}
          >
            {t("Stop")}
          </Button>
        )}
      </div>
    );
  });
}
