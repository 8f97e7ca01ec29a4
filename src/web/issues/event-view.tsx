import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { ApiFault } from "../api/fault";
import type { Search } from "../filters";
import { ErrorBox } from "../parts/error-box";
import { SkeletonBlock } from "../parts/skeleton";
import { EventBar } from "./event-bar";
import { eventSections, Highlights, Warnings } from "./event-sections";
import { issueEvent } from "./issue-queries";
import { useEventSteps } from "./use-event-steps";

const ActivityAside = lazy(async () => ({
  default: (await import("./activity-aside")).ActivityAside,
}));
const SimilarAside = lazy(async () => ({
  default: (await import("./similar-aside")).SimilarAside,
}));
const NoEvents = lazy(async () => ({ default: (await import("./no-events")).NoEvents }));
const TagsAside = lazy(async () => ({ default: (await import("./tags-aside")).TagsAside }));

/** One event of an issue; the one before stays until it is there. */
export function EventView({
  org,
  issue,
  event: asked,
  search,
  base,
}: {
  org: string;
  issue: string;
  event: string;
  search: Search;
  base: string;
}) {
  const found = useQuery(issueEvent(org, issue, asked, search));
  const event = found.isError ? undefined : found.data;
  const isBehind = found.isPlaceholderData;
  const steps = useEventSteps(org, issue, asked, search, isBehind ? undefined : event);
  if (found.isError) {
    const isNone = found.error instanceof ApiFault && found.error.status === 404;
    return isNone ? (
      <Suspense>
        <NoEvents search={search} />
      </Suspense>
    ) : (
      <ErrorBox error={found.error} retry={() => void found.refetch()} />
    );
  }
  if (!event) return <SkeletonBlock height={420} />;
  const sections = eventSections({ org, event, search, base });
  return (
    <>
      <EventBar
        org={org}
        issue={issue}
        event={event}
        isBehind={isBehind}
        search={search}
        steps={steps}
        sections={sections}
      />
      <div className="xl:grid xl:grid-cols-[minmax(0,1fr)_17rem]">
        <div className="min-w-0 max-md:pb-14">
          <Warnings event={event} />
          <Highlights event={event} search={search} base={base} />
          {sections.map(({ id, content }) => (
            <div key={id} className="border-t border-line">
              <Suspense fallback={<div className="h-40" />}>{content}</Suspense>
            </div>
          ))}
        </div>
        <aside className="border-line max-xl:border-t max-md:pb-14 xl:border-s">
          <Suspense>
            <TagsAside org={org} issue={issue} search={search} base={base} />
            <SimilarAside org={org} issue={issue} search={search} />
            <ActivityAside org={org} issue={issue} search={search} base={base} />
          </Suspense>
        </aside>
      </div>
    </>
  );
}
