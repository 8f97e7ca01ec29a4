import { Link } from "@tanstack/react-router";
import { BellOff, Check, ChevronLeft, Link2, RotateCcw } from "lucide-react";
import { useState } from "react";
import { useCommands } from "../commands";
import { type Search, sharedPart } from "../filters";
import { Badge } from "../parts/badge";
import { Button } from "../parts/button";
import { classes } from "../parts/classes";
import { Copy, copyText } from "../parts/copy";
import { Count } from "../parts/count";
import { Level } from "../parts/level";
import { Time } from "../parts/time";
import { plural, t } from "../words";
import type { Issue, IssueEvent, Status } from "./issue-queries";

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
  return (
    <nav
      aria-label={t("Where this is")}
      className="flex min-h-9 flex-wrap items-center gap-x-3 px-4 pt-3 text-muted"
    >
      <Link
        to={`/${org}/issues`}
        search={sharedPart(search)}
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
      <span className="min-w-0" dir="auto">
        {type.slice(0, headingChars)}
      </span>
    </span>
  );
}

/** Of an exception its type and its message, of everything else its title. */
export function wordsOf(issue: Issue): { type: string; message: string } {
  const metadata = new Map(Object.entries(issue.metadata));
  const type = metadata.get("type");
  return type && issue.type === "error"
    ? { type, message: metadata.get("value") ?? "" }
    : { type: issue.title, message: "" };
}

/** Resolve, mute, and back; their keys, and what one copies. */
export function IssueActions({
  issue,
  setStatus,
}: {
  issue: Issue;
  setStatus: (status: Status, words: string) => void;
}) {
  const { status, shortId } = issue;
  const resolve = () =>
    status === "resolved"
      ? setStatus("unresolved", t("{id} is open again", { id: shortId }))
      : setStatus("resolved", t("{id} resolved", { id: shortId }));
  const mute = () =>
    status === "ignored"
      ? setStatus("unresolved", t("{id} is no longer muted", { id: shortId }))
      : setStatus("ignored", t("{id} muted", { id: shortId }));
  const group = t("This issue");
  const copyLink = () => void copyText(issue.permalink, t("Link"));
  const [resolveWords, muteWords] = [
    status === "resolved" ? t("Reopen") : t("Resolve"),
    status === "ignored" ? t("Unmute") : t("Mute"),
  ];
  useCommands([
    { id: "issue.resolve", title: resolveWords, keys: "e", group, icon: Check, run: resolve },
    { id: "issue.mute", title: muteWords, keys: "m", group, icon: BellOff, run: mute },
    { id: "issue.copy", title: t("Copy link"), keys: "c", group, icon: Link2, run: copyLink },
  ]);
  return (
    <>
      <Button
        kind={status === "resolved" ? "plain" : "primary"}
        icon={status === "resolved" ? RotateCcw : Check}
        keys="e"
        onClick={resolve}
      >
        {resolveWords}
      </Button>
      <Button icon={BellOff} keys="m" onClick={mute}>
        {muteWords}
      </Button>
      <Button kind="quiet" icon={Link2} iconOnly keys="c" onClick={copyLink}>
        {t("Copy link")}
      </Button>
    </>
  );
}

const foldedChars = 400;

export function IssueFacts({ issue, event }: { issue: Issue; event: IssueEvent | undefined }) {
  const { message } = wordsOf(issue);
  // The issue keeps the message of its first event; each event has its own.
  const shown = event?.metadata["value"];
  const text = typeof shown === "string" && message !== "" ? shown : message;
  const count = Number(issue.count);
  return (
    <div className="grid min-w-0 flex-1 basis-80 gap-1.5">
      {text !== "" && <Message text={text} />}
      {issue.culprit && (
        <p className="font-mono text-xs text-muted" dir="ltr">
          {issue.culprit.slice(0, headingChars)}
        </p>
      )}
      <ul className="flex flex-wrap items-center gap-x-4 gap-y-1 text-muted">
        {issue.status !== "unresolved" && (
          <li>
            <Badge tone={issue.status === "resolved" ? "ok" : "neutral"}>
              {issue.status === "resolved" ? t("resolved") : t("muted")}
            </Badge>
          </li>
        )}
        <li>
          <Count value={count} /> {count === 1 ? t("event") : t("events")}
          {event?.total !== null && event?.total !== undefined && event.total < count && (
            <span>{t(", {n} of them in this filter", { n: event.total })}</span>
          )}
        </li>
        {issue.userCount > 0 && <li>{plural(issue.userCount, t("person"), t("people"))}</li>}
        <li>
          {t("first")} <Time at={issue.firstSeen} />
        </li>
        <li>
          {t("last")} <Time at={issue.lastSeen} />
        </li>
      </ul>
    </div>
  );
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
