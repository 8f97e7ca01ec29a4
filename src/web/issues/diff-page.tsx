import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { ArrowLeftRight } from "lucide-react";
import { useMemo, useState } from "react";
import type { PairDiff } from "../../protocol/pairs-diff";
import { useCommands } from "../commands";
import type { Search } from "../filters";
import { Page as PageFrame } from "../frame/page";
import { Button } from "../parts/button";
import { Empty } from "../parts/empty";
import { ErrorBox } from "../parts/error-box";
import { Check } from "../parts/field";
import { SkeletonBlock } from "../parts/skeleton";
import { Time } from "../parts/time";
import { plural, t } from "../words";
import { FramesDiff, PairsDiff } from "./diff-rows";
import { changesIn, type EventDiff, eventDiff } from "./event-diff";
import { IssueTop } from "./issue-header";
import { type IssueEvent, issueDetail, issueEvent } from "./issue-queries";

/** What differs between two events of an issue, side by side; what is equal is folded. */
export function Page() {
  const {
    org = "",
    issue = "",
    pair = "",
  } = useParams({ strict: false }) as { org?: string; issue?: string; pair?: string };
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const [before = "", after = ""] = pair.split("...", 2);
  const found = useQuery(issueDetail(org, issue));
  const one = useQuery(issueEvent(org, issue, before, {}));
  const other = useQuery(issueEvent(org, issue, after, {}));
  const base = `/${org}/issues/${issue}`;
  const compare = (a: string, b: string) =>
    void navigate({ to: `${base}/diff/${a}...${b}`, search, replace: true });
  const [isAll, setAll] = useState(false);
  const group = t("This comparison");
  useCommands([
    {
      id: "diff.back",
      title: t("Back to the event"),
      keys: "d, escape",
      group,
      run: () => void navigate({ to: `${base}/events/${after}`, search }),
    },
    {
      id: "diff.swap",
      title: t("Swap sides"),
      keys: "s",
      group,
      run: () => compare(after, before),
    },
    { id: "diff.all", title: t("Show what is equal"), keys: "v", group, run: () => setAll(!isAll) },
    {
      id: "diff.older",
      title: t("Compare with an older event"),
      keys: "h",
      group,
      disabled: !one.data?.previousEventID,
      run: () => compare(one.data?.previousEventID ?? before, after),
    },
    {
      id: "diff.newer",
      title: t("Compare with a newer event"),
      keys: "l",
      group,
      disabled: !one.data?.nextEventID,
      run: () => compare(one.data?.nextEventID ?? before, after),
    },
    {
      id: "diff.first",
      title: t("Compare with the oldest event"),
      keys: "shift+h",
      group,
      run: () => compare("oldest", after),
    },
  ]);
  const failed = [one, other].find(({ isError }) => isError);
  const isReady = one.data && other.data && !one.isPlaceholderData && !other.isPlaceholderData;
  return (
    <PageFrame
      title={found.data ? t("Two events of {id}", { id: found.data.shortId }) : t("Two events")}
      above={<IssueTop org={org} issue={found.data} search={search} />}
      actions={
        <>
          <Check label={t("Show what is equal")} checked={isAll} onChange={() => setAll(!isAll)} />
          <Button icon={ArrowLeftRight} keys="s" onClick={() => compare(after, before)}>
            {t("Swap")}
          </Button>
          <Button onClick={() => compare("oldest", after)}>{t("With the oldest")}</Button>
        </>
      }
    >
      {failed ? (
        <ErrorBox error={failed.error} retry={() => void failed.refetch()} />
      ) : isReady ? (
        <Comparison
          before={one.data}
          after={other.data}
          base={base}
          search={search}
          isAll={isAll}
        />
      ) : (
        <SkeletonBlock height={420} />
      )}
    </PageFrame>
  );
}

type PairsPart = {
  [K in keyof EventDiff]: EventDiff[K] extends PairDiff[] ? K : never;
}[keyof EventDiff];
const pairParts: [PairsPart, () => string][] = [
  ["tags", () => t("Tags")],
  ["user", () => t("User")],
  ["request", () => t("Request")],
  ["contexts", () => t("Contexts")],
  ["extra", () => t("Extra")],
  ["packages", () => t("Packages")],
];

function Comparison({
  before,
  after,
  base,
  search,
  isAll,
}: {
  before: IssueEvent;
  after: IssueEvent;
  base: string;
  search: Search;
  isAll: boolean;
}) {
  const found = useMemo(() => eventDiff(before, after), [before, after]);
  const trace = found.exceptions.map(
    (one) => one.frames.filter(({ kind }) => kind !== "same").length,
  );
  const changes =
    changesIn(found.facts) +
    trace.reduce((sum, count) => sum + count, 0) +
    pairParts.reduce((sum, [part]) => sum + changesIn(found[part]), 0);
  return (
    <div className="pb-8">
      <div className="grid gap-2 border-y border-line bg-sunken px-4 py-2 md:sticky md:top-0 md:z-20 md:grid-cols-2">
        <Side event={before} base={base} search={search} sign="−" />
        <Side event={after} base={base} search={search} sign="+" />
      </div>
      <p className="px-4 pt-3 text-muted" role="status">
        {changes === 0
          ? t("These events say the same.")
          : plural(changes, t("difference"), t("differences"))}
      </p>
      <DiffSection title={t("Event")} count={changesIn(found.facts)} isAll={isAll}>
        <PairsDiff pairs={found.facts} isAll={isAll} label={t("Event")} />
      </DiffSection>
      {found.exceptions.map(({ title, frames }, index) => (
        <DiffSection
          key={index}
          title={(title.after ?? title.before ?? "").slice(0, 200) || t("Trace")}
          count={(trace[index] ?? 0) + (title.kind === "same" ? 0 : 1)}
          isAll={isAll}
          hasFolded
        >
          {title.kind !== "same" && (
            <PairsDiff pairs={[title]} isAll={isAll} label={t("Exception")} />
          )}
          <FramesDiff frames={frames} isAll={isAll} />
        </DiffSection>
      ))}
      {pairParts.map(([part, words]) => (
        <DiffSection key={part} title={words()} count={changesIn(found[part])} isAll={isAll}>
          <PairsDiff pairs={found[part]} isAll={isAll} label={words()} />
        </DiffSection>
      ))}
      {changes === 0 && !isAll && (
        <Empty>{t("Only their ids and times differ. What is equal is folded.")}</Empty>
      )}
    </div>
  );
}

function Side({
  event,
  base,
  search,
  sign,
}: {
  event: IssueEvent;
  base: string;
  search: Search;
  sign: string;
}) {
  const release = event.tags.find(({ key }) => key === "release")?.value;
  return (
    <p className="flex min-w-0 flex-wrap items-baseline gap-x-3">
      <span aria-hidden className={`font-mono ${sign === "+" ? "text-ok" : "text-danger"}`}>
        {sign}
      </span>
      <Link to={`${base}/events/${event.eventID}`} search={search} className="font-mono text-xs">
        {event.eventID.slice(0, 8)}
      </Link>
      <Time at={event.dateCreated} absolute />
      {release && <span className="max-w-60 truncate text-muted">{release}</span>}
    </p>
  );
}

/** Parts without a difference are left out, unless everything is asked for. */
function DiffSection({
  title,
  count,
  isAll,
  hasFolded,
  children,
}: {
  title: string;
  count: number;
  isAll: boolean;
  hasFolded?: boolean;
  children: React.ReactNode;
}) {
  if (count === 0 && !isAll && !hasFolded) return null;
  return (
    <section aria-label={title} className="px-4 pt-4">
      <h2 className="mb-2 text-base">
        {title}
        <span className="numbers ms-2 font-normal text-muted">
          {count === 0 ? t("equal") : count}
        </span>
      </h2>
      {children}
    </section>
  );
}
