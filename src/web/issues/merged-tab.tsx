import { useQuery } from "@tanstack/react-query";
import { Split } from "lucide-react";
import { useState } from "react";
import { useMay } from "../frame/session";
import { Button } from "../parts/button";
import { ConfirmDialog } from "../parts/dialog";
import { ErrorBox } from "../parts/error-box";
import { SkeletonBlock } from "../parts/skeleton";
import { Time } from "../parts/time";
import { showToast } from "../parts/toasts";
import { formatNumber, plural, t } from "../words";
import { issueHashes, jobsOfIssue, unmergeHashes } from "./merge-queries";
import { type MergedPart, partsOf } from "./merged-parts";

type Props = { org: string; issue: string };

/** What an issue consists of, each part of which can be an issue of its own again. */
export function MergedTab({ org, issue }: Props) {
  const found = useQuery(issueHashes(org, issue));
  const [leaving, setLeaving] = useState<MergedPart>();
  const mayWrite = useMay(org, "event:write") ?? false;
  if (found.isPending) return <SkeletonBlock height={240} />;
  if (found.isError) return <ErrorBox error={found.error} retry={() => void found.refetch()} />;
  const { rows, next } = found.data;
  const parts = partsOf(rows);
  const isAlone = parts.length < 2;
  return (
    <section
      aria-label={t("Merged")}
      className="grid max-w-4xl grid-cols-[minmax(0,1fr)] gap-4 p-4 max-md:pb-16"
    >
      <JobsNote org={org} issue={issue} />
      <p className="text-muted">
        {isAlone
          ? t(
              "All events of this issue were grouped alike. Issues that are merged into it are listed here.",
            )
          : t(
              "Events of these groups are in this issue. What is taken out is an issue of its own, with its events and numbers.",
            )}
      </p>
      <ul className="grid rounded-lg border border-line">
        {parts.map((part) => (
          <li
            key={part.key}
            className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 border-b border-line px-3 py-2 last:border-b-0"
          >
            <div className="min-w-0">
              <p className="truncate font-medium" dir="auto">
                {part.title || t("No event is left")}
              </p>
              <p className="numbers flex flex-wrap gap-x-3 text-xs text-muted">
                <span>{plural(part.count, "event", "events")}</span>
                {part.lastSeen && <Time at={part.lastSeen} />}
                {part.former ? (
                  <span>{t("was {id}", { id: part.former.shortId })}</span>
                ) : (
                  <code>{part.hashes[0]?.slice(0, 12)}</code>
                )}
              </p>
            </div>
            {!isAlone && mayWrite && (
              <Button
                icon={Split}
                aria-label={t("Take out: {title}", { title: part.title.slice(0, 100) })}
                onClick={() => setLeaving(part)}
              >
                {t("Take out")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {next && <p className="text-muted">{t("There are more groups than are shown.")}</p>}
      {leaving && (
        <TakeOutDialog org={org} issue={issue} part={leaving} close={() => setLeaving(undefined)} />
      )}
    </section>
  );
}

function TakeOutDialog({
  org,
  issue,
  part,
  close,
}: Props & { part: MergedPart; close: () => void }) {
  return (
    <ConfirmDialog
      title={t("Take it out?")}
      action={t("Take out")}
      close={close}
      run={async () => {
        const { state } = await unmergeHashes(org, issue, part.hashes);
        const text = part.former
          ? t("{id} is an issue of its own again", { id: part.former.shortId })
          : t("It is an issue of its own");
        showToast({
          text:
            state === "running" ? t("{text}; its events are still on their way", { text }) : text,
        });
      }}
    >
      {part.former
        ? t("{id} gets its events back, and what happens again. Comments stay here.", {
            id: part.former.shortId,
          })
        : t("A new issue gets these events, and what happens again. Comments stay here.")}
    </ConfirmDialog>
  );
}

/** How far it is, while events move. */
function JobsNote({ org, issue }: Props) {
  const { data: jobs = [] } = useQuery(jobsOfIssue(org, issue));
  const done = jobs.reduce((sum, job) => sum + job.done, 0);
  const total = jobs.reduce((sum, job) => sum + Math.max(job.done, job.total), 0);
  return (
    <div role="status">
      {jobs.length > 0 && (
        <p className="rounded-sm bg-note-tint px-3 py-2">
          {t("Events are on their way: {done} of {total}.", {
            done: formatNumber(done),
            total: formatNumber(total),
          })}
        </p>
      )}
    </div>
  );
}
