import { useQuery } from "@tanstack/react-query";
import { Navigate, useMatches, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { MessageSquare } from "lucide-react";
import { lazy, Suspense } from "react";
import { ApiFault } from "../api/fault";
import { queryClient } from "../api/query-client";
import { useCommands } from "../commands";
import type { Search } from "../filters";
import { Page as PageFrame } from "../frame/page";
import { periodWords } from "../frame/periods";
import { useMay } from "../frame/session";
import { Count } from "../parts/count";
import { ErrorBox } from "../parts/error-box";
import { SkeletonBlock } from "../parts/skeleton";
import { Tabs } from "../parts/tabs";
import { useFilters } from "../use-filters";
import { t } from "../words";
import { EventFilter } from "./event-filter";
import { EventView } from "./event-view";
import { IssueActions, IssueFacts, IssueHeading, IssueTop, wordsOf } from "./issue-header";
import { eventSearch, issueDetail, issueEvent, issueIn, issueStats } from "./issue-queries";
import { eventLookup } from "./lookup-queries";
import { commentField, newComment } from "./new-comment";

// What is beside the event comes after it.
const IssueTrend = lazy(async () => ({ default: (await import("./issue-trend")).IssueTrend }));
const trendPlace = <div className="h-17 w-96 max-w-full max-md:w-full" />;
const EventsTab = lazy(async () => ({ default: (await import("./events-tab")).EventsTab }));
const PeopleTab = lazy(async () => ({ default: (await import("./people-tab")).PeopleTab }));
const ActivityTab = lazy(async () => ({ default: (await import("./activity-tab")).ActivityTab }));
const MergedTab = lazy(async () => ({ default: (await import("./merged-tab")).MergedTab }));
const TagsTab = lazy(async () => ({ default: (await import("./tags-tab")).TagsTab }));

const isId = (text: string) => /^\d{1,15}$/.test(text);
const isEventId = (text: string) => /^[\da-f]{32}$/i.test(text);

export function prefetch(
  { org = "", issue = "", event }: Record<string, string>,
  search: Search,
): void {
  if (!isId(issue)) return;
  void queryClient.prefetchQuery(issueDetail(org, issue));
  void queryClient.prefetchQuery(issueStats(org, issue, search));
  void queryClient.prefetchQuery(issueEvent(org, issue, event ?? "latest", search));
}

/** An issue: found by its id, or by what else an address may say, which then gives way to the id. */
export function Page() {
  const { org = "", issue = "" } = useParams({ strict: false }) as { org?: string; issue?: string };
  if (isEventId(issue)) return <IssueOfEvent org={org} event={issue.toLowerCase()} />;
  return <IssueById key={issue} org={org} issue={issue} />;
}

function IssueOfEvent({ org, event }: { org: string; event: string }) {
  const search = useSearch({ strict: false }) as Search;
  const found = useQuery(eventLookup(org, event));
  if (found.data) {
    const { groupId, eventId } = found.data;
    return <Navigate to={`/${org}/issues/${groupId}/events/${eventId}`} search={search} replace />;
  }
  return (
    <PageFrame title={t("Event {id}", { id: event.slice(0, 8) })}>
      {found.isError ? (
        <ErrorBox error={found.error} retry={() => void found.refetch()} />
      ) : (
        <SkeletonBlock />
      )}
    </PageFrame>
  );
}

function useTab(): "event" | "events" | "tags" | "people" | "activity" | "merged" {
  const path = useMatches().at(-1)?.fullPath.replace(/\/$/, "") ?? "";
  const tabs = ["events", "tags", "people", "activity", "merged"] as const;
  return tabs.find((tab) => path.endsWith(`/${tab}`)) ?? "event";
}

/** To the field for a comment, on this tab or on that of what happened. */
function useCommentKey(base: string, search: Search, isOff: boolean): void {
  const navigate = useNavigate();
  useCommands([
    {
      id: "issue.comment",
      title: t("Comment"),
      keys: "r",
      group: t("This issue"),
      icon: MessageSquare,
      disabled: isOff,
      run: () => {
        const field = commentField();
        if (field) field.focus();
        else void navigate({ to: `${base}/activity`, search, hash: newComment });
      },
    },
  ]);
}

function IssueById({ org, issue: asked }: { org: string; issue: string }) {
  const { event: askedEvent } = useParams({ strict: false }) as { event?: string };
  const { search, filters, setFilters } = useFilters();
  const tab = useTab();
  const found = useQuery(issueDetail(org, asked));
  const issue = found.data;
  const eventId = askedEvent ?? "latest";
  const isShort = issue !== undefined && issue.id !== asked;
  const event = useQuery({
    ...issueEvent(org, issue?.id ?? asked, eventId, search),
    enabled: issue !== undefined && !isShort && tab === "event",
  });
  const stats = useQuery({
    ...issueStats(org, issue?.id ?? asked, search),
    enabled: issue !== undefined && !isShort,
  });
  const { environments } = filters;
  const inEnvironments = useQuery({
    ...issueIn(org, issue?.id ?? asked, environments),
    enabled: issue !== undefined && !isShort && environments.length > 0,
  });
  const mayComment = useMay(org, "event:write") ?? false;
  useCommentKey(`/${org}/issues/${issue?.id ?? asked}`, search, !issue || !mayComment);
  const isNarrowed = Object.keys(eventSearch(search)).some((name) => name !== "query");
  if (isShort) {
    const rest = askedEvent ? `/events/${askedEvent}` : tab === "event" ? "" : `/${tab}`;
    return <Navigate to={`/${org}/issues/${issue.id}${rest}`} search={search} replace />;
  }
  if (found.isError && !issue) {
    return (
      <PageFrame
        title={t("Issue")}
        above={<IssueTop org={org} issue={undefined} search={search} />}
      >
        <ErrorBox error={found.error} retry={() => void found.refetch()} />
      </PageFrame>
    );
  }
  if (!issue) {
    return (
      <PageFrame
        title={t("Issue")}
        above={<IssueTop org={org} issue={undefined} search={search} />}
      >
        <SkeletonBlock height={420} />
      </PageFrame>
    );
  }
  const base = `/${org}/issues/${issue.id}`;
  const refused =
    event.error instanceof ApiFault && event.error.status === 400 ? event.error.detail : undefined;
  const { type, message } = wordsOf(issue);
  return (
    <PageFrame
      title={[`${type}${message && `: ${message}`}`.slice(0, 120), issue.project.slug].join(", ")}
      heading={<IssueHeading issue={issue} />}
      above={<IssueTop org={org} issue={issue} search={search} />}
      actions={<IssueActions org={org} issue={issue} />}
      below={
        <>
          <div className="flex flex-wrap items-end justify-between gap-x-8 gap-y-2 px-4 pb-3">
            <IssueFacts
              issue={issue}
              event={event.data}
              inFilter={isNarrowed ? stats.data : undefined}
              inEnvironments={environments.length > 0 ? inEnvironments.data : undefined}
            />
            <Suspense fallback={trendPlace}>
              {stats.data ? (
                <IssueTrend
                  events={pointsOf(stats.data.series)}
                  people={pointsOf(stats.data.people)}
                  intervalSeconds={stats.data.intervalSeconds}
                  label={periodWords(filters)}
                  eventAt={event.data && Date.parse(event.data.dateCreated)}
                  zoom={(start, end) =>
                    setFilters({
                      statsPeriod: undefined,
                      start: start.toISOString(),
                      end: end.toISOString(),
                    })
                  }
                />
              ) : (
                trendPlace
              )}
            </Suspense>
          </div>
          <Tabs
            label={t("Of this issue")}
            tabs={[
              { label: t("Event"), to: base, search, isCurrent: tab === "event" },
              {
                label: t("All events"),
                to: `${base}/events`,
                search,
                isCurrent: tab === "events",
                count: <Count value={Number(issue.count)} />,
              },
              { label: t("Tags"), to: `${base}/tags`, search, isCurrent: tab === "tags" },
              {
                label: t("People"),
                to: `${base}/people`,
                search,
                isCurrent: tab === "people",
                ...(issue.userCount > 0 && { count: <Count value={issue.userCount} /> }),
              },
              {
                label: t("Activity"),
                to: `${base}/activity`,
                search,
                isCurrent: tab === "activity",
                ...(issue.numComments > 0 && { count: <Count value={issue.numComments} /> }),
              },
              { label: t("Merged"), to: `${base}/merged`, search, isCurrent: tab === "merged" },
            ]}
          />
          {(tab === "event" || tab === "events") && <EventFilter org={org} refused={refused} />}
        </>
      }
    >
      {tab === "event" && (
        <EventView org={org} issue={issue.id} event={eventId} search={search} base={base} />
      )}
      <Suspense fallback={<SkeletonBlock height={420} />}>
        {tab === "events" && <EventsTab org={org} issue={issue.id} search={search} />}
        {tab === "tags" && <TagsTab org={org} issue={issue.id} search={search} base={base} />}
        {tab === "people" && <PeopleTab org={org} issue={issue.id} search={search} base={base} />}
        {tab === "merged" && <MergedTab org={org} issue={issue.id} />}
        {tab === "activity" && <ActivityTab org={org} issue={issue.id} />}
      </Suspense>
    </PageFrame>
  );
}

const pointsOf = (series: unknown[][]): [number, number][] =>
  series.map(([at, count]) => [Number(at), Number(count)]);
