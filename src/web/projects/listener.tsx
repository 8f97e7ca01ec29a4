import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleCheck, Radio, Send } from "lucide-react";
import { useEffect, useState } from "react";
import { ApiFault } from "../api/fault";
import { Button } from "../parts/button";
import { ErrorLine } from "../parts/error-box";
import { Time } from "../parts/time";
import { t } from "../words";
import { hasArrived, lookAgainMs, waitedWords } from "./listening";
import { latestIssue, type Project, type ProjectKey, sendSample } from "./queries";
import { RefusalList } from "./refusal-list";

/** How long this has been on the page, by the second. */
function useWaitedMs(): number {
  const [began] = useState(() => Date.now());
  const [now, setNow] = useState(began);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now - began;
}

/** What arrives of a project while one looks: nothing yet, then the issue. */
export function Listener({
  org,
  project,
  keys,
  platform,
}: {
  org: string;
  project: Project;
  keys: ProjectKey[];
  /** What is shown beside: a sample is one of it. */
  platform: string;
}) {
  const waitedMs = useWaitedMs();
  const latest = useQuery({
    ...latestIssue(org, project.id),
    refetchInterval: lookAgainMs(waitedMs),
    refetchOnWindowFocus: true,
  });
  const [before, setBefore] = useState<typeof latest.data>();
  const isFirstAnswer = before === undefined && latest.isFetchedAfterMount;
  if (isFirstAnswer && latest.data !== undefined) setBefore(latest.data);
  const arrived = hasArrived(before, latest.data) ? latest.data : undefined;
  const hasKey = keys.some(({ isActive }) => isActive);
  return (
    <section aria-label={t("What arrives")} className="card grid gap-3 p-4">
      <div role="status" className="grid gap-3">
        {arrived ? (
          <>
            <h2 className="flex items-center gap-2 text-base text-ok">
              <CircleCheck size={18} aria-hidden />
              {t("Received")}
            </h2>
            <Link
              to={`/${org}/issues/${arrived.id}`}
              className="card block min-w-0 p-3 text-text hover:bg-hover hover:no-underline"
            >
              <span className="line-clamp-2 font-medium">{arrived.title}</span>
              <span className="line-clamp-1 text-xs text-muted">{arrived.culprit}</span>
              <span className="mt-1 block text-xs text-accent">
                {t("Open {id}", { id: arrived.shortId })}
              </span>
            </Link>
          </>
        ) : (
          <h2 className="flex items-center gap-2 text-base">
            <Radio size={18} className="text-accent" aria-hidden />
            {before ? t("Waiting for the next event") : t("Waiting for the first event")}
          </h2>
        )}
      </div>
      {!arrived && (
        <p className="flex flex-wrap justify-between gap-2 text-xs text-muted">
          <span className="numbers" aria-hidden>
            {t("listening, {time}", { time: waitedWords(waitedMs) })}
          </span>
          {before && (
            <span>
              {t("The last one came")} <Time at={before.lastSeen} />
            </span>
          )}
        </p>
      )}
      {latest.isError && (
        <ErrorLine>{t("What arrived cannot be read right now; trying again.")}</ErrorLine>
      )}
      <RefusalList org={org} project={project} keys={keys} lookAgainMs={lookAgainMs(waitedMs)} />
      {hasKey && (
        <Sample org={org} slug={project.slug} platform={platform} hasArrived={!!arrived} />
      )}
      {!hasKey && <ErrorLine>{t("No key is active: whatever is sent is refused.")}</ErrorLine>}
    </section>
  );
}

/** An event of our own, for whoever wants to see the way before the SDK is there. */
function Sample({
  org,
  slug,
  platform,
  hasArrived,
}: {
  org: string;
  slug: string;
  platform: string;
  hasArrived: boolean;
}) {
  const send = useMutation({ mutationFn: () => sendSample(org, slug, platform) });
  return (
    <div className="grid justify-items-start gap-2 border-t border-line pt-3">
      <Button icon={Send} busy={send.isPending} onClick={() => send.mutate()}>
        {t("Send a sample event")}
      </Button>
      <p role="status" className="text-xs text-muted">
        {send.isSuccess && !hasArrived
          ? t("Received; it is being digested.")
          : t("It is marked as a sample and can be deleted.")}
      </p>
      {send.isError && (
        <ErrorLine>
          {send.error instanceof ApiFault ? send.error.detail : t("It could not be sent.")}
        </ErrorLine>
      )}
    </div>
  );
}
