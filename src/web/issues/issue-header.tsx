import { Link } from "@tanstack/react-router";
import { BellOff, Check, ChevronLeft, Link2, Trash2 } from "lucide-react";
import { lazy, Suspense, useMemo, useState } from "react";
import type { Schema } from "../api/client";
import { mayBeRefused, type Status, type StatusChange, setStatus } from "../api/undo";
import { useCommands } from "../commands";
import { type Search, sharedPart } from "../filters";
import { useMay } from "../frame/session";
import { Badge, type Tone } from "../parts/badge";
import { Button } from "../parts/button";
import { classes } from "../parts/classes";
import { Copy, copyText } from "../parts/copy";
import { Count } from "../parts/count";
import { Level } from "../parts/level";
import { Time } from "../parts/time";
import { showError, showToast } from "../parts/toasts";
import { t } from "../words";
import { cameFrom } from "./came-from";
import type { Issue, IssueEvent } from "./issue-queries";
import { StatusButtons } from "./status-buttons";
import { inNextRelease, isReview } from "./status-kinds";
import { useLastChange } from "./use-last-change";

const ListSteps = lazy(async () => ({ default: (await import("./list-steps")).ListSteps }));

/** The way back to the list, with the filters that lists share. */
export function IssueTop({
  org,
  issue,
  search,
}: {
  org: string;
  issue: Issue | undefined;
  search: Search;
}) {
  const list = useMemo(() => cameFrom(org), [org]);
  const isOfList = issue !== undefined && list?.ids.includes(issue.id) === true;
  return (
    <nav
      aria-label={t("Where this is")}
      className="flex min-h-9 flex-wrap items-center gap-x-3 px-4 pt-3 text-muted"
    >
      <Link
        to={`/${org}/issues`}
        search={isOfList ? list.search : sharedPart(search)}
        className="quiet inline-flex items-center hover:text-text max-md:min-h-11"
      >
        <ChevronLeft size={15} className="-ms-1 rtl:-scale-x-100" aria-hidden />
        {t("Issues")}
      </Link>
      {issue && (
        <>
          <span className="inline-flex items-center">
            <span className="font-mono text-xs">{issue.shortId}</span>
            <Copy text={issue.shortId} label={t("Short id")} iconOnly small />
          </span>
          <Link
            to={`/${org}/issues`}
            search={{ project: issue.project.id }}
            className="quiet inline-flex min-h-6 min-w-0 items-center truncate hover:text-text max-md:min-h-11"
          >
            {issue.project.name || issue.project.slug}
          </Link>
          {isOfList && (
            <Suspense>
              <ListSteps org={org} issue={issue.id} list={list} search={search} />
            </Suspense>
          )}
        </>
      )}
    </nav>
  );
}

const headingChars = 300;

/** What kind of thing went wrong; the message stands below it. */
export function IssueHeading({ issue }: { issue: Issue }) {
  const { type } = wordsOf(issue);
  return (
    <span className="flex items-baseline gap-2">
      <span className="text-base">
        <Level level={issue.level} />
      </span>
      <span className="min-w-0">
        <bdi>{type.slice(0, headingChars)}</bdi>
      </span>
    </span>
  );
}

/** Of an exception its type and its message, of everything else its title. */
export function wordsOf(issue: Pick<Issue, "metadata" | "type" | "title">): {
  type: string;
  message: string;
} {
  const metadata = new Map(Object.entries(issue.metadata));
  const type = metadata.get("type");
  return type && issue.type === "error"
    ? { type, message: metadata.get("value") ?? "" }
    : { type: issue.title, message: "" };
}

const changedWords: Record<Status, (id: string) => string> = {
  resolved: (id) => t("{id} resolved", { id }),
  ignored: (id) => t("{id} muted", { id }),
  unresolved: (id) => t("{id} is open again", { id }),
};

/** Seen at once, taken back where it fails, and undone by `u`. Faults as the API does. */
async function setOne(org: string, { id, shortId }: Issue, change: StatusChange): Promise<void> {
  const text = isReview(change)
    ? t("{id} reviewed", { id: shortId })
    : changedWords[change.status](shortId);
  const { done, undo } = setStatus(org, { ids: [id] }, change, () => text);
  const say = () => showToast({ text, undo: () => void undo().catch(showError) });
  if (!mayBeRefused(change)) say();
  await done;
  if (mayBeRefused(change)) say();
}

const StatusLine = lazy(async () => ({ default: (await import("./status-line")).StatusLine }));

const IssuePriority = lazy(async () => ({
  default: (await import("./issue-priority")).IssuePriority,
}));

const IssueButtons = lazy(async () => ({
  default: (await import("./issue-buttons")).IssueButtons,
}));
const DeleteDialog = lazy(async () => ({
  default: (await import("./delete-dialog")).DeleteDialog,
}));

/** Resolve, mute, and back, delete; their keys, and what one copies. */
export function IssueActions({ org, issue }: { org: string; issue: Issue }) {
  const [isDeleting, setDeleting] = useState(false);
  const mayWrite = useMay(org, "event:write") ?? false;
  const mayDelete = useMay(org, "event:admin") ?? false;
  const { status } = issue;
  const set = (change: StatusChange) => setOne(org, issue, change);
  const now = (change: StatusChange) => void set(change).catch(showError);
  const resolve = () => now({ status: status === "resolved" ? "unresolved" : "resolved" });
  const mute = () => now({ status: status === "ignored" ? "unresolved" : "ignored" });
  const group = t("This issue");
  useLastChange(org);
  const copyLink = () => void copyText(issue.permalink, t("Link"));
  const [resolveWords, muteWords] = [
    status === "resolved" ? t("Reopen") : t("Resolve"),
    status === "ignored" ? t("Unmute") : t("Mute"),
  ];
  useCommands([
    {
      id: "issue.resolve",
      title: resolveWords,
      keys: "e",
      group,
      icon: Check,
      disabled: !mayWrite,
      run: resolve,
    },
    {
      id: "issue.mute",
      title: muteWords,
      keys: "m",
      group,
      icon: BellOff,
      disabled: !mayWrite,
      run: mute,
    },
    {
      id: "issue.resolve-next",
      title: t("Resolve in the next release"),
      keys: "shift+e",
      group,
      disabled: !mayWrite,
      run: () => now(inNextRelease),
    },
    { id: "issue.copy", title: t("Copy link"), keys: "c", group, icon: Link2, run: copyLink },
    {
      id: "issue.delete",
      title: t("Delete"),
      keys: "#",
      group,
      icon: Trash2,
      disabled: !mayDelete,
      run: () => setDeleting(true),
    },
  ]);
  return (
    <>
      {mayWrite && <StatusButtons issue={issue} set={set} />}
      <Suspense fallback={<span className="h-8 w-52 max-md:h-11" />}>
        <IssueButtons org={org} issue={issue} mayWrite={mayWrite} />
      </Suspense>
      <Suspense>
        <IssuePriority org={org} issue={issue} mayWrite={mayWrite} />
      </Suspense>
      <Button kind="quiet" icon={Link2} iconOnly keys="c" onClick={copyLink}>
        {t("Copy link")}
      </Button>
      {mayDelete && (
        <Button kind="quiet" icon={Trash2} iconOnly keys="#" onClick={() => setDeleting(true)}>
          {t("Delete")}
        </Button>
      )}
      {isDeleting && (
        <Suspense>
          <DeleteDialog org={org} issue={issue} close={() => setDeleting(false)} />
        </Suspense>
      )}
    </>
  );
}

const foldedChars = 400;

type Numbers = Pick<Schema<"IssueStats">, "count" | "userCount">;

/** What was said, where, and how often: inside the filter where there is one, and in all. */
export function IssueFacts({
  issue,
  event,
  inFilter,
  inEnvironments,
}: {
  issue: Issue;
  event: IssueEvent | undefined;
  /** Numbers of a period or of environments, where such are asked for. */
  inFilter: Numbers | undefined;
  /** When it was there first and last in these environments, whatever the period. */
  inEnvironments: Pick<Issue, "firstSeen" | "lastSeen"> | undefined;
}) {
  const { message } = wordsOf(issue);
  // The issue keeps the message of its first event; each event has its own.
  const shown = event?.metadata["value"];
  const text = typeof shown === "string" && message !== "" ? shown : message;
  return (
    <div className="grid min-w-0 flex-1 basis-80 gap-1.5">
      {text !== "" && <Message text={text} />}
      {issue.culprit && (
        <p className="font-mono text-xs text-muted" dir="ltr">
          {issue.culprit.slice(0, headingChars)}
        </p>
      )}
      {issue.substatus !== "new" && issue.substatus !== "ongoing" && (
        <Suspense>
          <StatusLine issue={issue} />
        </Suspense>
      )}
      <ul className="flex flex-wrap items-center gap-x-4 gap-y-1 text-muted">
        <Badges issue={issue} />
        <InNumbers
          all={Number(issue.count)}
          inFilter={inFilter && Number(inFilter.count)}
          one={t("event")}
          many={t("events")}
        />
        {issue.userCount > 0 && (
          <InNumbers
            all={issue.userCount}
            inFilter={inFilter?.userCount}
            one={t("person")}
            many={t("people")}
          />
        )}
        <li>
          {t("first")} <Time at={(inEnvironments ?? issue).firstSeen} />
        </li>
        <li>
          {t("last")} <Time at={(inEnvironments ?? issue).lastSeen} />
        </li>
      </ul>
    </div>
  );
}

function InNumbers({
  all,
  inFilter,
  one,
  many,
}: {
  all: number;
  inFilter: number | undefined;
  one: string;
  many: string;
}) {
  return (
    <li>
      {inFilter === undefined ? (
        <Count value={all} />
      ) : (
        <>
          <span className="font-medium text-text">
            <Count value={inFilter} />
          </span>{" "}
          {t("of")} <Count value={all} />
        </>
      )}{" "}
      {all === 1 ? one : many}
    </li>
  );
}

function Badges({ issue }: { issue: Issue }) {
  const badges: [words: string, tone: Tone][] = [
    ...(issue.status === "resolved" ? [[t("resolved"), "ok"] as [string, Tone]] : []),
    ...(issue.status === "ignored" ? [[t("muted"), "neutral"] as [string, Tone]] : []),
    ...(issue.substatus === "regressed" ? [[t("regressed"), "warn"] as [string, Tone]] : []),
    ...(issue.substatus === "escalating" ? [[t("escalating"), "warn"] as [string, Tone]] : []),
    ...(issue.isUnhandled ? [[t("unhandled"), "danger"] as [string, Tone]] : []),
  ];
  return badges.map(([words, tone]) => (
    <li key={words}>
      <Badge tone={tone}>{words}</Badge>
    </li>
  ));
}

function Message({ text }: { text: string }) {
  const [isWhole, setWhole] = useState(false);
  const isLong = text.length > foldedChars || text.split("\n", 5).length > 4;
  return (
    <div>
      <p
        dir="auto"
        className={classes(
          "text-base whitespace-pre-wrap",
          isLong && !isWhole && "line-clamp-4",
          isWhole && "max-h-96 overflow-y-auto",
        )}
      >
        {text}
      </p>
      {isLong && (
        <Button
          kind="quiet"
          small
          aria-expanded={isWhole}
          onClick={() => setWhole(!isWhole)}
          className="-ms-2"
        >
          {isWhole ? t("Less") : t("All of it")}
        </Button>
      )}
    </div>
  );
}
