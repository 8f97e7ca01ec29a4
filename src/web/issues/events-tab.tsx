import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowDownToLine } from "lucide-react";
import type { Search } from "../filters";
import { Button } from "../parts/button";
import { ErrorBox } from "../parts/error-box";
import { SkeletonRows } from "../parts/skeleton";
import { Table } from "../parts/table";
import { Time } from "../parts/time";
import { t } from "../words";
import { personOf } from "./event-highlights";
import { eventsCsvPath, issueEvents } from "./issue-queries";
import { NoEvents } from "./no-events";

const messageChars = 200;

/** Events of an issue inside the filter, newest first. */
export function EventsTab({ org, issue, search }: { org: string; issue: string; search: Search }) {
  const events = useInfiniteQuery(issueEvents(org, issue, search));
  if (events.isPending) return <SkeletonRows height="var(--row-small)" />;
  if (events.isError) return <ErrorBox error={events.error} retry={() => void events.refetch()} />;
  const rows = events.data.pages.flatMap(({ rows: some }) => some);
  if (rows.length === 0 && !events.hasNextPage) return <NoEvents search={search} />;
  return (
    <div className={events.isPlaceholderData ? "opacity-60" : ""}>
      <div className="flex justify-end px-4 pt-2" data-print="no">
        <a
          href={eventsCsvPath(org, issue, search)}
          download
          title={t("Up to 10,000 events of this filter, for a spreadsheet")}
          className="quiet inline-flex min-h-8 items-center gap-1.5 text-muted hover:text-text max-md:min-h-11"
        >
          <ArrowDownToLine size={15} aria-hidden />
          {t("Download as CSV")}
        </a>
      </div>
      <Table
        label={t("Events")}
        rows={rows}
        keyOf={({ eventID }) => eventID}
        columns={[
          {
            label: t("Event"),
            cell: ({ eventID }) => (
              <EventLink org={org} issue={issue} id={eventID} search={search} />
            ),
          },
          { label: t("Time"), cell: ({ dateCreated }) => <Time at={dateCreated} absolute /> },
          {
            label: t("Message"),
            cell: ({ message }) => (
              <span className="line-clamp-1 min-w-48" dir="auto">
                {message.slice(0, messageChars)}
              </span>
            ),
          },
          { label: t("Environment"), wideOnly: true, cell: ({ environment }) => environment },
          {
            label: t("Release"),
            wideOnly: true,
            cell: ({ release }) => (
              <span className="block max-w-40 truncate" title={release?.slice(0, 300)}>
                {release}
              </span>
            ),
          },
          {
            label: t("User"),
            wideOnly: true,
            cell: ({ user }) => <span className="block max-w-48 truncate">{personOf(user)}</span>,
          },
        ]}
      />
      {events.hasNextPage && (
        <div className="p-4 text-center">
          <Button busy={events.isFetchingNextPage} onClick={() => void events.fetchNextPage()}>
            {t("Show older events")}
          </Button>
        </div>
      )}
    </div>
  );
}

const EventLink = ({
  org,
  issue,
  id,
  search,
}: {
  org: string;
  issue: string;
  id: string;
  search: Search;
}) => (
  <Link to={`/${org}/issues/${issue}/events/${id}`} search={search} className="font-mono text-xs">
    {id.slice(0, 8)}
  </Link>
);
